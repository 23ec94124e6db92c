"""Sentences follow the tables, and claim no more than the intervals allow."""

from __future__ import annotations

from itertools import combinations

import pytest

from serflow import tables
from serflow.evaluation.conclusions import conclude
from serflow.evaluation.tables import COLUMNS

SVMS = {
    "svm_sc": {"family": "svm", "features": "sc"},
    "svm_sbw": {"family": "svm", "features": "sbw"},
    "svm_sbe": {"family": "svm", "features": "sbe"},
}
MFCC = {"svm_mfcc12": {"family": "svm", "features": "mfcc12"}}
CNN1D = {
    "cnn1d": {
        "family": "cnn1d",
        "augmentation": "none",
        "variant_of": "cnn1d",
        "epochs": 30,
        "reads": "signal 16000 Hz",
    }
}


def cnn2d(*kinds):
    return {
        "cnn2d" if kind == "none" else f"cnn2d_{kind}": {
            "family": "cnn2d",
            "augmentation": kind,
            "variant_of": "cnn2d",
            "epochs": 40,
        }
        for kind in kinds
    }


def world(
    slices, uar, half=0.04, p=None, speakers=18, unit="speakers", seeds=1, attributes=(), **pairs
):
    """Tables of models with these UARs; `pairs` as a__b={...} changes one comparison.

    Intervals of differences are ± `half`; p-values are 0.002 where that leaves zero out, else 0.8.
    """
    models = [
        {
            "model": model,
            "family": own["family"],
            "features": own.get("features") or own.get("reads", "image 150x50"),
            "uar": uar[model],
            "uar_low": uar[model] - 0.05,
            "uar_high": uar[model] + 0.05,
            "clips": 216,
            "speakers": speakers,
            "folds": 6,
            "seeds": 1 if own["family"] == "svm" else seeds,
        }
        for model, own in slices.items()
    ]
    rows = []
    for a, b in combinations(slices, 2):
        difference = uar[a] - uar[b]
        value = p or (0.002 if abs(difference) > half else 0.8)
        rows.append(
            {
                "model_a": a,
                "model_b": b,
                "difference": difference,
                "low": difference - half,
                "high": difference + half,
                "p_value": value / 2,
                "p_holm": value,
                "speakers": speakers,
                "unit": unit,
            }
            | pairs.get(f"{a}__{b}", {})
        )
    for name in ("chance", "majority"):
        models.append({**models[0], "model": name, "family": "baseline", "uar": 0.25})
    return {"models": models, "per_attribute": attributes, "comparisons": rows}


def told(slices, *args, **kwargs):
    return {row["id"]: row for row in conclude(world(slices, *args, **kwargs), slices)}


UAR = {"svm_sc": 0.516, "svm_sbw": 0.429, "svm_sbe": 0.554, "svm_mfcc12": 0.653}


def test_best_and_worst_spectral_feature():
    found = told(SVMS, UAR)["features:spectral"]
    assert found["text"] == (
        "Of the 3 spectral feature types, SBE scored highest (svm_sbe, UAR 0.554 [0.504, 0.604]) "
        "and SBW lowest (svm_sbw, UAR 0.429 [0.379, 0.479]); SBE is better than SBW (difference "
        "+0.125, 95 % interval [+0.085, +0.165], Holm-corrected p = 0.002). Against the "
        "runner-up, svm_sc: whether SBE or SC is better cannot be told (difference +0.038, 95 % "
        "interval [−0.002, +0.078], Holm-corrected p = 0.800). (216 clips, 18 speakers, 6 folds, "
        "1 seed.)"
    )
    evidence = found["evidence"]
    assert evidence["ranking"] == ["svm_sbe", "svm_sc", "svm_sbw"]
    assert evidence["difference"] == pytest.approx(0.125)
    assert (evidence["firm"], evidence["clips"], evidence["seeds"]["svm_sbe"]) == (True, 216, 1)


def test_equal_feature_types_are_not_ranked():
    found = told(SVMS, dict.fromkeys(UAR, 1.0))["features:spectral"]
    assert found["text"].startswith("The 3 spectral feature types scored the same (UAR 1.000")
    assert "highest" not in found["text"]


def test_an_interval_without_zero_but_no_corrected_test_only_seems():
    text = told(SVMS, UAR, p=0.09)["features:spectral"]["text"]
    assert "SBE seems better than SBW, but the corrected test does not confirm it" in text
    assert "is better than" not in text


def test_a_corrected_test_without_the_interval_claims_nothing():
    found = told(SVMS, UAR, half=0.3, p=0.001)["features:spectral"]
    text = found["text"]
    assert not found["evidence"]["firm"]
    assert "whether SBE or SBW is better cannot be told" in text
    assert "seems" not in text
    assert "p = 0.001" in text


def test_of_several_models_with_one_feature_the_best_stands_for_it():
    slices = SVMS | {"svm_sbe_linear": {"family": "svm", "features": "sbe"}}
    found = told(slices, UAR | {"svm_sbe_linear": 0.60})["features:spectral"]
    assert found["evidence"]["ranking"] == ["svm_sbe_linear", "svm_sc", "svm_sbw"]
    assert "the one that scored highest stands for them" in found["text"]


def test_other_handcrafted_features_are_compared_with_the_best_spectral_one():
    found = told(SVMS | MFCC, UAR)["features:all"]
    assert found["text"].startswith(
        "Of all 4 SVMs on handcrafted features, svm_mfcc12 scored highest (UAR 0.653 [0.603, "
        "0.703]); against the best spectral one, svm_sbe (UAR 0.554 [0.504, 0.604]), svm_mfcc12 "
        "is better than svm_sbe"
    )
    assert "features:all" not in told(SVMS, UAR)


def test_concatenations_and_alternatives_are_not_feature_types():
    slices = SVMS | {
        "svm_all": {"family": "svm", "features": "sc+sbw+sbe"},
        "svm_any": {"family": "svm", "features": ["sc", "sbe"]},
    }
    found = told(slices, UAR | {"svm_all": 0.587, "svm_any": 0.5})
    assert found["features:spectral"]["evidence"]["ranking"] == ["svm_sbe", "svm_sc", "svm_sbw"]
    assert found["features:all"]["evidence"]["model"] == "svm_all"


@pytest.mark.parametrize(
    ("uar", "p", "verdict", "words"),
    [
        (0.62, None, "reaches", "svm_sbe (UAR 0.554 [0.504, 0.604]), and surpasses it: diff"),
        (0.62, 0.2, "reaches", "and seems to surpass it, which the test corrected for 6 comp"),
        (0.56, None, "cannot be told", "cannot be told: here it scored 0.006 higher, but the"),
        (0.554, None, "cannot be told", "here it scored the same"),
        (0.55, None, "cannot be told", "here it scored 0.004 lower"),
        (0.45, None, "falls short", "falls short of the best SVM on a spectral feature type"),
        (0.45, 0.2, "falls short", "seems to fall short of the best SVM on a spectral feature"),
    ],
)
def test_whether_a_network_reaches_the_best_spectral_svm(uar, p, verdict, words):
    found = told(SVMS | CNN1D, UAR | {"cnn1d": uar}, p=p, seeds=3)
    row = found["network:cnn1d:spectral"]
    assert words in row["text"]
    assert row["evidence"]["verdict"] == verdict
    assert row["text"].endswith("(216 clips, 18 speakers, 6 folds, seeds: cnn1d 3, svm_sbe 1.)")
    assert "network:cnn1d:all" not in found


def test_a_network_can_reach_the_spectral_svm_and_fall_short_of_the_mfcc():
    found = told(SVMS | MFCC | CNN1D, UAR | {"cnn1d": 0.6})
    assert found["network:cnn1d:spectral"]["evidence"]["verdict"] == "reaches"
    assert found["network:cnn1d:all"]["evidence"]["verdict"] == "falls short"
    assert found["network:cnn1d:all"]["evidence"]["reference"] == "svm_mfcc12"


def test_only_the_plain_variant_stands_for_a_network():
    slices = SVMS | cnn2d("flip", "none")
    found = told(slices, UAR | {"cnn2d": 0.6, "cnn2d_flip": 0.7})
    assert found["network:cnn2d:spectral"]["evidence"]["model"] == "cnn2d"


def augmented(p=None, half=0.03, **uar):
    slices = cnn2d("none", *uar)
    scores = {"cnn2d": 0.6} | {f"cnn2d_{kind}": value for kind, value in uar.items()}
    return told(slices, scores, p=p, half=half, seeds=3)


def test_augmentations_one_by_one():
    found = augmented(time_mask=0.65, vertical_flip=0.5, noise=0.61)
    helps = found["augmentation:cnn2d_time_mask"]
    assert helps["text"] == (
        "The augmentation time mask helps cnn2d: difference +0.050, 95 % interval [+0.020, "
        "+0.080], Holm-corrected p = 0.002. (216 clips, 18 speakers, 6 folds, 3 seeds.)"
    )
    assert helps["evidence"]["verdict"] == "helps"
    hurts = found["augmentation:cnn2d_vertical_flip"]
    assert (
        "vertical flip hurts cnn2d: difference −0.100, 95 % interval [−0.130, −0.070]"
        in hurts["text"]
    )
    assert hurts["evidence"]["verdict"] == "hurts"
    open_ = found["augmentation:cnn2d_noise"]
    assert "Whether the augmentation noise helps or hurts cnn2d cannot be told" in open_["text"]
    assert open_["evidence"]["verdict"] == "cannot be told"
    assert (
        "seems to hurt cnn2d, which the test corrected for 1 comparison"
        in (augmented(p=0.3, flip=0.5)["augmentation:cnn2d_flip"]["text"])
    )


@pytest.mark.parametrize(
    ("uar", "p", "verdict", "firm", "words"),
    [
        (
            {"mask": 0.7, "flip": 0.5, "noise": 0.6},
            None,
            "some",
            True,
            "Only with mask (at best +0.100), and not with flip (at worst −0.100)",
        ),
        (
            {"mask": 0.7, "noise": 0.6},
            None,
            "yes",
            True,
            "Yes, with mask (at best +0.100); no other kind can be told to help",
        ),
        (
            {"mask": 0.7, "noise": 0.8},
            None,
            "yes",
            True,
            "Yes, with noise and mask (at best +0.200); every kind that was tried helped.",
        ),
        ({"mask": 0.7}, 0.2, "yes", False, "This is no more than an indication, which the test"),
        (
            {"flip": 0.5, "noise": 0.6, "crop": 0.4},
            None,
            "no",
            True,
            "No: no kind can be told to help, and crop and flip (at worst −0.200) cost accuracy.",
        ),
        (
            {"flip": 0.59, "noise": 0.61},
            None,
            "cannot be told",
            False,
            "speaks for it or against it: the UAR changed by −0.010 (flip) to +0.010 (noise)",
        ),
        ({"flip": 0.59}, None, "cannot be told", False, "changed by −0.010 (flip), and no int"),
    ],
)
def test_opinion_on_augmentation(uar, p, verdict, firm, words):
    row = augmented(p=p, **uar)["opinion:cnn2d"]
    assert row["text"].startswith("Should spectrograms be augmented for cnn2d? ")
    assert words in row["text"]
    assert "trained for 40 epochs: 216 clips, 18 speakers, 6 folds, 3 seeds.)" in row["text"]
    assert (row["evidence"]["verdict"], row["evidence"]["firm"]) == (verdict, firm)


def test_an_opinion_says_which_of_its_claims_are_unsure():
    slices = cnn2d("none", "mask", "flip")
    uar = {"cnn2d": 0.6, "cnn2d_mask": 0.7, "cnn2d_flip": 0.5}
    row = told(slices, uar, cnn2d__cnn2d_flip={"p_holm": 0.3})["opinion:cnn2d"]
    assert "For flip this is no more than an indication, which" in row["text"]
    assert not row["evidence"]["firm"]


def test_no_opinion_without_a_plain_variant():
    found = told(cnn2d("flip", "mask"), {"cnn2d_flip": 0.5, "cnn2d_mask": 0.7})
    assert not [name for name in found if name.startswith(("augmentation", "opinion"))]


def test_overall():
    found = told(SVMS | MFCC | CNN1D, UAR | {"cnn1d": 0.64})["overall"]
    assert found["text"].startswith(
        "The highest UAR of all is that of svm_mfcc12 (UAR 0.653 [0.603, 0.703]; chance is "
        "0.250); against the runner-up, cnn1d, whether svm_mfcc12 or cnn1d is better cannot be "
        "told"
    )
    assert "From 1 of the 4 other models it cannot be told apart (cnn1d)." in found["text"]
    assert found["evidence"]["cannot be told"] == ["cnn1d"]


def test_overall_counts_what_only_seems_worse():
    text = told(SVMS | MFCC, UAR, p=0.2)["overall"]["text"]
    assert (
        "From 0 of the 3 other models it cannot be told apart, and than 3 others it only " in text
    )
    assert "seems better, which the test corrected for 6 comparisons does not confirm. (" in text


def by_gender(slices, uar, gap, **more):
    """Rows that have each model better by `gap` with women."""
    return [
        {
            "attribute": "gender",
            "value": value,
            "model": model,
            "clips": 108,
            "speakers": 9,
            "labels": 4,
            "uar": score,
            "uar_low": score - 0.1,
            "uar_high": score + 0.1,
        }
        | more
        for value, half in (("female", gap / 2), ("male", -gap / 2))
        for model, score in ((model, uar[model] + half) for model in slices)
    ]


def test_the_largest_gap_of_an_attribute():
    slices = SVMS | MFCC
    rows = by_gender(slices, UAR, 0.1)
    rows += by_gender(slices, UAR, 0.04, attribute="take")
    baseline = [{**row, "model": "chance", "uar": row["uar"] * 5} for row in rows[:2]]
    found = told(slices, UAR, attributes=rows + baseline)["attributes"]
    assert found["text"] == (
        "Of the clips' attributes (gender, take), svm_mfcc12, the model with the highest UAR, has "
        "its widest gap by gender: gender female UAR 0.703 [0.603, 0.803] (108 clips, 9 speakers) "
        "against gender male UAR 0.603 [0.503, 0.703] (108 clips, 9 speakers), a gap of 0.100. It "
        "was picked as the widest of 2, which flatters it, and was not tested. In the median of "
        "all 4 models the widest gap is that by gender (0.100)."
    )
    assert found["evidence"]["median gaps"] == pytest.approx({"gender": 0.1, "take": 0.04})


def test_an_attribute_that_lacks_a_label_somewhere_is_passed_over():
    """Where a value has fewer labels each of them is easier, as with strong Neutral, not there."""
    rows = by_gender(MFCC, UAR, 0.1) + by_gender(MFCC, UAR, 0.4, attribute="take", labels=3)
    text = told(MFCC, UAR, attributes=rows)["attributes"]["text"]
    assert text.startswith("By gender, ")
    assert "attributes" not in told(MFCC, UAR, attributes=rows[2:])


def test_one_attribute_of_one_model_without_speakers():
    rows = by_gender(MFCC, UAR, 0.1, uar_low=None, uar_high=None, speakers=0)
    assert told(MFCC, UAR, attributes=rows)["attributes"]["text"] == (
        "By gender, svm_mfcc12, the model with the highest UAR, reaches gender female UAR 0.703 "
        "(108 clips) against gender male UAR 0.603 (108 clips), a gap of 0.100, which was not "
        "tested."
    )


def test_networks_of_any_family_are_concluded_about():
    slices = {
        name: {"family": "crnn", "augmentation": kind, "variant_of": "crnn", "reads": reads}
        for name, kind, reads in (
            ("crnn", "none", "log-mel, 64 bands at 16000 Hz"),
            ("crnn_masks", "masks", "log-mel, 64 bands at 16000 Hz"),
        )
    }
    found = told(MFCC | slices, UAR | {"crnn": 0.75, "crnn_masks": 0.85})
    assert list(found) == [
        *("network:crnn:all", "augmentation:crnn_masks", "opinion:crnn", "overall"),
    ]
    assert (
        "crnn (UAR 0.750 [0.700, 0.800]) reaches the best SVM" in found["network:crnn:all"]["text"]
    )
    assert found["opinion:crnn"]["text"].startswith("Should spectrograms be augmented for crnn?")


@pytest.mark.parametrize(
    ("reads", "what"),
    [("signal 16000 Hz", "signals"), ("frames of 13 MFCC and deltas", "frames")],
)
def test_an_opinion_names_what_the_network_reads(reads, what):
    slices = {name: {**own, "reads": reads} for name, own in cnn2d("none", "noise").items()}
    text = told(slices, {"cnn2d": 0.6, "cnn2d_noise": 0.6})["opinion:cnn2d"]["text"]
    assert text.startswith(f"Should {what} be augmented for cnn2d? ")


def test_one_model_alone():
    found = told(MFCC, UAR)
    assert list(found) == ["overall"]
    assert found["overall"]["text"] == (
        "The highest UAR of all is that of svm_mfcc12 (UAR 0.653 [0.603, 0.703]; chance is 0.250). "
        "(216 clips, 18 speakers, 6 folds, 1 seed.)"
    )


def test_networks_alone():
    found = told(CNN1D | cnn2d("none", "flip"), {"cnn1d": 0.5, "cnn2d": 0.6, "cnn2d_flip": 0.5})
    assert list(found) == ["augmentation:cnn2d_flip", "opinion:cnn2d", "overall"]


def test_few_speakers_are_cautioned_about():
    found = told(SVMS, UAR, speakers=5)
    assert "with 5 speakers only" in found["caution:speakers"]["text"]
    # 2/2^5 times 3 comparisons
    assert "is 0.188, so no difference can pass" in found["caution:power"]["text"]
    assert "caution:speakers" not in told(SVMS, UAR, speakers=6)
    assert "caution:power" in told(SVMS, UAR, speakers=6)
    assert "caution:power" not in told(SVMS, UAR, speakers=7)
    assert list(told(SVMS, UAR))[-1] == "overall"


def test_unknown_speakers_are_cautioned_about():
    found = told(SVMS, UAR, speakers=0, unit="clips")
    assert "intervals and tests resample clips" in found["caution:clips"]["text"]
    assert "speakers unknown" in found["overall"]["text"]
    assert "caution:power" not in found


def test_tables_read_from_files_say_the_same(tmp_path):
    slices = SVMS | MFCC | CNN1D | cnn2d("none", "flip")
    uar = UAR | {"cnn1d": 0.6, "cnn2d": 0.6, "cnn2d_flip": 0.5}
    made = world(slices, uar, attributes=by_gender(slices, uar, 0.1))
    read = {}
    for name, rows in made.items():
        columns = [column for column in COLUMNS[name] if column in rows[0]]
        tables.write_tsv(tmp_path / name, rows, columns)
        read[name] = tables.read_tsv(tmp_path / name)
    texts = [row["text"] for row in conclude(read, slices)]
    assert texts == [row["text"] for row in conclude(made, slices)]


def test_another_confidence_is_named():
    texts = [row["text"] for row in conclude(world(SVMS, UAR), SVMS, confidence=0.9)]
    assert "90 % interval" in texts[0]
    assert "95 %" not in " ".join(texts)


@pytest.mark.parametrize(("confidence", "firm"), [(0.9, True), (0.95, False)])
def test_the_corrected_test_has_the_level_of_the_intervals(confidence, firm):
    rows = conclude(world(SVMS, UAR, p=0.09), SVMS, confidence)
    assert rows[0]["evidence"]["firm"] is firm


def test_a_machine_that_knows_the_test_speaker_is_named_as_such():
    slices = {**SVMS, "svm_sbe": {**SVMS["svm_sbe"], "scaling": "speaker"}} | MFCC | CNN1D
    found = told(slices, UAR | {"cnn1d": 0.6})
    sentence = (
        "svm_sbe standardises the input within each speaker, and so uses several clips of the "
        "test speaker, without their labels. ("
    )
    named = [name for name, row in found.items() if sentence in row["text"]]
    assert named == ["features:spectral", "features:all", "network:cnn1d:spectral"]
    best = told(slices, UAR | {"svm_sbe": 0.7, "cnn1d": 0.6})["overall"]
    assert sentence in best["text"]
    assert not any("standardises" in row["text"] for row in told(SVMS | MFCC, UAR).values())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"select": "last", "refit": False}, "trained for 40 epochs: 216 clips"),
        ({"select": "best", "refit": False}, "trained for at most 40 epochs: 216 clips"),
        ({"select": "best", "refit": True}, "trained for at most 40 epochs with refit: 216 clips"),
    ],
)
def test_an_opinion_says_how_the_network_was_trained(more, words):
    slices = {model: own | more for model, own in cnn2d("none", "flip").items()}
    row = told(slices, {"cnn2d": 0.6, "cnn2d_flip": 0.5})["opinion:cnn2d"]
    assert words in row["text"]
