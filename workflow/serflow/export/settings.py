"""A model's settings as they may be passed on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def portable(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model's slice, sorted, and without the folders of this machine in it."""
    return {
        key: Path(value).name if key == "file" else value for key, value in sorted(settings.items())
    }
