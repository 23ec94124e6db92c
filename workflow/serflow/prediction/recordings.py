"""The recordings that a user means, and reading those that are no WAV."""

from __future__ import annotations

import glob
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from serflow.corpora.walk import wav_files
from serflow.errors import ClipError, UserError

if TYPE_CHECKING:
    from serflow.sound.audio import Recording

SHEETS = (".csv", ".tsv")
PATTERN = "*?["
OTHER_FORMATS = (", not WAV", "is not a WAV file")
"""How the reason ends for which `read_wav` refuses what may be a recording of another format."""


def meant(given: Sequence[str]) -> list[str]:
    """Return the paths of the recordings that are meant, each once, in the order given.

    Parameters
    ----------
    given
        Files; folders, for all WAVs below them; patterns such as ``takes/*.wav``; sheets, CSV or
        TSV, with a column ``path``.

    Raises
    ------
    UserError
        If there is no such file, or none in a folder.
    """
    found: list[str] = []
    for one in given:
        found += _meant(one)
    return list(dict.fromkeys(found))


def _meant(one: str) -> list[str]:
    path = Path(one)
    if path.is_dir():
        below = [str(path / name) for name in wav_files(path, "recordings")]
        if not below:
            others = f"give other formats by a pattern, such as '{path}/*.mp3'"
            raise UserError(f"{one}: no WAV is in this folder; {others}")
        return below
    if path.suffix.lower() in SHEETS:
        # Only now: the YAML of its schema takes a tenth of a second to import.
        from serflow.corpora import sheet

        return [row["path"] for row in sheet.read(path, only_paths=True)]
    # A file whose name is a pattern by chance is that file.
    if path.exists() or path.is_symlink() or not any(sign in one for sign in PATTERN):
        return [one]
    matching = sorted(glob.glob(one, recursive=True))
    if not matching:
        raise UserError(f"{one}: no file matches this pattern")
    return matching


def read(path: str) -> Recording:
    """Read a recording: WAV as the extraction reads it, all else by way of ffmpeg.

    Raises
    ------
    ClipError
        As `serflow.sound.audio.read_wav`; and if another format is given and ffmpeg is not there,
        or cannot read it either.
    """
    from serflow.sound.audio import read_wav

    try:
        return read_wav(path)
    except ClipError as error:
        # Neither a damaged WAV, of which ffmpeg would make up the rest, nor a web page.
        if not error.reason.endswith(OTHER_FORMATS):
            raise
        if shutil.which("ffmpeg") is None:
            remedy = "install ffmpeg, which reads other formats, or convert it to WAV"
            raise ClipError(path, error.reason, remedy) from None
        from serflow.prediction.decoding import decoded

        return decoded(path)
