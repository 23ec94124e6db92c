"""Networks that estimate a number: objective, training, table, picture and what the report says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from serflow import configuration, model_list, network_inputs
from serflow.consistency import check
from serflow.corpora import table
from serflow.errors import UserError
from serflow.evaluation import intervals, regression
from serflow.evaluation.regression_table import (
    COLUMNS,
    FOLD_COLUMNS,
    MEAN,
    costs,
    evaluate,
    gather,
)
from serflow.figures import curves, estimates
from serflow.networks import registry
from serflow.networks.determinism import Draws
from serflow.networks.ensemble import Estimator, together
from serflow.networks.mixup import mixed
from serflow.networks.modelfile import load, predict, save
from serflow.networks.objectives import Regression, objective
from serflow.networks.training import Trained, train
from serflow.report.regression import sentence

SETTINGS = {"confidence": 0.95, "resamples": 300, "seed": 0}
TRUTH = torch.tensor([1.0, 2.0, 3.0, 4.0])
"""Mean 2.5, variance 1.25."""
DOUBLE = 2 * TRUTH[:, None]


def settings(**more: Any) -> dict[str, Any]:
    """Return the slice of a small mel network that estimates a level."""
    model = {"family": "cnn_mel", "target": "level", "channels": [4, 8], "epochs": 8, **more}
    wanted = {"corpus": {"name": "c", "adapter": "demo"}, "models": {"net": model}}
    return model_list.expand(configuration.complete(wanted)["models"])["net"]


def test_the_objective_is_of_standardised_numbers():
    pearson = objective(settings(loss="pearson"), TRUTH, 1)
    ccc = objective(settings(loss="ccc"), TRUTH, 1)
    assert isinstance(ccc, Regression)
    assert (ccc.mean, ccc.deviation) == (2.5, pytest.approx(1.25**0.5))
    standardised = (TRUTH[:, None] - 2.5) / 1.25**0.5
    assert float(ccc.loss(standardised, TRUTH)) == pytest.approx(0, abs=1e-6)
    assert ccc.scores(standardised, TRUTH) == pytest.approx((0, 1, 1), abs=1e-6)
    # In units of the deviation: covariance 2 · 1, variances 1 and 4, means 0 and 0.
    assert ccc.scores(2 * standardised, TRUTH) == pytest.approx((1 - 4 / 5, 1, 4 / 5), abs=1e-6)
    assert float(ccc.loss(2 * standardised, TRUTH)) == pytest.approx(0.2)
    assert pearson.scores(2 * standardised, TRUTH) == pytest.approx((0, 1, 4 / 5), abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "better", "worse"),
    [("ccc", (0.3, 0.7, 0.7), (0.4, 0.9, 0.6)), ("pearson", (0.1, 0.9, 0.2), (0.3, 0.7, 0.7))],
)
def test_the_better_epoch_is_that_of_the_lower_loss(kind: str, better: Any, worse: Any):
    judge = Regression(kind, 0, 1)
    assert judge.rank(better) > judge.rank(worse)


def test_the_scale_by_hand():
    assert Regression("ccc", 2.5, 1.25**0.5).scale(DOUBLE, TRUTH) == (2.5, pytest.approx(1.25**0.5))
    fitted = Regression("pearson", 2.5, 1.0)
    assert fitted.scale(DOUBLE + 6, TRUTH) == pytest.approx((-3, 0.5))
    # Outputs 0 0 1 1: the means of their truths are 1.5 and 3.5.
    steps = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
    assert fitted.scale(steps, TRUTH) == pytest.approx((1.5, 2))
    assert fitted.scale(torch.full((4, 1), 0.1), TRUTH) == (2.5, 0)


def test_a_constant_target_is_refused():
    with pytest.raises(UserError, match=r"`target`: level is 0\.1 for all training clips"):
        objective(settings(), torch.full((7,), 0.1), 1)


def test_mixup_mixes_numbers_as_clips():
    truth = torch.tensor([0.0, 10.0, 30.0])
    seen: list[Tensor] = []

    def loss(outputs: Tensor, wanted: Tensor) -> Tensor:
        seen.append(wanted)
        return outputs.sum()

    one = torch.Generator().manual_seed(0)
    batch, of_mixture = mixed(truth[:, None], truth, loss, 0.4, Draws(one, one))
    of_mixture(batch)
    [wanted] = seen
    # Each clip holds its own number, so what is wanted of a mixture is what it holds.
    torch.testing.assert_close(wanted, batch[:, 0])
    assert not torch.equal(wanted, truth)


def test_members_average_estimates_in_the_unit_of_the_target():
    members = [Estimator(nn.Identity(), 1.0, 2.0), Estimator(nn.Identity(), 4.0, -1.0)]
    ensemble = together(list(members), estimating=True)
    # (1 + 2·3 + 4 − 3) / 2
    assert float(ensemble(torch.tensor([[3.0]]))) == 4
    assert together(members[:1], estimating=True) is members[0]


def spectrograms() -> tuple[np.ndarray, np.ndarray]:
    """72 spectrograms in dB, whose loud rows rise with a number between 100 and 110."""
    generator = np.random.default_rng(0)
    level = generator.uniform(100, 110, 72)
    inputs = generator.normal(0, 3, (72, 16, 24)) - 60
    inputs[:, 4:9] += 4 * (level - 100)[:, None, None]
    return inputs.astype(np.float32), level


ROLES = np.array((["train"] * 4 + ["validation", "test"]) * 12)


def trained(checkpoint: Any = None, **more: Any) -> Trained:
    inputs, level = spectrograms()
    own = settings(batch_size=8, epochs=12, **more)
    return train(inputs, level, ROLES, ["level"], own, seed=0, device="cpu", checkpoint=checkpoint)


@pytest.mark.parametrize(
    "more",
    [
        {"loss": "ccc", "mixup": 0.2},
        {"loss": "pearson", "select": "best", "patience": 8, "refit": True, "members": 2},
    ],
    ids=["ccc", "pearson"],
)
def test_a_network_estimates_in_the_unit_of_its_target(more: dict[str, Any], tmp_path: Path):
    inputs, level = spectrograms()
    found = trained(**more)
    estimated, truth = found.probabilities, level[ROLES == "test"]
    assert estimated.shape == (12,)
    assert estimated.dtype == np.float64
    assert regression.ccc(truth, estimated) > 0.7
    # The mean of all would be wrong by the deviation.
    assert regression.rmse(truth, estimated) < 0.7 * truth.std()
    save(tmp_path / "model.safetensors", found.network, {})
    network, _ = load(tmp_path / "model.safetensors")
    np.testing.assert_array_equal(
        predict(network, inputs, np.flatnonzero(ROLES == "test")), estimated
    )
    assert predict(network, inputs, np.array([], int)).shape == (0,)


def test_class_weights_and_label_smoothing_have_no_part():
    plain, weighted = trained(), trained(class_weights="balanced", label_smoothing=0.2)
    assert plain.probabilities.tobytes() == weighted.probabilities.tobytes()


@pytest.mark.parametrize("family", [name for name in model_list.NETWORKS if name != "custom"])
def test_every_network_but_the_gan_takes_a_target(family: str):
    wanted = {
        "corpus": {"name": "c", "adapter": "demo"},
        "models": {"net": {"family": family, "target": "level"}},
    }
    notices: list[str] = []
    own = configuration.complete(wanted, notices=notices)["models"]["net"]
    if family == "gan_cnn2d":
        assert "`models.net.target` is not used" in notices[0]
        return
    assert notices == []
    assert own["target"] == "level"
    assert own["loss"] == ("pearson" if family == "conflictnet" else "ccc")


SHAPES = {"signal": (12_000,), "image": (150, 50), "stft": (257, 64)}
"""Of a clip by kind of input; of the other spectrograms (rows, frames)."""


@pytest.mark.parametrize(
    "family", [name for name in model_list.NETWORKS if name not in ("custom", "gan_cnn2d")]
)
def test_every_network_has_one_output_where_it_estimates(family: str):
    wanted = {"net": {"family": family, "target": "level", "members": 2}}
    config = {"corpus": {"name": "c", "adapter": "demo"}, "models": wanted}
    own = configuration.complete(config)["models"]["net"]
    shape = SHAPES.get(network_inputs.kind(own), (40, 200))
    network = registry.assemble(own, 1, shape).eval()
    with torch.inference_mode():
        assert network(torch.zeros(3, *shape)).shape == (3, 1)


ROWS = [
    {"clip": f"c{i}", "speaker": f"s{i}", "label": "a", "level": cell, "same": "1", "words": "x"}
    for i, cell in enumerate(["1", "2.5", "", "high", "nan", "3e1"])
]


def refused(target: str, rows: list[dict[str, str]] = ROWS, **protocol: Any) -> str:
    config = {
        "corpus": {"name": "c", "adapter": "demo"},
        "models": {
            "net": {"family": "lstm", "target": target, "augmentations": ["none", "time_mask"]}
        },
        "protocol": {"type": "group-k-fold", **protocol},
    }
    completed = configuration.complete(config)
    with pytest.raises(UserError) as caught:
        check(completed, model_list.expand(completed["models"]), rows, 3)
    [line] = str(caught.value).splitlines()[1:]
    return line


def test_a_target_that_is_no_column_is_told_the_known_ones():
    told = refused("arousal")
    assert "`models.net.target`: the corpus tells no arousal of its clips" in told
    assert "known are level, same, words." in told
    # What every corpus has is nothing to estimate.
    assert "the corpus tells no speaker" in refused("speaker")
    bare = [{"clip": "a", "speaker": f"s{i}", "label": "x"} for i in range(6)]
    assert "it has none beside its own" in refused("level", bare)


def test_clips_without_a_number_are_named():
    told = refused("level")
    assert "`models.net.target`: in column level 3 of 6 clips have no number" in told
    assert "c2 (empty), c3 (high), c4 (nan); give" in told
    assert "6 of 6 clips have no number: c0 (x), c1 (x), c2 (x) and 3 more;" in refused("words")
    assert "column same has the same number for all clips" in refused("same")


def test_what_estimates_a_number_has_no_random_premium():
    good = [{**row, "level": str(i)} for i, row in enumerate(ROWS)]
    told = refused("level", good, random_premium=["net"])
    assert "`protocol.random_premium`: net estimates level" in told


def sheet(folder: Path, header: str, row: str) -> dict[str, Any]:
    (folder / "clips.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (folder / "a.wav").write_bytes(b"")
    return {"adapter": "sheet", "path": str(folder / "clips.csv"), "labels": None}


def test_a_sheet_of_numbers_needs_no_labels_where_none_are_recognised(tmp_path: Path):
    corpus = sheet(tmp_path, "path,level", "a.wav,3.5")
    found = table.build(corpus, "", labelled=False)
    assert found.labels == ["unlabelled"]
    assert found.rows[0]["level"] == "3.5"
    with pytest.raises(UserError, match=r"column label is missing.*all models have a `target`"):
        table.build(corpus, "")
    with pytest.raises(UserError, match="column path is missing"):
        table.build(sheet(tmp_path, "level", "3"), "", labelled=False)


def test_one_label_is_enough_where_none_are_recognised(tmp_path: Path):
    corpus = sheet(tmp_path, "path,label,level", "a.wav,x,3.5")
    assert table.build(corpus, "", labelled=False).labels == ["x"]
    with pytest.raises(UserError, match="at least two are needed"):
        table.build(corpus, "")
    with pytest.raises(UserError, match="label is empty"):
        table.build(sheet(tmp_path, "path,label", "a.wav,"), "", labelled=False)


def job(fold: int, numbers: dict[str, tuple[float, float]], seed: int = 0) -> Any:
    """Return a job; a clip's speaker is its name's first letter."""
    return (
        fold,
        seed,
        [
            {"clip": clip, "speaker": clip[0], "truth": str(truth), "estimate": str(estimate)}
            for clip, (truth, estimate) in numbers.items()
        ],
    )


COSTS = {"parameters": 7, "train_seconds": 1.5, "predict_ms_per_clip": 0.5}
MODELS = {
    name: {"target": "level", "family": "crnn", "features": "log-mel", **COSTS}
    for name in ("one", "two")
}
CLIPS = [
    {"clip": clip, "level": str(level)} for level, clip in enumerate(["s0", "s1", "t0", "t1"], 1)
]
SPLITS = [
    {"clip": row["clip"], "fold": str(fold), "role": "test" if row["clip"][0] == own else "train"}
    for fold, own in enumerate("st")
    for row in CLIPS
]


def test_the_tables_by_hand():
    # Estimates are twice the truth with one seed and the truth itself with the other.
    double = [job(0, {"s0": (1, 2), "s1": (2, 4)}), job(1, {"t0": (3, 6), "t1": (4, 8)})]
    right = [job(0, {"s0": (1, 1), "s1": (2, 2)}, 1), job(1, {"t0": (3, 3), "t1": (4, 4)}, 1)]
    rows, folds = evaluate({"one": double + right, "two": right}, MODELS, SETTINGS, CLIPS, SPLITS)
    assert [(row["model"], row["target"]) for row in rows] == [
        *(("one", "level"), ("two", "level"), (MEAN, "level"))
    ]
    assert all(set(row) == set(COLUMNS) for row in rows)
    one, two, mean = rows
    assert one["pearson"] == pytest.approx(1)
    # 2 · 2.5 / (1.25 + 5 + 2.5²) = 0.4, and 1; √(30/4), and 0.
    assert one["ccc"] == pytest.approx((0.4 + 1) / 2)
    assert one["rmse"] == pytest.approx((30 / 4) ** 0.5 / 2)
    assert [one[key] for key in ("clips", "speakers", "folds", "seeds")] == [4, 2, 2, 2]
    assert (two["ccc"], two["ccc_low"], two["ccc_high"]) == pytest.approx((1, 1, 1))
    assert two["rmse_high"] == pytest.approx(0, abs=1e-6)
    # Fold 0 trains on 3 and 4, fold 1 on 1 and 2: errors 2.5, 1.5, 1.5 and 2.5.
    assert mean["rmse"] == pytest.approx(4.25**0.5)
    assert (mean["pearson"], mean["ccc"], mean["ccc_low"], mean["seeds"]) == (0, 0, None, None)
    assert [one[key] for key in COSTS] == [*COSTS.values()]
    assert [mean[key] for key in COSTS] == [None] * 3
    assert all(tuple(row) == FOLD_COLUMNS for row in folds)
    told = [tuple(row[key] for key in ("model", "fold", "seed")) for row in folds]
    both = [("one", fold, seed) for fold in (0, 1) for seed in (0, 1)]
    assert told == [*both, ("two", 0, 1), ("two", 1, 1)]
    # Truth 3 and 4, estimates 6 and 8: 2 · 0.5 / (0.25 + 1 + 3.5²), √((9 + 16)/2).
    assert folds[2] == {
        "model": "one",
        "target": "level",
        "fold": 1,
        "seed": 0,
        "clips": 2,
        "speakers": 1,
        "pearson": pytest.approx(1),
        "ccc": pytest.approx(1 / 13.5),
        "rmse": pytest.approx(12.5**0.5),
    }
    # Whichever speaker is drawn twice has these two errors.
    assert (mean["rmse_low"], mean["rmse_high"]) == pytest.approx((4.25**0.5, 4.25**0.5))


def test_costs_are_means_over_trainings():
    records = [{**COSTS, "device": "cpu"}, {**COSTS, "parameters": 8, "train_seconds": 2.5}]
    # 7.5, rounded to the even number.
    assert costs(records) == {"parameters": 8, "train_seconds": 2.0, "predict_ms_per_clip": 0.5}


def test_intervals_resample_speakers():
    generator = np.random.default_rng(0)
    truth, error = generator.normal(1000, 1, 24), generator.normal(0, 1, (2, 24))
    names = [f"{speaker}{take}" for speaker in "stuv" for take in range(6)]
    jobs = [
        job(0, dict(zip(names, zip(truth, truth + error[seed], strict=True), strict=True)), seed)
        for seed in (0, 1)
    ]
    splits = [{"clip": "x", "fold": "0", "role": "train"}]
    clips = [{"clip": "x", "level": "0"}]
    [row, _], _ = evaluate({"one": jobs}, MODELS, SETTINGS, clips, splits)
    expected: dict[str, list[float]] = {"pearson": [], "ccc": [], "rmse": []}
    [weights] = intervals.draws(4, SETTINGS["resamples"], 0)
    for drawn in weights:
        chosen = np.repeat(np.arange(24), np.repeat(drawn.astype(int), 6))
        for metric, values in expected.items():
            of_seeds = [
                getattr(regression, metric)(truth[chosen], (truth + one)[chosen]) for one in error
            ]
            values.append(float(np.mean(of_seeds)))
    for metric, values in expected.items():
        low, high = np.quantile(values, [0.025, 0.975])
        assert (row[f"{metric}_low"], row[f"{metric}_high"]) == pytest.approx((low, high), rel=1e-6)


def test_clips_not_tested_once_are_told():
    once = job(0, {"s0": (1, 2), "s1": (2, 4)})
    with pytest.raises(UserError, match=r"model m, seed 0: s0 was tested twice"):
        gather("m", [once, job(1, {"s0": (1, 2)})])
    with pytest.raises(UserError, match=r"model m, seed 1: s1 was not tested"):
        gather("m", [once, job(0, {"s0": (1, 2)}, seed=1)])


def test_the_picture_has_a_dot_a_clip_and_the_line_of_equals():
    figure = estimates.plot([1.0, 4.0], [2.0, 3.0], target="<i>$x$", colour="#123456")
    assert isinstance(figure, Figure)
    [axes] = figure.axes
    line, dots = axes.lines
    assert list(line.get_xdata()) == list(line.get_ydata())
    assert (list(dots.get_xdata()), list(dots.get_ydata())) == ([1, 4], [2, 3])
    assert dots.get_color() == "#123456"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("true <i>$x$", "estimated <i>$x$")
    assert axes.get_xlim() == axes.get_ylim()


@pytest.mark.parametrize("loss", ["pearson", "ccc"])
def test_learning_curves_of_correlations_reach_below_zero(loss: str):
    row = {"fold": "0", "seed": "0", "train_loss": "1.4", "validation_loss": ""}
    row |= {f"train_{loss}": "-0.4", f"validation_{loss}": ""}
    rows = [{**row, "epoch": "1"}, {**row, "epoch": "2"}]
    left, right = curves.plot(rows, panels=curves.regression_panels(loss)).axes
    assert left.get_ylabel().startswith("loss (1 − ")
    assert right.get_ylabel() == curves.CORRELATIONS[loss]
    assert right.get_ylim()[0] < -0.4


def test_the_report_says_in_one_sentence_what_a_model_reaches():
    cells = (
        *("m", "level", "crnn", "log-mel", "0.9", "0.85", "0.95", "0.8", "0.7", "0.9"),
        *("1.5", "1.25", "2", "10", "3", "2", "1", "99", "1.5", "0.5"),
    )
    row = dict(zip(COLUMNS, cells, strict=True))
    words = (
        "m estimates level of the test clips with a CCC of 0.800 [0.700, 0.900], a Pearson "
        "correlation of 0.900 [0.850, 0.950] and a root mean square error of 1.50 [1.25, 2.00]; "
        "the mean of the training clips errs by 2.77."
    )
    assert sentence(row, {"rmse": "2.77"}) == words
    doubtful = sentence({**row, "ccc_low": "-0.1"}, {"rmse": "2.77"})
    assert "[−0.100, 0.900]" in doubtful
    assert doubtful.endswith("2.77. The interval of the CCC does not lie above zero.")
