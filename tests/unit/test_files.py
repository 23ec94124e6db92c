"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from serflow.files import read_json, replacing, write_json, write_text


def test_the_file_appears_when_the_block_ends(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "a.txt"
    with replacing(path) as temporary:
        assert temporary.parent == path.parent
        assert temporary.suffix == ".txt"
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["a.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failed_block_leaves_the_old_file(tmp_path: Path, error: type[BaseException]):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_the_permissions_are_those_of_an_ordinary_file(tmp_path: Path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "a", "x")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_numpy_keeps_the_name(tmp_path: Path):
    with replacing(tmp_path / "a.npz") as temporary:
        np.savez(temporary, x=np.arange(3))
    assert os.listdir(tmp_path) == ["a.npz"]


def test_text_has_unix_line_ends_and_utf8(tmp_path: Path):
    write_text(tmp_path / "a", "ä\n\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa4\n\n"


def test_json_is_sorted_readable_and_read_again(tmp_path: Path):
    value = {"b": [1, 2.5, None], "a": {"ü": True}}
    write_json(tmp_path / "a.json", value)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert text.startswith('{\n  "a": {\n    "ü": true\n')
    assert text.endswith("}\n")
    assert read_json(tmp_path / "a.json") == value
