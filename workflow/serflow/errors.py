"""Errors that a user can act on; everything else is a defect and keeps its traceback."""

from __future__ import annotations

from pathlib import Path


class UserError(Exception):
    """A mistake in the configuration or the data, told in words a user can act on.

    The message says what was given, what is wanted and what to do. Scripts and the Snakefile print
    it without a traceback.
    """


class ClipError(UserError):
    """A recording that cannot be used.

    Parameters
    ----------
    path
        The recording's path as the clip table has it.
    reason
        What is wrong with it.
    remedy
        What to do about it.
    """

    def __init__(self, path: str | Path, reason: str, remedy: str) -> None:
        super().__init__(f"{shown(path)}: {reason}; {remedy}")
        self.path = Path(path)
        self.reason = reason
        self.remedy = remedy


def shown(path: str | Path) -> str:
    """Return a path for an error message, on one line.

    A line end in a name would break a list of errors in two, and what is not UTF-8 cannot be
    printed: names with either are quoted as Python quotes them.
    """
    text = str(path)
    return text if text.isprintable() else ascii(text)
