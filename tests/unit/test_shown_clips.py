"""Cards of single clips: which there are, what models say of them, and their files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import soundfile
from PIL import Image
from small_outcomes import outcomes

from serflow.shown import cards, drawing, said
from serflow.sound.spectra import Analysis

CLIPS = ("a1", "a2", "b1", "b2")
ROWS = [{"clip": clip, "label": clip[0].upper(), "speaker": f"s{clip[1]}"} for clip in CLIPS]
SPLITS = [
    {"clip": clip, "fold": "0", "role": "train" if clip[1] == "1" else "test"} for clip in CLIPS
]
SAID = {"one": [{"a1": 0.9, "a2": 0.2, "b1": 0.4, "b2": 0.1}]}


def test_examples_come_before_mistakes_and_each_card_has_a_name() -> None:
    found = cards.choice(ROWS, iter(SPLITS), outcomes(SAID), ["one"])
    assert [(card["name"], card["clip"]) for card in found] == [
        *(("train1", "a1"), ("train2", "b1"), ("test1", "a2"), ("test2", "b2")),
        ("mistake1", "a2"),
    ]
    assert found[-1] == {
        "name": "mistake1",
        "role": "mistake",
        "clip": "a2",
        "label": "A",
        "speaker": "s2",
        "model": "one",
        "taken_for": "B",
    }


def test_without_models_there_are_examples_alone() -> None:
    found = cards.choice(ROWS, SPLITS)
    assert [card["role"] for card in found] == ["train", "train", "test", "test"]
    trained = said.of_training([], ["a1"], features={}, arrays={}, speakers={})
    assert trained == {"a1": {}}


def test_shares_of_test_clips_are_means_over_seeds() -> None:
    two = outcomes({"one": [{"a1": 0.9, "b1": 0.1}, {"a1": 0.6, "b1": 0.12345}]})
    # Clips that no fold tests are told by nobody.
    assert said.of_test(two, ["b1", "a1", "c1"]) == {
        "b1": {"one": [0.1117, 0.8883]},
        "a1": {"one": [0.75, 0.25]},
    }


@pytest.mark.parametrize(("audio", "kept"), [(True, 1.5), (False, 1.5), (True, 3.0)])
def test_a_clip_s_files(tmp_path: Path, audio: bool, kept: float) -> None:
    rate = 8000
    time = np.arange(2 * rate) / rate
    soundfile.write(tmp_path / "one.wav", 0.3 * np.sin(2 * np.pi * 440 * time), rate)
    cv2.imwrite(str(tmp_path / "image.png"), np.eye(32, dtype=np.uint8))
    analysis = Analysis(n_fft=256, hop_seconds=0.015, n_mels=32, frames=40)
    place = tmp_path / "test1"
    told = drawing.draw(
        tmp_path / "one.wav", tmp_path / "image.png", analysis, place, kept, audio=audio
    )
    assert told == {"rate": rate, "seconds": min(kept, 2.0), "cut": kept < 2}
    Image.open(place.with_suffix(".png")).verify()
    sound = place.with_suffix(".mp3")
    assert sound.exists() == audio
    if audio:
        # An encoder's frames do not end where the samples do.
        assert soundfile.info(sound).duration == pytest.approx(told["seconds"], abs=0.1)


def test_many_clips_are_heard_for_a_shorter_time() -> None:
    assert drawing.seconds_each(4, audio=True) == 15
    # 2 000 000 bytes for 100 clips of 10 500 bytes a second.
    assert drawing.seconds_each(100, audio=True) == 1.9
    assert drawing.seconds_each(100, audio=False) == 15
