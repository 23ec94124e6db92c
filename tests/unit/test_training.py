"""Training on one fold, model files, and blocks of arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_trainings import IMAGES, ROLES, SIGNALS, images, run, signals, weights

from serflow.errors import UserError
from serflow.networks import gpus, supply
from serflow.networks.arrays import Blocks
from serflow.networks.determinism import choose_device
from serflow.networks.fitting import Material, batches, columns
from serflow.networks.modelfile import load, predict, save
from serflow.networks.objectives import Classification
from serflow.networks.supply import Resident
from serflow.networks.training import train


@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_learns_what_can_be_learned(settings: dict[str, Any]) -> None:
    trained, rows = run({**settings, "epochs": 12})
    labels = images()[1][ROLES == "test"]
    assert trained.probabilities.shape == (8, 2)
    assert trained.probabilities.dtype == np.float64
    np.testing.assert_allclose(trained.probabilities.sum(axis=1), 1)
    assert set(labels) == {0, 1}
    assert (trained.probabilities.argmax(axis=1) == labels).all()
    assert [row["epoch"] for row in rows] == list(range(1, 13))
    assert all(set(row) == set(columns(Classification())) for row in rows)
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]
    assert rows[-1]["validation_uar"] == 1


@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_same_seed_same_bits_other_seed_other_bits(settings: dict[str, Any]) -> None:
    first, first_rows = run(settings)
    torch.rand(7)
    again, again_rows = run(settings)
    assert first.probabilities.tobytes() == again.probabilities.tobytes()
    assert first_rows == again_rows
    assert weights(first) == weights(again)
    assert first.probabilities.tobytes() != run(settings, seed=1)[0].probabilities.tobytes()


@pytest.mark.parametrize(("select", "refit"), [("last", False), ("best", True)])
@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_test_clips_and_their_labels_change_nothing_but_their_predictions(
    settings: dict[str, Any], select: str, refit: bool
) -> None:
    settings = {**settings, "select": select, "refit": refit}
    inputs, labels = images() if settings["family"] == "cnn2d" else signals()
    trained, rows = run(settings)
    inputs, labels, test = inputs.copy(), labels.copy(), ROLES == "test"
    inputs[test], labels[test] = 1, 0
    changed, changed_rows = run(settings, inputs=inputs, labels=labels)
    assert rows == changed_rows
    assert weights(trained) == weights(changed)


def test_validation_clips_do_not_train() -> None:
    inputs, _ = signals()
    trained, _ = run(SIGNALS)
    inputs[ROLES == "validation"] *= 3
    changed, _ = run(SIGNALS, inputs=inputs)
    assert trained.network.preprocessing == changed.network.preprocessing
    assert trained.probabilities.tobytes() == changed.probabilities.tobytes()


def test_best_keeps_the_epoch_of_the_best_validation_uar() -> None:
    settings = {**IMAGES, "select": "best", "learning_rate": 0.004}
    trained, rows = run(settings)
    ranks = [(row["validation_uar"], -row["validation_loss"]) for row in rows]
    assert trained.best_epoch == 1 + ranks.index(max(ranks))
    inputs, labels = images()
    validation = ROLES == "validation"
    right = predict(trained.network, inputs[validation]).argmax(axis=1) == labels[validation]
    recalls = [right[labels[validation] == label].mean() for label in (0, 1)]
    assert np.mean(recalls) == pytest.approx(max(ranks)[0])


@pytest.mark.parametrize("select", ["last", "best"])
def test_refit_is_a_network_of_training_and_validation_clips(select: str) -> None:
    settings = {**SIGNALS, "select": select, "refit": True}
    trained, rows = run(settings)
    first, first_rows = run({**settings, "refit": False})
    assert rows == first_rows
    assert trained.best_epoch == first.best_epoch
    assert trained.network.preprocessing != first.network.preprocessing
    if select == "last":
        together = np.where(ROLES == "validation", "train", ROLES)
        one = run({**settings, "refit": False}, roles=together)[0]
        assert trained.probabilities.tobytes() == one.probabilities.tobytes()


def test_last_keeps_the_last_epoch() -> None:
    assert run(IMAGES)[0].best_epoch == IMAGES["epochs"]


def test_without_validation_clips_the_columns_are_empty() -> None:
    roles = np.where(ROLES == "validation", "train", ROLES)
    rows = run(IMAGES, roles=roles)[1]
    assert rows[0]["validation_uar"] is None
    with pytest.raises(UserError, match="validation"):
        run({**IMAGES, "select": "best"}, roles=roles)


@pytest.mark.parametrize("role", ["train", "test"])
def test_fold_without_a_role_is_refused(role: str) -> None:
    with pytest.raises(UserError, match=f"no {role} clip"):
        run(IMAGES, roles=np.where(role == ROLES, "validation", ROLES))


@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_stored_network_gives_the_stored_predictions(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    trained, _ = run(settings)
    path = tmp_path / "model.safetensors"
    save(path, trained.network, {"fold": 2})
    network, metadata = load(path)
    inputs = (images() if settings["family"] == "cnn2d" else signals())[0]
    again = predict(network, inputs[ROLES == "test"])
    assert again.tobytes() == trained.probabilities.tobytes()
    assert metadata == {"fold": 2}
    assert network.classes == ["Calm", "Sad"]
    assert network.settings == settings
    assert network.preprocessing == trained.network.preprocessing
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]
    with pytest.raises(UserError, match="shape"):
        predict(network, inputs[..., :-1])


def test_model_file_is_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors"):
        save(tmp_path / name, run(IMAGES)[0].network, {})
    first, second = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert first == second


@pytest.mark.parametrize("change", ["setting", "weights"])
def test_networks_of_another_version_are_refused(change: str, tmp_path: Path) -> None:
    network = run({**IMAGES, "epochs": 1})[0].network
    if change == "setting":
        del network.settings["members"]
    else:
        network.settings["channels"] = [4, 7]
    save(tmp_path / "old.safetensors", network, {})
    with pytest.raises(UserError, match=r"old\.safetensors.*train it again"):
        load(tmp_path / "old.safetensors")


def test_other_files_are_not_taken_for_models(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(b"no model at all")
    with pytest.raises(UserError, match=r"x\.safetensors"):
        load(path)
    with pytest.raises(UserError, match=r"missing\.safetensors"):
        load(tmp_path / "missing.safetensors")


def test_cuda_without_a_gpu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto").type == "cpu"
    with pytest.raises(UserError, match="no GPU"):
        choose_device("cuda")
    with pytest.raises(UserError, match="tpu"):
        choose_device("tpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    monkeypatch.setattr(gpus, "mine", {4: 3}.__getitem__)
    assert choose_device("auto") == choose_device("cuda") == torch.device("cuda", 3)
    assert choose_device("cpu").type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU at hand")
@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_gpu_trains_and_its_model_predicts_on_the_cpu(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    trained, _ = run(settings, device="cuda")
    assert trained.device == "cuda"
    save(tmp_path / "m.safetensors", trained.network, {})
    inputs = (images() if settings["family"] == "cnn2d" else signals())[0]
    again = predict(load(tmp_path / "m.safetensors")[0], inputs[ROLES == "test"])
    assert again.tobytes() == trained.probabilities.tobytes()


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 5), min_size=1, max_size=6), data=st.data())
def test_blocks_index_like_their_concatenation(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("blocks")
    whole = np.arange(sum(sizes) * 6, dtype=np.float32).reshape(-1, 2, 3)
    paths = []
    for number, part in enumerate(np.split(whole, np.cumsum(sizes)[:-1])):
        paths.append(folder / f"{number}.npy")
        np.save(paths[-1], part)
    if not len(whole):
        with pytest.raises(UserError, match="no clip"):
            Blocks(paths)
        return
    blocks = Blocks(paths)
    rows = data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=12))
    assert blocks.shape == whole.shape
    assert len(blocks) == len(whole)
    assert np.array_equal(blocks[np.array(rows, int)], whole[np.array(rows, int)])
    order = np.array(data.draw(st.permutations(range(len(whole)))))
    assert np.array_equal(Blocks(paths, order)[np.array(rows, int)], whole[order][rows])


def test_training_from_blocks_is_training_from_an_array(tmp_path: Path) -> None:
    inputs, _ = signals()
    for name, part in zip("abc", np.split(inputs, [10, 30]), strict=True):
        np.save(tmp_path / f"{name}.npy", part)
    blocks = Blocks(sorted(tmp_path.iterdir()))
    whole, _ = run(SIGNALS)
    parts, _ = run(SIGNALS, inputs=blocks)
    assert whole.probabilities.tobytes() == parts.probabilities.tobytes()


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize("family", ["cnn2d", "cnn1d"])
def test_training_from_the_device_is_training_from_blocks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, family: str, refit: bool
) -> None:
    settings = {**(IMAGES if family == "cnn2d" else SIGNALS), "refit": refit, "epochs": 3}
    inputs = (images() if family == "cnn2d" else signals())[0]
    for name, part in zip("abc", np.split(inputs, [10, 30]), strict=True):
        np.save(tmp_path / f"{name}.npy", part)
    blocks = Blocks(sorted(tmp_path.iterdir()))
    streamed, rows = run(settings, inputs=blocks)
    made = []
    monkeypatch.setattr(supply, "free_bytes", lambda device: 2**30)
    monkeypatch.setattr(supply, "Resident", lambda *given: made.append(Resident(*given)) or made[0])
    resident, resident_rows = run(settings, inputs=blocks)
    assert len(made) == 1
    assert resident_rows == rows
    assert resident.probabilities.tobytes() == streamed.probabilities.tobytes()
    assert weights(streamed) == weights(resident)


def test_blocks_of_several_shapes_are_refused(tmp_path: Path) -> None:
    for number in (2, 3):
        np.save(tmp_path / f"{number}.npy", np.zeros((1, number)))
    with pytest.raises(UserError, match="several shapes"):
        Blocks(sorted(tmp_path.iterdir()))


def hopeless() -> np.ndarray:
    """Clips of which nothing can be learned for others: the best epoch comes early."""
    return np.random.default_rng(3).integers(0, 256, (48, 24, 20), dtype=np.uint8)


@pytest.mark.parametrize("select", ["best", "last"])
@pytest.mark.parametrize("patience", [1, 3])
def test_patience_stops_after_so_many_epochs_without_a_better_one(
    patience: int, select: str
) -> None:
    settings = {**IMAGES, "epochs": 40, "select": select, "schedule": "constant"}
    _, all_rows = run(settings, inputs=hopeless())
    trained, rows = run({**settings, "patience": patience}, inputs=hopeless())
    ranks = [(row["validation_uar"], -row["validation_loss"]) for row in all_rows]
    best, stop = 0, patience
    while (later := ranks.index(max(ranks[: stop + 1]))) > best:
        best, stop = later, later + patience
    assert len(rows) == stop + 1 < 40
    assert rows == all_rows[: stop + 1]
    assert trained.best_epoch == (best if select == "best" else stop) + 1


def test_refit_stops_at_the_epoch_that_patience_kept() -> None:
    settings = {**IMAGES, "epochs": 40, "select": "best", "patience": 2, "schedule": "constant"}
    trained, rows = run({**settings, "refit": True}, inputs=hopeless())
    assert trained.best_epoch == len(rows) - 2
    assert trained.epochs == 40
    alone = {**settings, "epochs": trained.best_epoch, "select": "last", "patience": None}
    together = np.where(ROLES == "validation", "train", ROLES)
    assert weights(trained) == weights(run(alone, inputs=hopeless(), roles=together)[0])


def test_patience_needs_validation_clips() -> None:
    roles = np.where(ROLES == "validation", "train", ROLES)
    with pytest.raises(UserError, match=r"a patience is set.*patience to null"):
        run({**IMAGES, "patience": 2}, roles=roles)


@pytest.mark.parametrize("copies", [1, 3])
def test_an_epoch_draws_each_training_clip_once_as_itself_or_as_a_copy(copies: int) -> None:
    train = np.array([0, 2, 5, 7])
    material = Material(Nothing(), train, train[:0], Classification(), copies=copies, stride=10)
    generator = torch.Generator().manual_seed(0)
    drawn = np.array([material.drawn(generator) for _ in range(300)])
    assert (np.sort(drawn % 10, axis=1) == train).all()
    assert len({tuple(row) for row in (drawn % 10).tolist()}) == 24
    found, counts = np.unique(drawn // 10, return_counts=True)
    assert found.tolist() == list(range(copies))
    np.testing.assert_allclose(counts / counts.sum(), 1 / copies, atol=0.06)


class Nothing:
    """Stands where no clip is asked for."""

    def refer(self, rows: np.ndarray) -> torch.Tensor:
        raise AssertionError

    batch = truth = refer


@pytest.mark.parametrize("changes", [{}, {"select": "best", "refit": True}])
def test_copies_of_clips_are_for_training_only(changes: dict[str, Any]) -> None:
    """Neither those of the test nor those of the validation, and no scaler sees any."""
    settings = {**SIGNALS, "epochs": 3, **changes}
    inputs, _ = signals()
    copies = np.tile(inputs[::-1], (2, 1))
    roles = np.tile(ROLES, 2)
    trained, rows = run(settings, inputs=np.concatenate([inputs, copies]))
    unread = ["test"] if changes else ["validation", "test"]
    broken = np.where(np.isin(roles, unread)[:, None], np.nan, copies).astype(np.float32)
    again, again_rows = run(settings, inputs=np.concatenate([inputs, broken]))
    assert again_rows == rows
    assert weights(again) == weights(trained)
    assert again.probabilities.tobytes() == trained.probabilities.tobytes()
    plain, plain_rows = run(settings)
    assert trained.network.preprocessing == plain.network.preprocessing
    assert plain_rows != rows
    broken = np.full_like(copies, np.nan)
    with pytest.raises(UserError, match="diverged"):
        run(settings, inputs=np.concatenate([inputs, broken]))


def test_first_weights_may_be_given() -> None:
    def start(module: torch.nn.Module) -> None:
        with torch.no_grad():
            for values in module.parameters():
                values.zero_()

    settings = {**IMAGES, "epochs": 1, "learning_rate": 1e-12, "weight_decay": 0}
    given = {"labels": images()[1], "roles": ROLES, "classes": ["Calm", "Sad"]}
    trained = train(images()[0], settings=settings, seed=0, device="cpu", start=start, **given)
    np.testing.assert_allclose(trained.probabilities, 0.5, atol=1e-6)
    assert np.abs(run(settings)[0].probabilities - 0.5).max() > 1e-3


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("schedule", ["cosine", "constant"])
def test_other_optimisers_and_schedules_learn_too(optimizer: str, schedule: str) -> None:
    settings = {**IMAGES, "epochs": 12, "optimizer": optimizer, "schedule": schedule}
    _, rows = run(settings)
    assert max(row["validation_uar"] for row in rows) == 1
    assert rows[0]["learning_rate"] == IMAGES["learning_rate"]


def test_mixup_and_label_smoothing_and_class_weights_learn_too() -> None:
    changed = {"mixup": 0.4, "label_smoothing": 0.1, "class_weights": "balanced"}
    trained, rows = run({**IMAGES, "epochs": 12, **changed})
    assert rows[-1]["validation_uar"] == 1
    plain = run({**IMAGES, "epochs": 12})[0]
    assert weights(trained) != weights(plain)


def test_a_last_batch_of_one_clip_is_trained_on() -> None:
    # 32 training clips.
    _, rows = run({**IMAGES, "batch_size": 31, "epochs": 1})
    assert np.isfinite(rows[0]["train_loss"])


@pytest.mark.parametrize(
    ("clips", "size", "wanted"),
    [
        (7, 3, [[0, 1, 2], [3, 4], [5, 6]]),
        (8, 3, [[0, 1, 2], [3, 4, 5], [6, 7]]),
        (6, 3, [[0, 1, 2], [3, 4, 5]]),
        (4, 3, [[0, 1], [2, 3]]),
        (3, 2, [[0, 1], [2]]),
        (1, 3, [[0]]),
    ],
)
def test_no_batch_is_a_single_clip(clips: int, size: int, wanted: list[list[int]]) -> None:
    """As many batches as ever, so that the schedule stays as it is."""
    assert [piece.tolist() for piece in batches(torch.arange(clips), size)] == wanted


def test_a_training_that_diverges_is_told() -> None:
    rate = {"optimizer": "sgd", "learning_rate": 1e20, "schedule": "constant"}
    with pytest.raises(UserError, match=r"diverged.*`learning_rate`, which is 1e\+20"):
        run({**SIGNALS, **rate})


def test_a_layer_under_two_names_is_stored_and_read(tmp_path: Path) -> None:
    trained, _ = run(IMAGES)
    module = trained.network.module
    module.again = module.head
    save(tmp_path / "m.safetensors", trained.network, {})
    stored = safetensors.torch.load_file(tmp_path / "m.safetensors")
    for name, wanted in module.head.state_dict().items():
        assert torch.equal(stored[f"again.{name}"], wanted)
        assert torch.equal(stored[f"head.{name}"], wanted)
