"""RAVDESS names, the archive's list of clips, and scans of local copies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from serflow.corpora.ravdess import EMOTIONS, enumerate_clips, parse, scan
from serflow.errors import UserError

FOUR = ("Angry", "Calm", "Happy", "Sad")
ALL = tuple(EMOTIONS.values())


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()


def test_parse_reads_every_field():
    assert parse("Actor_12/03-01-06-02-01-02-12.wav") == {
        "emotion": "Fearful",
        "intensity": "strong",
        "statement": "01",
        "repetition": "02",
        "speaker": "12",
        "gender": "female",
    }


def test_odd_actors_are_men():
    told = parse("03-01-01-01-02-01-07")
    assert told is not None
    assert (told["gender"], told["emotion"]) == ("male", "Neutral")


@pytest.mark.parametrize(
    "name",
    [
        "01-01-05-01-01-01-01.mp4",  # full video
        "03-02-05-01-01-01-01.wav",  # song
        "03-01-09-01-01-01-01.wav",  # no such emotion
        "03-01-01-02-01-01-01.wav",  # neutral is never strong
        "03-01-05-03-01-01-01.wav",
        "03-01-05-01-03-01-01.wav",
        "03-01-05-01-01-00-01.wav",
        "03-01-05-01-01-01-00.wav",
        "03-01-05-01-01-01.wav",
        "03-01-05-01-01-01-01-01.wav",
        "03-01-05-01-01-01-01.old.wav",
        "._03-01-05-01-01-01-01.wav",
        "x03-01-05-01-01-01-01.wav",
        "",
    ],
)
def test_other_names_are_not_speech(name):
    assert parse(name) is None


def test_the_archive_has_sixty_clips_an_actor():
    rows = enumerate_clips(ALL)
    assert len(rows) == len({row["clip"] for row in rows}) == 1440
    assert set(Counter(row["speaker"] for row in rows).values()) == {60}
    labels = Counter(row["label"] for row in rows)
    assert labels.pop("Neutral") == 96
    assert set(labels.values()) == {192}
    assert [row["clip"] for row in rows] == sorted(row["clip"] for row in rows)
    assert rows[0] == {
        "clip": "Actor_01/03-01-01-01-01-01-01",
        "path": "Actor_01/03-01-01-01-01-01-01.wav",
        "label": "Neutral",
        "speaker": "01",
        "split": "",
        "gender": "male",
        "intensity": "normal",
        "statement": "01",
        "repetition": "01",
    }


def test_enumerating_keeps_the_chosen_emotions():
    rows = enumerate_clips(["Sad", "Neutral"])
    assert Counter(row["label"] for row in rows) == {"Sad": 192, "Neutral": 96}


@pytest.mark.parametrize("use", [enumerate_clips, lambda emotions: scan(".", emotions)])
def test_an_unknown_emotion_names_the_nearest(use):
    with pytest.raises(UserError, match=r"`corpus\.emotions`.*'angri'.*did you mean Angry"):
        use(["angri"])
    with pytest.raises(UserError, match=r"`corpus\.emotions` is empty"):
        use([])


def test_scan_finds_the_real_recordings(ravdess: Path):
    rows = scan(ravdess, FOUR)
    assert len(rows) == 576
    counts = Counter((row["speaker"], row["label"]) for row in rows)
    assert len(counts) == 18 * 4
    assert set(counts.values()) == {8}
    known = {row["clip"]: row for row in enumerate_clips(FOUR)}
    assert all(known[row["clip"]] == row for row in rows)


def test_scan_reads_the_split_from_any_nesting(tmp_path: Path):
    make(
        tmp_path,
        "EmotionSpeech/Train/Angry/03-01-05-01-01-01-03.wav",
        "EmotionSpeech/TEST/deep/er/03-01-02-01-01-01-04.WAV",
        "03-01-03-01-01-01-05.wav",
        "train/of/test/03-01-04-01-01-01-06.wav",
    )
    rows = scan(tmp_path, FOUR)
    assert [(row["path"], row["split"], row["speaker"]) for row in rows] == [
        ("03-01-03-01-01-01-05.wav", "", "05"),
        ("EmotionSpeech/TEST/deep/er/03-01-02-01-01-01-04.WAV", "test", "04"),
        ("EmotionSpeech/Train/Angry/03-01-05-01-01-01-03.wav", "train", "03"),
        ("train/of/test/03-01-04-01-01-01-06.wav", "test", "06"),
    ]
    assert rows[1]["clip"] == "EmotionSpeech/TEST/deep/er/03-01-02-01-01-01-04"


def test_scan_passes_over_what_is_not_wanted(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    make(
        tmp_path,
        "a/03-01-05-01-01-01-03.wav",
        "a/03-01-08-01-01-01-03.wav",  # another emotion
        "a/03-02-05-01-01-01-03.wav",  # song
        "a/._03-01-05-01-01-01-03.wav",  # of macOS, without sound
        "a/03-01-05-02-01-01-03.mp4",
    )
    with caplog.at_level("WARNING"):
        rows = scan(tmp_path, ["Angry"])
    assert [row["clip"] for row in rows] == ["a/03-01-05-01-01-01-03"]
    assert "1 clips, 1 of other emotions, 1 WAV files with other names" in caplog.text


def test_scan_follows_links_once(tmp_path: Path):
    make(tmp_path, "real/03-01-05-01-01-01-03.wav")
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "back").symlink_to(folder)
    assert [row["path"] for row in scan(folder, ["Angry"])] == ["linked/03-01-05-01-01-01-03.wav"]


def test_a_folder_without_speech_says_what_it_holds(tmp_path: Path):
    make(tmp_path, "x.wav", "03-01-08-01-01-01-03.wav")
    with pytest.raises(
        UserError, match=r"no RAVDESS speech of Sad under .*1 clips of other.*1 WAV .*x\.wav"
    ):
        scan(tmp_path, ["Sad"])


def test_an_emotion_without_a_clip_is_named(tmp_path: Path):
    make(tmp_path, "03-01-05-01-01-01-03.wav", "03-01-03-01-01-01-03.wav")
    with pytest.raises(UserError, match=r"`corpus\.emotions`: no clip under .* is Calm or Sad;"):
        scan(tmp_path, FOUR)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(UserError, match=r"`corpus\.path`: .*absent does not exist"):
        scan(tmp_path / "absent", FOUR)


def test_a_set_that_is_there_twice_is_refused(tmp_path: Path):
    make(tmp_path, "Actor_03/03-01-05-01-01-01-03.wav", "copy/Actor_03/03-01-05-01-01-01-03.wav")
    with pytest.raises(UserError, match=r"twice, as Actor_03/03.* and as copy/Actor_03/03"):
        scan(tmp_path, ["Angry"])
