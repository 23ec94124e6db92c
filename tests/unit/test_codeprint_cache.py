"""What was read in code is kept between starts, and never stands for other code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from serflow.codeprint import codeprint
from serflow.codeprint_cache import LIMIT, Cache, place

ENTRY = (("lib", "lib.used"), "abc")
FRESH = """
import sys
from pathlib import Path
from serflow.codeprint import codeprint
print(codeprint(*map(Path, sys.argv[1:])))
"""


def test_an_entry_is_there_at_the_next_start(tmp_path: Path):
    cache = Cache(tmp_path / "new" / "codeprints.json")
    assert cache.get("key") is None
    cache.put("key", ENTRY)
    cache.save()
    assert Cache(cache.path).get("key") == ENTRY


def test_nothing_new_writes_nothing(tmp_path: Path):
    cache = Cache(tmp_path / "codeprints.json")
    cache.save()
    assert not cache.path.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"key": 1}', b'{"key": [["a"], 1]}', b'{"key": [[1], "a"]}'],
)
def test_a_damaged_file_is_none(tmp_path: Path, content: bytes):
    path = tmp_path / "codeprints.json"
    path.write_bytes(content)
    cache = Cache(path)
    assert cache.get("key") is None
    cache.put("key", ENTRY)
    cache.save()
    assert Cache(path).get("key") == ENTRY


def test_a_folder_that_cannot_be_is_done_without(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    cache = Cache(tmp_path / "file" / "codeprints.json")
    cache.put("key", ENTRY)
    cache.save()
    assert cache.get("key") == ENTRY


def test_the_least_recently_used_is_forgotten(tmp_path: Path):
    cache = Cache(tmp_path / "codeprints.json")
    for number in range(LIMIT):
        cache.put(str(number), ENTRY)
    cache.get("0")
    cache.put("new", ENTRY)
    cache.save()
    kept = Cache(cache.path)
    assert (kept.get("0"), kept.get("new"), kept.get("1")) == (ENTRY, ENTRY, None)


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert place() == tmp_path / "serflow" / "codeprints.json"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for no_folder in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", no_folder)
        assert place() == tmp_path / "home" / ".cache" / "serflow" / "codeprints.json"


def test_a_user_without_a_home_does_without(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME")

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert place() is None
    cache = Cache(None)
    cache.put("key", ENTRY)
    cache.save()
    assert cache.get("key") == ENTRY


def test_fingerprints_come_from_it_and_are_those_of_code_that_was_read(tmp_path: Path):
    """Each start is a process of its own: in one process a file is read once."""
    library = tmp_path / "lib"
    library.mkdir()
    (library / "__init__.py").write_text("")
    (library / "used.py").write_text("def value():\n    return 1\n")
    script = tmp_path / "script.py"
    script.write_text("import lib.used\n")
    cached = tmp_path / "cache" / "serflow" / "codeprints.json"

    def printed() -> str:
        done = subprocess.run(
            [sys.executable, "-c", FRESH, str(script), str(library)],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    first = printed()
    assert first == codeprint(script, library)
    entries = json.loads(cached.read_text())
    assert len(entries) == 3  # the script, the package, the module
    assert printed() == first
    # What is kept is what is used: with another meaning of the same code the print is another.
    changed = {key: [names, "other"] for key, (names, _) in entries.items()}
    cached.write_text(json.dumps(changed))
    assert printed() != first
    cached.unlink()
    (library / "used.py").write_text("def value():\n    return 2\n")
    assert printed() != first
    assert list(json.loads(cached.read_text())) != list(entries)
