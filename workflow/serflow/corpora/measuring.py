"""Size and time of a recording's file: what makes its shard stale."""

from __future__ import annotations

import os
import stat
from pathlib import Path

GONE = -1
"""Size and time of a recording that is not there, or may not be read: no file has them."""

_ALL_MAY_READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def measured(path: str | Path) -> tuple[int, int]:
    """Return size in bytes and time of change in ns of a file.

    Both are `GONE` where it is not there, the time alone where it may not be read: permissions are
    part of neither figure.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError):  # ValueError: a null character
        return GONE, GONE
    # Hardly a file needs to be asked about.
    if status.st_mode & _ALL_MAY_READ != _ALL_MAY_READ and not os.access(path, os.R_OK):
        return status.st_size, GONE
    return status.st_size, status.st_mtime_ns
