"""The evaluation's tables by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as oracle

from serflow import tables
from serflow.errors import UserError
from serflow.evaluation.tables import COLUMNS, evaluate

SETTINGS = {"confidence": 0.95, "resamples": 500, "seed": 0}


def record(**changes):
    return {
        "family": "svm",
        "features": "sc",
        "parameters": 10,
        "train_seconds": 1.0,
        "predict_ms_per_clip": 0.5,
    } | changes


def job(fold, seed, *cells):
    """One predictions file; a cell is "<clip> <speaker> <label> <predicted>".

    The predicted of the labels a, b and c has probability 0.8, the others 0.1.
    """
    names = ("clip", "speaker", "label", "predicted")
    rows = [dict(zip(names, cell.split(), strict=True)) for cell in cells]
    return fold, seed, [row | sure_of(row["predicted"], "abc") for row in rows]


def sure_of(predicted, labels):
    return {f"p_{label}": "0.8" if label == predicted else "0.1" for label in labels}


def scored(predictions, records, **attributes):
    """Evaluate predictions; all that a fold does not test is on its training side.

    `attributes` are columns of the clip table, functions of a clip's name.
    """
    listed = {
        model: [(fold, seed, list(rows)) for fold, seed, rows in jobs]
        for model, jobs in predictions.items()
    }
    clips, folds = {}, {}
    for fold, _, rows in next(iter(listed.values()), ()):
        for row in rows:
            clips[row["clip"]] = {"clip": row["clip"], "label": row["label"]} | {
                name: of(row["clip"]) for name, of in attributes.items()
            }
            folds[row["clip"]] = fold
    splits = [
        {"clip": clip, "fold": str(fold), "role": "test" if home == fold else "train"}
        for fold in sorted({*folds.values()})
        for clip, home in folds.items()
    ]
    return evaluate(listed, records, SETTINGS, list(clips.values()), splits)


# Two folds, two seeds. Seed 1: recalls a 2/2, b 1/2. Seed 2: a 1/2, b 2/2 ... and one a as c.
NET = [
    job(0, 1, "1a s1 a a", "1b s1 b a"),
    job(1, 1, "2a s2 a a", "2b s2 b b"),
    job(0, 2, "1a s1 a c", "1b s1 b b"),
    job(1, 2, "2a s2 a a", "2b s2 b b"),
]
SVM = [job(0, 1, "1a s1 a b", "1b s1 b a"), job(1, 1, "2a s2 a a", "2b s2 b b")]
RECORDS = {
    "net": [
        record(family="cnn1d", features="signal", parameters=100, train_seconds=seconds)
        for seconds in (1.0, 2.0, 3.0, 6.0)
    ],
    "svm": [record(parameters=None), record(parameters=None, predict_ms_per_clip=1.5)],
}


@pytest.fixture(scope="module")
def small():
    return scored({"net": NET, "svm": SVM}, RECORDS)


def only(rows, **wanted):
    """Return the one row that has these values."""
    (found,) = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return found


def test_tables_have_their_columns(small, tmp_path):
    assert set(small) == set(COLUMNS)
    for name, rows in small.items():
        assert all(set(row) == set(COLUMNS[name]) for row in rows)
        tables.write_tsv(tmp_path / "t.tsv", rows, COLUMNS[name])
        assert len(tables.read_tsv(tmp_path / "t.tsv")) == len(rows)


def test_models(small):
    assert [row["model"] for row in small["models"]] == ["net", "svm", "chance", "majority"]
    net = only(small["models"], model="net")
    assert net["uar"] == pytest.approx((0.75 + 0.75) / 2)
    assert net["accuracy"] == pytest.approx(0.75)
    # Seed 1: F1 of a 4/5, b 2/3. Seed 2: a 2/3, b 1, c 0.
    assert net["macro_f1"] == pytest.approx(((4 / 5 + 2 / 3) / 2 + (2 / 3 + 1 + 0) / 3) / 2)
    assert [net[key] for key in ("clips", "speakers", "folds", "seeds")] == [4, 2, 2, 2]
    assert (net["family"], net["features"], net["parameters"]) == ("cnn1d", "signal", 100)
    assert net["train_seconds"] == 3
    # Speaker 1 alone has UAR 1/2, speaker 2 alone 1; the interval spans both.
    assert (net["uar_low"], net["uar_high"]) == pytest.approx((0.5, 1))
    svm = only(small["models"], model="svm")
    assert (svm["uar"], svm["uar_low"], svm["uar_high"]) == pytest.approx((0.5, 0, 1))
    assert (svm["parameters"], svm["predict_ms_per_clip"], svm["seeds"]) == (None, 1.0, 1)


def test_per_class(small):
    row = only(small["per_class"], model="net", label="a")
    assert row["recall"] == pytest.approx((1 + 1 / 2) / 2)
    assert row["precision"] == pytest.approx((2 / 3 + 1) / 2)
    assert row["f1"] == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert row["clips"] == 2
    stray = only(small["per_class"], model="net", label="c")
    assert (stray["recall"], stray["precision"], stray["clips"]) == (None, 0, 0)


def test_per_speaker_and_per_fold(small):
    row = only(small["per_speaker"], model="net", speaker="s1")
    assert (row["clips"], row["uar"], row["accuracy"]) == (2, 0.5, 0.5)
    row = only(small["per_fold"], model="net", fold=1, seed=2)
    assert (row["clips"], row["speakers"], row["uar"], row["accuracy"]) == (2, 1, 1, 1)
    # Of the net two folds and two seeds, of the machine and the baselines two folds each.
    assert len(small["per_fold"]) == 4 + 3 * 2


def test_confusion_is_summed_over_seeds(small):
    row = only(small["confusion"], model="net", label="a", predicted="c")
    assert (row["count"], row["share"]) == (1, 0.25)
    row = only(small["confusion"], model="net", label="b", predicted="a")
    assert (row["count"], row["share"]) == (1, 0.25)
    row = only(small["confusion"], model="svm", label="a", predicted="b")
    assert (row["count"], row["share"]) == (1, 0.5)
    assert only(small["confusion"], model="net", label="c", predicted="a")["share"] is None


def test_comparisons(small):
    (row,) = small["comparisons"]
    # Speaker 1 adds 1/4, speaker 2 nothing: all four sign patterns reach 1/4.
    assert row["difference"] == pytest.approx(0.25)
    assert (row["p_value"], row["p_holm"]) == (1, 1)
    assert (row["low"], row["high"]) == pytest.approx((0, 0.5))
    assert (row["speakers"], row["unit"]) == (2, "speakers")


def test_unknown_speakers_are_resampled_by_clip():
    jobs = [
        job(fold, 1, *[f"{n} ? {'ab'[n % 2]} a" for n in range(4 * fold, 4 * fold + 4)])
        for fold in (0, 1)
    ]
    for _, _, rows in jobs:
        rows[:] = [{**row, "speaker": ""} for row in rows]
    found = scored({"x": jobs, "y": jobs}, {"x": [record()], "y": [record()]})
    assert (found["comparisons"][0]["unit"], found["comparisons"][0]["speakers"]) == ("clips", 0)
    assert (found["models"][0]["speakers"], found["per_speaker"], found["ranks"]) == (0, [], [])


def test_some_speakers_unknown_and_folds_with_gaps():
    jobs = [
        job(2, 0, "1a s1 a a", "1b s1 b a", "2a s2 a a"),
        job(7, 0, "3a ? a a", "3b ? b a", "2b s2 b b"),
    ]
    jobs = [
        (fold, seed, [row | {"speaker": row["speaker"].strip("?")} for row in rows])
        for fold, seed, rows in jobs
    ]
    found = scored({"x": jobs}, {"x": [record()]})
    own = [row for row in found["per_fold"] if row["model"] == "x"]
    assert [(row["fold"], row["clips"], row["speakers"]) for row in own] == [
        (2, 3, 2),
        (7, 3, 1),
    ]
    # Of fold 7 label a is right in one clip of one, b in one of two.
    assert [row["uar"] for row in own] == [0.5, 0.75]
    assert [
        (row["speaker"], row["clips"], row["uar"], row["accuracy"])
        for row in found["per_speaker"]
        if row["model"] == "x"
    ] == [("s1", 2, 0.5, 0.5), ("s2", 2, 1, 1)]
    assert found["models"][0]["folds"] == 2


def test_jobs_and_rows_may_come_one_by_one(small):
    once = {
        model: ((fold, seed, iter(rows)) for fold, seed, rows in jobs)
        for model, jobs in {"net": NET, "svm": SVM}.items()
    }
    clips = [{"clip": clip, "label": clip[1]} for clip in ("1a", "1b", "2a", "2b")]
    splits = [
        {"clip": row["clip"], "fold": fold, "role": "test" if row["clip"][0] == of else "train"}
        for fold, of in (("0", "1"), ("1", "2"))
        for row in clips
    ]
    assert evaluate(once, RECORDS, SETTINGS, clips, iter(splits)) == small


def test_the_order_of_jobs_and_rows_does_not_matter():
    predictions = large(models=2, seeds=2, speakers=5, clips=8)
    backwards = {
        model: [(fold, seed, rows[::-1]) for fold, seed, rows in jobs[::-1]]
        for model, jobs in predictions.items()
    }
    records = {model: [record()] for model in predictions}
    found = scored(predictions, records)
    assert scored(backwards, records) == found
    uars = [row["uar"] for row in found["per_fold"] if row["model"] == "m0" and row["fold"] == 0]
    assert uars[0] != uars[1]


def test_baselines_stand_behind_the_models_and_are_compared_with_none(small):
    # Training of fold 0 has one a and one b, of which a comes first; and so has that of fold 1.
    majority = only(small["models"], model="majority")
    assert (majority["family"], majority["features"], majority["parameters"]) == (
        "baseline",
        "",
        None,
    )
    assert (majority["uar"], majority["accuracy"], majority["roc_auc"]) == (0.5, 0.5, 0.5)
    assert [only(small["per_class"], model="majority", label=x)["recall"] for x in "abc"] == [
        *(1, 0, None),
    ]
    chance = only(small["models"], model="chance")
    # Three labels can be guessed, although c is never tested.
    assert [chance[key] for key in ("uar", "uar_low", "uar_high", "accuracy")] == pytest.approx(
        [1 / 3] * 4
    )
    assert (chance["roc_auc"], chance["ece"], chance["seeds"]) == (0.5, None, 1)
    for name in ("per_speaker", "per_fold", "per_class"):
        assert [row["model"] for row in small[name]][-1] == "majority"
    for name in ("comparisons", "ranks", "confusion", "calibration"):
        assert not {"chance", "majority"} & {
            str(value) for row in small[name] for value in row.values()
        }


def test_spread_over_seeds_is_apart_from_that_over_folds(small):
    net = only(small["models"], model="net")
    # Both seeds reach 3/4; fold 0 has 1/2 with each, fold 1 has 1.
    assert net["uar_seed_sd"] == 0
    assert net["uar_fold_sd"] == pytest.approx(np.std([0.5, 1], ddof=1))
    svm = only(small["models"], model="svm")
    assert svm["uar_seed_sd"] is None
    assert svm["uar_fold_sd"] == pytest.approx(np.std([0, 1], ddof=1))


def test_areas_and_calibration_of_a_model(small):
    svm = only(small["models"], model="svm")
    # Fold 0: the a clip is given b, the b clip a: area 0. Fold 1: area 1. Of c no clip is tested.
    assert svm["roc_auc"] == 0.5
    areas = [only(small["per_class"], model="svm", label=x)["roc_auc"] for x in "abc"]
    assert areas == [0.5, 0.5, None]
    # All four predictions claim 0.8, two are right.
    assert svm["ece"] == pytest.approx(0.3, abs=1e-6)
    row = only(small["calibration"], model="svm")
    assert (row["predictions"], row["accuracy"]) == (4, 0.5)
    assert row["low"] < row["confidence"] <= row["high"]


def test_an_attribute_of_the_clip_table():
    found = scored({"net": NET, "svm": SVM}, RECORDS, take=lambda clip: "early"[: int(clip[0]) + 2])
    rows = [row for row in found["per_attribute"] if row["model"] == "svm"]
    assert [(row["attribute"], row["value"], row["clips"], row["uar"]) for row in rows] == [
        ("take", "ear", 2, 0),
        ("take", "earl", 2, 1),
    ]
    # Each value is of one speaker: nothing can be resampled.
    assert {row["uar_low"] for row in rows} == {None}
    assert {row["model"] for row in found["per_attribute"]} == {"net", "svm", "chance", "majority"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row: row.pop("p_c"), "probabilities are of labels a, b, elsewhere of a, b, c"),
        (lambda row: row.update(predicted="d"), "was taken for d, which has no probability"),
        (
            lambda row: [row.pop(f"p_{label}") for label in "abc"],
            "probabilities are of labels none, elsewhere of a, b, c",
        ),
    ],
)
def test_probabilities_of_other_labels_are_refused(change, words):
    jobs = [(fold, seed, [dict(row) for row in rows]) for fold, seed, rows in SVM]
    for row in jobs[1][2]:
        change(row)
    with pytest.raises(UserError, match=words):
        scored({"net": NET, "svm": jobs}, RECORDS)


@pytest.mark.parametrize(
    ("jobs", "words"),
    [
        ([*SVM, job(1, 1, "2a s2 a a")], "model svm, seed 1: 2a was tested more than once"),
        (SVM[:1], "model svm, seed 1: 2a was not tested \\(2 of 4 clips were\\)"),
        ([SVM[0], job(1, 1, "2a s2 b a", "2b s2 b b")], "2a has label, speaker and fold"),
        ([SVM[0], job(2, 1, "2a s2 a a", "2b s2 b b")], "2a has label, speaker and fold"),
        ([*SVM, job(0, 2, "1a s1 a b", "1b s1 b a")], "model svm, seed 2: 2a was not tested"),
        ([], "model svm has no predictions"),
    ],
)
def test_models_over_different_clips_are_refused(jobs, words):
    with pytest.raises(UserError, match=words):
        scored({"net": NET, "svm": jobs}, RECORDS)


def test_no_predictions_are_refused():
    with pytest.raises(UserError, match="no predictions"):
        scored({}, {})


def large(models=10, seeds=3, speakers=20, clips=30):
    """Predictions of many models, about three in five right."""
    random = np.random.default_rng(0)
    truth = [
        (f"{s}/{c}", f"s{s:02}", "abcd"[c % 4], s % 5)
        for s in range(speakers)
        for c in range(clips)
    ]
    predictions = {}
    for model in range(models):
        jobs = []
        for seed in range(seeds):
            right = random.random(len(truth)) < 0.4 + model / 50
            guess = random.integers(0, 4, len(truth))
            for fold in range(5):
                rows = [
                    {
                        "clip": clip,
                        "speaker": speaker,
                        "label": label,
                        "predicted": (said := label if right[place] else "abcd"[guess[place]]),
                        **sure_of(said, "abcd"),
                    }
                    for place, (clip, speaker, label, home) in enumerate(truth)
                    if home == fold
                ]
                jobs.append((fold, seed, rows))
        predictions[f"m{model}"] = jobs
    return predictions


def test_against_scikit_learn():
    predictions = large()
    records = {model: [record()] for model in predictions}
    found = scored(predictions, records)
    assert len(found["comparisons"]) == 45
    for row in found["models"][:10]:
        scores = []
        for seed in range(3):
            rows = [r for _, s, rows in predictions[row["model"]] if s == seed for r in rows]
            pair = [r["label"] for r in rows], [r["predicted"] for r in rows]
            scores.append(
                (
                    oracle.balanced_accuracy_score(*pair),
                    oracle.accuracy_score(*pair),
                    oracle.f1_score(*pair, average="macro"),
                )
            )
        wanted = np.mean(scores, axis=0)
        assert [row["uar"], row["accuracy"], row["macro_f1"]] == pytest.approx(wanted)
        assert row["uar_low"] < row["uar"] < row["uar_high"]
    uar = {row["model"]: row["uar"] for row in found["models"]}
    for row in found["comparisons"]:
        assert row["difference"] == pytest.approx(uar[row["model_a"]] - uar[row["model_b"]])
        assert row["low"] <= row["difference"] <= row["high"]
        assert row["p_holm"] >= row["p_value"] > 0
