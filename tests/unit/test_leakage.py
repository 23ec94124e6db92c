"""The leakage gate sees shared clips, speakers and identical audio."""

from __future__ import annotations

import pytest

from serflow.errors import UserError
from serflow.splitting.leakage import COLUMNS, findings, verdict
from serflow.splitting.splits import assign

CLIPS = [
    {"clip": f"{speaker}{label}", "speaker": speaker, "label": label, "split": ""}
    for speaker in "wxyz"
    for label in "ab"
]


def recordings(**same):
    """Every clip with audio of its own, but for the hashes given."""
    return [{"clip": row["clip"], "pcm_hash": same.get(row["clip"], row["clip"])} for row in CLIPS]


def split(train, validation, test, fold=0):
    rows = []
    for role, names in (("train", train), ("validation", validation), ("test", test)):
        rows += [
            {"clip": row["clip"], "fold": fold, "role": role}
            for row in CLIPS
            if row["clip"] in names.split() or row["speaker"] in names.split()
        ]
    return rows


def split_of(rows, protocol):
    return list(assign(rows, protocol))


def gate(splits, allow=False, clips=CLIPS, **same):
    return findings(splits, clips, recordings(**same), allow)


def test_a_clean_split_has_no_findings():
    assert gate(split("w x", "y", "z")) == []
    verdict([])


def test_protocols_pass_their_own_gate():
    for protocol in ({"type": "loso"}, {"type": "group-k-fold", "folds": 2, "validation": 0.5}):
        assert gate(split_of(CLIPS, protocol)) == []


def test_a_shared_speaker_is_an_error_named_with_its_roles():
    found = gate(split("w x ya", "", "yb z"))
    assert found == [
        {
            "fold": 0,
            "kind": "speaker",
            "severity": "error",
            "what": "speaker y is in 2 roles",
            "roles": "train, test",
            "clips": "ya, yb",
        }
    ]
    assert set(found[0]) == set(COLUMNS)
    with pytest.raises(UserError) as caught:
        verdict(found)
    assert "fold 0: speaker y is in 2 roles (train, test): ya, yb" in str(caught.value)
    assert "protocol.allow_speaker_overlap" in str(caught.value)


def test_a_shared_speaker_can_be_allowed_and_stays_on_record():
    found = gate(split("w x ya", "", "yb z"), allow=True)
    assert [row["severity"] for row in found] == ["allowed"]
    verdict(found)


def test_a_speaker_in_training_and_validation_counts_as_well():
    assert [row["roles"] for row in gate(split("w xa", "xb y", "z"))] == ["train, validation"]


def test_a_shared_clip_is_an_error_whatever_is_allowed():
    rows = split("w x y", "", "z") + split("za", "", "")
    found = gate(rows, allow=True)
    assert ("clip", "error", "za") in [
        (row["kind"], row["severity"], row["clips"]) for row in found
    ]
    with pytest.raises(UserError, match="clip za is listed 2 times"):
        verdict(found)


def test_identical_audio_of_two_speakers_across_roles_is_an_error_in_each_such_fold():
    rows = split("w x", "", "y z", fold=0) + split("w y", "", "x z", fold=1)
    rows += split("w x y", "", "z", fold=2)
    found = gate(rows, xa="same", ya="same")
    assert [(row["fold"], row["kind"], row["severity"]) for row in found] == [
        (0, "audio", "error"),
        (1, "audio", "error"),
    ]
    assert found[0]["clips"] == "xa, ya"
    with pytest.raises(UserError, match="remove all but one"):
        verdict(found)


def test_identical_audio_of_one_speaker_is_a_warning_listed_once():
    rows = split_of(CLIPS, {"type": "loso"})
    found = gate(rows, wa="same", wb="same")
    assert [(row["fold"], row["severity"]) for row in found] == [(0, "warning"), (0, "warning")]
    assert any("different labels: a, b" in row["what"] for row in found)
    verdict(found)


def test_identical_audio_of_one_speaker_across_roles_is_a_warning():
    found = gate(split("w x ya", "", "yb z"), allow=True, ya="same", yb="same")
    audio = [row for row in found if row["kind"] == "audio" and "labels" not in row["what"]]
    assert [(row["severity"], row["roles"]) for row in audio] == [("warning", "train, test")]


def test_identical_audio_of_two_speakers_inside_one_role_is_a_warning_listed_once():
    rows = split("w x", "", "y z", fold=0) + split("w x", "", "y", fold=1)
    found = gate(rows, wa="same", xa="same")
    assert [(row["fold"], row["severity"], row["roles"]) for row in found] == [
        (0, "warning", "train")
    ]


def test_unknown_speakers_are_said():
    clips = [{**row, "speaker": ""} for row in CLIPS]
    found = gate(split("w x y", "", "z"), clips=clips)
    assert [(row["kind"], row["severity"]) for row in found] == [("speaker", "error")]
    assert "8 clips unknown" in found[0]["what"]
    assert found[0]["clips"].endswith("and 2 more")
    found = gate(split("w x y", "", "z"), allow=True, clips=clips, wa="same", za="same")
    assert sorted((row["kind"], row["severity"]) for row in found) == [
        ("audio", "error"),
        ("speaker", "allowed"),
    ]


def test_an_empty_hash_is_not_compared():
    assert gate(split("w x y", "", "z"), wa="", za="") == []


def test_foreign_clips_are_refused():
    rows = [*split("w x y", "", "z"), {"clip": "other", "fold": 0, "role": "train"}]
    with pytest.raises(UserError, match="other is not in the clip table"):
        gate(rows)


def test_folds_may_be_strings_as_read_from_a_table():
    rows = [{**row, "fold": "3"} for row in split("w x ya", "", "yb z")]
    assert [row["fold"] for row in gate(rows)] == [3]


def test_tables_are_read_once_and_in_any_order():
    rows = split("w x", "", "y z", fold=1) + split("w y", "", "x z", fold=0) + split("za", "", "")
    same = {"xa": "same", "ya": "same", "wb": "too", "zb": "too"}
    found = gate(rows, allow=True, **same)
    assert {row["kind"] for row in found} == {"audio", "clip", "speaker"}
    streams = iter(rows[::-1]), iter(CLIPS), iter(recordings(**same)[::-1])
    assert findings(*streams, allow_speaker_overlap=True) == found
