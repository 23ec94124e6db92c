"""Scores by attribute of the clips: which columns count, and their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from serflow.corpora import table
from serflow.evaluation import attributes, intervals
from serflow.evaluation.entrants import Trained
from serflow.evaluation.outcomes import gather

SETTINGS = {"confidence": 0.9, "resamples": 400, "seed": 3}
SPEAKERS, CLIPS = 8, 20


def clip_table():
    """Speakers 0 to 3 are female, 4 to 6 male, 7 is unknown; every second clip is loud."""
    return [
        {
            "clip": f"s{speaker}/{clip:02}",
            "label": "ab"[clip % 4 // 2],
            "speaker": f"s{speaker}",
            "gender": "female" if speaker < 4 else "male" if speaker < 7 else "",
            "level": "loud" if clip % 2 else "soft",
            "take": str(clip),
            "room": "one",
            "bytes": str(clip % 2),
        }
        for speaker in range(SPEAKERS)
        for clip in range(CLIPS)
    ]


def outcomes(rows):
    random = np.random.default_rng(0)
    jobs = []
    for seed in (0, 1):
        told = []
        for row in rows:
            right = random.random() < (0.9 if row["level"] == "loud" else 0.6)
            said = row["label"] if right else "ab".replace(row["label"], "")
            told.append({**row, "predicted": said, "p_a": "0.5", "p_b": "0.5"})
        jobs.append((0, seed, told))
    return gather({"m": jobs})


@pytest.fixture(scope="module")
def found():
    return outcomes(clip_table())


def test_columns_that_every_corpus_has_are_no_attributes():
    assert (*table.FIXED, *table.MEASURED) == attributes.OWN


def test_columns_with_two_to_twenty_values_count(found):
    names = [one.name for one in attributes.find(found, clip_table())]
    assert names == ["gender", "level", "take"]
    longer = [{**row, "take": f"{row['speaker']}{row['take']}"} for row in clip_table()]
    assert [one.name for one in attributes.find(found, longer)] == ["gender", "level"]


def test_only_tested_clips_count(found):
    more = [*clip_table(), {"clip": "not tested", "label": "a", "room": "two"}]
    assert "room" not in [one.name for one in attributes.find(found, more)]


def test_scores_are_those_of_the_values_clips_alone(found):
    rows = clip_table()
    for attribute in attributes.find(found, rows)[:2]:
        for row in attributes.scores(found, [Trained("m", found)], attribute, SETTINGS):
            own = [clip["clip"] for clip in rows if clip[attribute.name] == row["value"]]
            inside = np.isin(found.clips, own)
            right = (found.predicted["m"] == found.truth)[:, inside]
            assert row["clips"] == inside.sum()
            assert row["accuracy"] == pytest.approx(right.mean())
            recalls = [right[:, found.truth[inside] == k].mean() for k in (0, 1)]
            assert row["uar"] == pytest.approx(np.mean(recalls))
            assert row["uar_low"] < row["uar"] < row["uar_high"]
            assert row["accuracy_low"] < row["accuracy"] < row["accuracy_high"]


def test_the_interval_resamples_the_values_own_speakers(found):
    rows = clip_table()
    gender, level, _ = attributes.find(found, rows)
    female, male = attributes.scores(found, [Trained("m", found)], gender, SETTINGS)
    assert (female["value"], female["speakers"], male["speakers"]) == ("female", 4, 3)
    inside = gender.value_of == 1
    right = (found.predicted["m"] == found.truth).mean(axis=0)
    cell = (found.speaker_of[inside] - 4) * 2 + found.truth[inside]
    clips = np.bincount(cell, minlength=6).reshape(3, 2)
    correct = np.bincount(cell, weights=right[inside], minlength=6).reshape(3, 1, 2)
    alone = intervals.resampled_uar(correct, clips, resamples=400, seed=3)
    wanted = [float(end[0]) for end in intervals.percentiles(alone, 0.9)]
    assert [male["uar_low"], male["uar_high"]] == pytest.approx(wanted)
    loud, soft = attributes.scores(found, [Trained("m", found)], level, SETTINGS)
    assert (loud["speakers"], loud["uar"] > soft["uar"]) == (8, True)


def test_without_speakers_or_with_one_there_is_no_interval():
    rows = clip_table()
    for row in rows:
        row["speaker"] = "" if row["speaker"] in ("s0", "s5", "s6") else row["speaker"]
    found = outcomes(rows)
    gender = attributes.find(found, rows)[0]
    female, male = attributes.scores(found, [Trained("m", found)], gender, SETTINGS)
    # One of the women is not known, and only one of the men is.
    assert (female["speakers"], male["speakers"]) == (3, 1)
    assert (female["uar_low"], male["uar_low"], male["accuracy_high"]) == (None, None, None)
    assert female["uar"] is not None


def test_a_value_without_a_label_has_the_recall_of_the_others(found):
    rows = [{**row, "kind": "only a" if row["label"] == "a" else "other"} for row in clip_table()]
    kind = attributes.find(found, rows)[-1]
    only_a, _ = attributes.scores(found, [Trained("m", found)], kind, SETTINGS)
    assert only_a["uar"] == pytest.approx(only_a["accuracy"])
