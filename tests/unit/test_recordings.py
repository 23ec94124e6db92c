"""What each recording is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from serflow.corpora.measuring import GONE
from serflow.errors import UserError
from serflow.sound.recordings import COLUMNS, inspect, require_one_rate


def write(path: Path, samples: np.ndarray, rate: int = 8000) -> dict[str, str]:
    soundfile.write(path, samples, rate, subtype="PCM_16")
    return {"clip": path.stem, "path": str(path)}


def test_a_recording_and_a_silent_one(tmp_path: Path):
    stereo = np.zeros((4000, 2), dtype=np.int16)
    stereo[10] = -16384
    rows = [
        write(tmp_path / "loud.wav", stereo),
        write(tmp_path / "silent.wav", np.zeros(16000, np.int16), 16000),
    ]
    loud, silent = inspect(rows)
    assert tuple(loud) == COLUMNS
    assert (loud["clip"], loud["seconds"], loud["rate"]) == ("loud", 0.5, 8000)
    assert (loud["channels"], loud["peak"], loud["verdict"]) == (2, 0.5, "ok")
    assert (silent["seconds"], silent["peak"], silent["verdict"]) == (1.0, 0.0, "silent")
    assert loud["pcm_hash"] != silent["pcm_hash"]


def test_the_hash_is_of_the_samples_not_of_the_file(tmp_path: Path):
    tone = (1000 * np.sin(np.arange(800))).astype(np.int16)
    rows = [
        write(tmp_path / "mono.wav", tone),
        write(tmp_path / "stereo.wav", np.stack([tone, tone], axis=1)),
        write(tmp_path / "other.wav", tone + 1),
        write(tmp_path / "faster.wav", tone, 16000),
    ]
    mono, stereo, other, faster = (found["pcm_hash"] for found in inspect(rows))
    assert mono == stereo
    assert len({mono, other, faster}) == 3


def test_what_cannot_be_used_has_a_reason_and_a_remedy(tmp_path: Path):
    good = write(tmp_path / "good.wav", np.ones(100, np.int16))
    (tmp_path / "empty.wav").touch()
    empty, found = inspect([{"clip": "empty", "path": str(tmp_path / "empty.wav")}, good])
    assert tuple(empty) == COLUMNS
    assert {key: value for key, value in empty.items() if value is not None} == {
        "clip": "empty",
        "verdict": "unusable",
        "reason": "is empty (0 bytes)",
        "remedy": "fetch or record it again",
        "bytes": 0,
        "mtime": (tmp_path / "empty.wav").stat().st_mtime_ns,
    }
    assert (found["verdict"], found["reason"], found["remedy"]) == ("ok", None, None)


def test_a_file_that_was_there_is_no_matter_of_a_verdict(tmp_path: Path):
    row = {"clip": "a", "path": str(tmp_path / "a.wav")}
    (gone,) = inspect([{**row, "mtime": GONE}])
    assert (gone["verdict"], gone["bytes"], gone["mtime"]) == ("unusable", GONE, GONE)
    with pytest.raises(UserError, match=r"cannot be read .*, though it was there when the run"):
        inspect([{**row, "mtime": 17}])


def test_one_rate_is_wanted_where_signals_keep_their_own():
    require_one_rate([])
    require_one_rate([{"clip": "a", "rate": "48000"}, {"clip": "b", "rate": "48000"}])
    rows = [{"clip": "a", "rate": "22050"}, {"clip": "b", "rate": "8000"}]
    rows.append({"clip": "unusable", "rate": ""})
    with pytest.raises(UserError, match=r"`rate: null`.*8000 Hz \(b\), 22050 Hz \(a\)"):
        require_one_rate(rows)
