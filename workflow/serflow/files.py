"""Writing files whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from serflow import disk, leftovers


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place when the block ends well.

    The temporary file lies in the same folder, so `os.replace` is atomic; it keeps the suffix,
    because writers such as `numpy.savez` and OpenCV choose the format by it. If the block raises,
    the temporary file is removed and `path` stays as it was; where a process is killed, the next
    one that writes into the folder removes it.

    Raises
    ------
    UserError
        If the disk is full or must not be written.
    """
    path = Path(path)
    with disk.writing(path):
        held, temporary = leftovers.begin(path)
        try:
            yield temporary
            # mkstemp makes files private (0600); results are ordinary files, so follow the umask.
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
            os.close(held)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8 with Unix line ends, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_json(path: str | Path, value: Any) -> None:
    """Write `value` as indented JSON with sorted keys, whole or not at all."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_json(path: str | Path) -> Any:
    """Read a JSON file written in UTF-8."""
    return json.loads(Path(path).read_text(encoding="utf-8"))
