"""Feature files gathered from shards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from serflow.errors import UserError
from serflow.sound import features


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    """Two shards of clips c, a and b: two rows and three frames, 100 * clip + 10 * row + frame."""

    def matrix(clip: int) -> list[list[int]]:
        return [[100 * clip + 10 * row + frame for frame in range(3)] for row in range(2)]

    paths = [tmp_path / "0.npz", tmp_path / "1.npz"]
    for path, clips in zip(paths, (["c", "a"], ["b"]), strict=True):
        values = np.array([matrix("abc".index(clip)) for clip in clips], dtype=np.float32)
        np.savez(path, clip=np.array(clips), sc=values, mfcc=values)
    return paths


ROWS = [
    {"clip": "a", "label": "Sad", "speaker": "01"},
    {"clip": "b", "label": "Joy", "speaker": ""},
    {"clip": "c", "label": "Sad", "speaker": "02"},
]


def test_columns_are_stacked_in_the_tables_order(shards: list[Path]):
    found = features.gather(shards, "sc", ROWS, {"n_fft": 1})
    assert found.X.dtype == np.float32
    assert found.X.tolist() == [
        [0, 10, 1, 11, 2, 12],
        [100, 110, 101, 111, 102, 112],
        [200, 210, 201, 211, 202, 212],
    ]
    assert found.clip.tolist() == ["a", "b", "c"]
    assert found.label.tolist() == ["Sad", "Joy", "Sad"]
    assert found.speaker.tolist() == ["01", "", "02"]


def test_so_many_coefficients_as_the_type_says(shards: list[Path]):
    found = features.gather(shards, "mfcc1", ROWS[:1], {})
    assert found.X.tolist() == [[0, 1, 2]]


def test_a_file_opens_without_pickle_and_tells_its_configuration(
    tmp_path: Path, shards: list[Path]
):
    config = {"spectrogram.n_fft": 16384, "bands": [[1, 2]], "ä": None}
    made = features.gather(shards, "sc", ROWS, config)
    features.save(tmp_path / "sc.npz", made)
    with np.load(tmp_path / "sc.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["X", "clip", "config", "label", "speaker"]
        assert file["X"].dtype == np.float32
        assert file["config"].shape == ()
    read = features.load(tmp_path / "sc.npz")
    assert read.config == config
    for name in ("X", "clip", "label", "speaker"):
        assert np.array_equal(getattr(read, name), getattr(made, name))


def test_types_side_by_side(shards: list[Path]):
    one, two = (features.gather(shards, kind, ROWS, {"kind": kind}) for kind in ("sc", "mfcc1"))
    both = features.concatenate([one, two])
    assert both.X[1].tolist() == [100, 110, 101, 111, 102, 112, 100, 101, 102]
    assert both.config == {"parts": [{"kind": "sc"}, {"kind": "mfcc1"}]}
    assert both.label.tolist() == one.label.tolist()


def test_other_clips_are_not_put_side_by_side(shards: list[Path]):
    one = features.gather(shards, "sc", ROWS, {})
    other = replace(one, clip=one.clip[::-1])
    with pytest.raises(UserError, match="different clip tables"):
        features.concatenate([one, other])


def write(path: Path, clip: str, values: list) -> Path:
    np.savez(path, clip=np.array([clip]), values=np.array([values], np.float32))
    return path


def test_values_of_ones_own_without_frames(tmp_path: Path):
    shards = [write(tmp_path / f"{clip}.npz", clip, [ord(clip), 1]) for clip in "cab"]
    assert features.gather(shards, "own", ROWS, {}).X.tolist() == [[97, 1], [98, 1], [99, 1]]


def test_shards_of_different_shapes_are_refused(tmp_path: Path):
    shards = [
        write(tmp_path / "0.npz", "a", [[1, 2], [3, 4]]),
        write(tmp_path / "1.npz", "b", [1, 2, 3, 4]),
    ]
    config = {"features.custom.own": {"file": "mine.py", "function": "f"}}
    with pytest.raises(
        UserError, match=r"^mine.py: f gave shape \(2, 2\) for clip a, but \(4,\) for clip b"
    ):
        features.gather(shards, "own", ROWS[:2], config)
