"""Training on one fold, model files, normalisation, and blocks of arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from serflow.errors import UserError
from serflow.networks import normalisation, supply
from serflow.networks.arrays import Blocks
from serflow.networks.determinism import choose_device
from serflow.networks.fitting import CURVE
from serflow.networks.modelfile import load, predict, save
from serflow.networks.supply import Resident
from serflow.networks.training import Trained, train

IMAGES: dict[str, Any] = {
    "family": "cnn2d",
    "channels": [4, 8],
    "dropout": 0.1,
    "epochs": 6,
    "batch_size": 8,
    "learning_rate": 0.02,
    "weight_decay": 0.01,
    "augmentation": "noise+time_shift",
    "select": "last",
    "refit": False,
}
SIGNALS = {**IMAGES, "family": "cnn1d", "augmentation": "gain", "normalisation": "training"}
ROLES = np.array((["train"] * 4 + ["validation", "test"]) * 8)


def images() -> tuple[np.ndarray, np.ndarray]:
    """48 images; class 1 is bright in its upper half."""
    labels = np.arange(48) // 6 % 2
    pixels = np.random.default_rng(0).integers(0, 100, (48, 24, 20), dtype=np.uint8)
    pixels[labels == 1, 12:] += 80
    return pixels, labels


def signals() -> tuple[np.ndarray, np.ndarray]:
    """48 signals; class 1 has the higher pitch."""
    labels = np.arange(48) // 6 % 2
    times = np.arange(4000) / 8000
    pitch = np.where(labels == 1, 1200, 200)[:, None]
    noise = np.random.default_rng(0).normal(0, 100, (48, 4000))
    return (2000 * np.sin(2 * np.pi * pitch * times) + noise).astype(np.float32), labels


def run(settings: dict[str, Any], seed: int = 0, **changes: Any) -> tuple[Trained, list[dict]]:
    inputs, labels = images() if settings["family"] == "cnn2d" else signals()
    rows: list[dict] = []
    given = {"inputs": inputs, "labels": labels, "roles": ROLES, "device": "cpu", **changes}
    trained = train(
        classes=["Calm", "Sad"], settings=settings, seed=seed, on_epoch=rows.append, **given
    )
    return trained, rows


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
    assert all(set(row) == set(CURVE) for row in rows)
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]
    assert rows[-1]["validation_uar"] == 1


@pytest.mark.parametrize("settings", [IMAGES, SIGNALS], ids=["cnn2d", "cnn1d"])
def test_same_seed_same_bits_other_seed_other_bits(settings: dict[str, Any]) -> None:
    first, first_rows = run(settings)
    torch.rand(7)
    again, again_rows = run(settings)
    assert first.probabilities.tobytes() == again.probabilities.tobytes()
    assert first_rows == again_rows
    for name, weights in first.network.module.state_dict().items():
        assert torch.equal(weights, again.network.module.state_dict()[name])
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
    for name, weights in trained.network.module.state_dict().items():
        assert torch.equal(weights, changed.network.module.state_dict()[name])


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
    assert choose_device("auto").type == "cuda"
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


def test_normalisations_by_hand() -> None:
    clips = np.array([[0, 2, 4, 2], [10, 10, 10, 14]], np.float32)
    batch = torch.from_numpy(clips)

    def done(kind: str, rows: tuple[int, ...] = (0,)) -> torch.Tensor:
        return normalisation.apply(batch, normalisation.fit(kind, clips, np.array(rows)))

    torch.testing.assert_close(done("offset"), (batch - 1000) / 100)
    root2 = 2**0.5
    torch.testing.assert_close(done("clip")[0], torch.tensor([-root2, 0, root2, 0]))
    torch.testing.assert_close(done("rms")[0], batch[0] / 6**0.5)
    torch.testing.assert_close(done("training"), (batch - 2) / root2)
    torch.testing.assert_close(done("training", (0, 1)), (batch - 6.5) / 22.75**0.5)


@pytest.mark.parametrize("kind", normalisation.SIGNAL_KINDS)
def test_silence_stays_finite(kind: str) -> None:
    silence = np.zeros((2, 50), np.float32)
    preprocessing = normalisation.fit(kind, silence, np.arange(2))
    result = normalisation.apply(torch.from_numpy(silence), preprocessing)
    assert bool(result.isfinite().all())


def test_unknown_normalisation_is_told_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="offset, clip, training, rms"):
        normalisation.fit("loud", np.zeros((1, 2), np.float32), np.arange(1))


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
    for name, weights in streamed.network.module.state_dict().items():
        assert torch.equal(weights, resident.network.module.state_dict()[name])


def test_blocks_of_several_shapes_are_refused(tmp_path: Path) -> None:
    for number in (2, 3):
        np.save(tmp_path / f"{number}.npy", np.zeros((1, number)))
    with pytest.raises(UserError, match="several shapes"):
        Blocks(sorted(tmp_path.iterdir()))
