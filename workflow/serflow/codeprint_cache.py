"""What was read in modules of code, kept between starts in the user's cache folder.

Reading every module of the library would take longer than reading the rules. An entry's key is a
digest of all that it was made from, so an entry is right or is not found; the file may be removed
at any time.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from serflow import files
from serflow.errors import UserError

# Entries beyond these are forgotten, the least recently used first.
LIMIT = 2000

Entry = tuple[tuple[str, ...], str]


def place() -> Path | None:
    """Return the file's path, below XDG_CACHE_HOME or ~/.cache; None for a user without a home."""
    for folder in (os.environ.get("XDG_CACHE_HOME", ""), os.path.expanduser("~/.cache")):
        if os.path.isabs(folder):
            return Path(folder, "serflow", "codeprints.json")
    return None


class Cache:
    """Names of imported modules and digest of the meaning, by the digest of what was read.

    Without a path nothing is kept beyond this process.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._entries = _read(path) if path else {}
        self._new = False

    def get(self, key: str) -> Entry | None:
        if (entry := self._entries.pop(key, None)) is not None:
            self._entries[key] = entry
        return entry

    def put(self, key: str, entry: Entry) -> None:
        self._entries[key] = entry
        self._new = True

    def save(self) -> None:
        """Write the file if there is anything new; where that cannot be, nothing is kept."""
        if not (self._new and self.path):
            return
        self._new = False
        kept = dict(list(self._entries.items())[-LIMIT:])
        with suppress(OSError, UserError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # In the order of use, which the next one goes on with.
            files.write_text(self.path, json.dumps(kept))


def _read(path: Path) -> dict[str, Entry]:
    """Return the entries of a file; none where it is not there or is not what was written."""
    try:
        content = json.loads(path.read_bytes())
        return {
            key: (tuple(_text(name) for name in names), _text(meaning))
            for key, (names, meaning) in content.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
