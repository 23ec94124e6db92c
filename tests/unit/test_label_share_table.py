"""The table of classifiers from two starts, by share of the labels: numbers reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from serflow.errors import UserError
from serflow.evaluation.label_shares import COLUMNS, Job, compare, guessed

SETTINGS = {"confidence": 0.95, "resamples": 400, "seed": 0}
# Four speakers, two in each fold; each says an Angry and a Calm clip.
SPEAKERS = {0: ("s1", "s2"), 1: ("s3", "s4")}


def clips(fold: int) -> list[dict[str, str]]:
    return [
        {"clip": f"{label}/{speaker}", "speaker": speaker, "label": label}
        for speaker in SPEAKERS[fold]
        for label in ("Angry", "Calm")
    ]


def scores(clips: dict[str, int]) -> list[dict[str, str]]:
    """Rows of a table of scores, of which compare reads share, start and clips."""
    return [
        {"share": share, "start": start, "clips": str(count), "uar": "", "wa": ""}
        for share, count in clips.items()
        for start in ("gan", "random")
    ]


def job(
    fold: int, seed: int, wrong: dict[str, set[str]], counts: dict[str, int] | None = None
) -> Job:
    """A training whose classifiers are wrong on the named clips; of the rest, they are right."""
    other = {"Angry": "Calm", "Calm": "Angry"}
    answers = []
    for row in clips(fold):
        told = {
            column: other[row["label"]] if row["clip"] in missed else row["label"]
            for column, missed in wrong.items()
        }
        answers.append({**row, **told})
    return fold, seed, scores(counts or {"0.5": 3, "1": 6}), answers


PERFECT: dict[str, set[str]] = {
    f"{start} {share}": set() for share in ("0.5", "1") for start in ("gan", "random")
}


def wrong(**columns: set[str]) -> dict[str, set[str]]:
    named = {
        name.replace("_half", " 0.5").replace("_all", " 1"): of for name, of in columns.items()
    }
    assert set(named) <= set(PERFECT)
    return {**PERFECT, **named}


def table(*jobs: Job) -> list[dict[str, Any]]:
    return compare("gan_cnn2d", jobs, SETTINGS)


def test_scores_are_over_all_folds_and_mean_over_seeds() -> None:
    half, everything = table(
        job(0, 0, wrong(random_half={"Angry/s1", "Calm/s1"})),
        job(1, 0, wrong(random_half={"Angry/s3"})),
        job(0, 1, wrong(random_half={"Angry/s1"}), {"0.5": 4, "1": 6}),
        job(1, 1, wrong(), {"0.5": 4, "1": 6}),
    )
    assert tuple(half) == tuple(everything) == COLUMNS
    assert (half["share"], everything["share"]) == (0.5, 1)
    assert (half["clips"], everything["clips"]) == (3.5, 6)
    # Seed 0: recalls 2/4 and 3/4, UAR 0.625; seed 1: 3/4 and 1, UAR 0.875.
    assert half["uar_random"] == pytest.approx(0.75)
    assert half["uar_random_seed_sd"] == pytest.approx(0.125 * 2**0.5)
    assert half["uar_gan"] == half["uar_gan_low"] == half["uar_gan_high"] == 1
    assert half["uar_gan_seed_sd"] == 0
    assert half["difference"] == pytest.approx(0.25)
    assert half["low"] <= 0.25 <= half["high"]
    assert half["uar_random_low"] < 0.75 < half["uar_random_high"]
    assert [everything[key] for key in ("difference", "low", "high", "p_value")] == [0, 0, 0, 1]
    counted = [half[key] for key in ("tested", "speakers", "folds", "seeds")]
    assert counted == [8, 4, 2, 2]


def test_the_difference_is_the_gan_less_random() -> None:
    half, _ = table(
        job(0, 0, wrong(gan_half={"Angry/s1"})), job(1, 0, wrong(gan_half={"Angry/s3"}))
    )
    assert half["difference"] == pytest.approx(-0.25)
    assert half["high"] <= 0


def test_one_seed_has_no_deviation() -> None:
    assert table(job(0, 0, PERFECT), job(1, 0, PERFECT))[0]["uar_gan_seed_sd"] is None


def test_p_values_are_of_signs_over_speakers_and_corrected_for_the_shares() -> None:
    every = {row["clip"] for fold in SPEAKERS for row in clips(fold)}
    of_fold = {fold: {row["clip"] for row in clips(fold)} for fold in SPEAKERS}
    assert of_fold[0] | of_fold[1] == every
    half, everything = table(
        *(
            job(fold, 0, wrong(random_half=of_fold[fold], random_all=of_fold[fold]))
            for fold in (0, 1)
        )
    )
    # Of the 16 patterns of four equal parts, two are as far from zero.
    assert half["p_value"] == everything["p_value"] == pytest.approx(2 / 16)
    assert half["p_holm"] == everything["p_holm"] == pytest.approx(4 / 16)


def test_a_label_that_no_test_clip_has_may_be_answered() -> None:
    fold, seed, of_shares, answers = job(0, 0, PERFECT)
    answers[0]["random 0.5"] = "Happy"
    half, _ = table((fold, seed, of_shares, answers))
    assert half["uar_random"] == pytest.approx(0.75)


def uneven(fold: int, seed: int = 0) -> Job:
    """Fold 0 tests two Angry clips and a Calm one, fold 1 two Calm clips and an Angry one."""
    labels = {0: ("Angry", "Angry", "Calm"), 1: ("Calm", "Calm", "Angry")}[fold]
    answers = [
        {"clip": f"{fold}{place}", "speaker": f"s{fold}", "label": label}
        | dict.fromkeys(PERFECT, "Angry")
        for place, label in enumerate(labels)
    ]
    return fold, seed, scores({"0.5": 3, "1": 6}), answers


def test_baselines_stand_once_whatever_share_and_start() -> None:
    jobs = [uneven(fold, seed) for seed in (0, 1) for fold in (0, 1)]
    # Each fold is trained on what the other tests.
    training = {0: {"Angry": 1, "Calm": 2}, 1: {"Angry": 2, "Calm": 1}}
    chance, majority = guessed("gan_cnn2d", jobs, SETTINGS, training)
    assert tuple(chance) == tuple(majority) == COLUMNS
    assert [row["model"] for row in (chance, majority)] == ["chance", "majority"]
    for start in ("gan", "random"):
        for end in ("", "_low", "_high"):
            assert chance[f"uar_{start}{end}"] == 0.5
        # Fold 0 says Calm and is right on one of three clips, fold 1 Angry and is right on one: of
        # three clips a label, one is right.
        assert majority[f"uar_{start}"] == pytest.approx(1 / 3)
    counts = ("tested", "speakers", "folds", "seeds")
    assert [majority[key] for key in counts] == [6, 2, 2, 1]
    nothing = ("share", "clips", "uar_gan_seed_sd", "difference", "low", "high", "p_value")
    assert {majority[key] for key in (*nothing, "p_holm")} == {None}


def test_the_majority_is_that_of_the_training_where_it_is_told() -> None:
    # Clips that no fold tests make Calm the most frequent in both: one of three and two of three.
    training = {0: {"Angry": 2, "Calm": 9}, 1: {"Angry": 1, "Calm": 8, "Sad": 3}}
    chance, majority = guessed("gan_cnn2d", [uneven(0), uneven(1)], SETTINGS, training)
    assert majority["uar_gan"] == majority["uar_random"] == pytest.approx((0 / 3 + 3 / 3) / 2)
    # Three labels are in the corpus, if not in the test.
    assert chance["uar_gan"] == pytest.approx(1 / 3)


def test_nothing_compared_is_an_empty_table() -> None:
    assert table((0, 0, [], clips(0))) == []
    assert guessed("gan_cnn2d", [(0, 0, [], clips(0))], SETTINGS, {}) == []


def test_clips_that_are_missing_or_tested_twice_are_told() -> None:
    with pytest.raises(UserError, match="gan_cnn2d, seed 1: Angry/s3 was not tested"):
        table(job(0, 0, PERFECT), job(1, 0, PERFECT), job(0, 1, PERFECT))
    with pytest.raises(UserError, match="seed 0: Angry/s1 was tested again in fold 1"):
        table(job(0, 0, PERFECT), (1, *job(0, 0, PERFECT)[1:]))
