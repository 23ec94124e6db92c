"""What a user asks of the models of an earlier run, as the workflow needs to know it beforehand.

Imports nothing heavy: the Snakefile calls this module while the rules are read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from serflow.errors import UserError, shown
from serflow.prediction import found
from serflow.prediction.recordings import meant

LONGEST_NAME = 40
"""Letters of a request's name that come from what was asked."""
MOST_TOLD = 5
"""Missing recordings that a message lists."""


def given(recordings: str | Sequence[str] | None) -> list[str]:
    """Return the configuration's key `recordings` as a list; empty where nothing is asked."""
    if recordings is None:
        return []
    return [recordings] if isinstance(recordings, str) else list(recordings)


def name(asked: Sequence[str], settings: Mapping[str, Any]) -> str:
    """Return the name of the folder of a request's answers, ``my-3f1a09c2``.

    The same request always has the same one, and two requests have two.

    Parameters
    ----------
    asked
        Files, folders, patterns and sheets, as they were given.
    settings
        What else was asked: the configuration's block `predict`.
    """
    text = json.dumps([list(asked), dict(settings)], sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    first = Path(os.path.abspath(asked[0])).stem if asked else ""
    plain = unicodedata.normalize("NFKD", first).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    return f"{words or 'recordings'}-{digest}"


def recordings(asked: Sequence[str]) -> list[str]:
    """Return the recordings that are meant, when all of them are there.

    Raises
    ------
    UserError
        If nothing was asked, a recording does not exist, a folder holds none, no file matches a
        pattern, or a sheet cannot be used.
    """
    if not asked:
        raise UserError(
            "`recordings` is not given; say which recordings are meant: "
            "`--config recordings=my.wav`, or a folder, a pattern such as 'takes/*.wav', a sheet "
            "(CSV or TSV with a column path), or a list of these"
        )
    paths = meant(asked)
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        listed = ", ".join(map(shown, missing[:MOST_TOLD]))
        more = f" and {len(missing) - MOST_TOLD} more" if len(missing) > MOST_TOLD else ""
        raise UserError(
            f"`recordings`: {listed}{more} cannot be found; relative paths start where snakemake "
            "was called, those in a sheet at the sheet's folder"
        )
    return paths


def model_files(results: str | Path, model: str | None) -> list[Path]:
    """Return the files of the model that is asked: one by name, or that with the highest UAR.

    Raises
    ------
    UserError
        If there is none yet, or none of that name.
    """
    names = found.trained(results)
    if not names:
        raise UserError(
            f"{results}: no model is there yet, and a prediction does not train one; finish a run "
            "first: `snakemake --cores 2 report`, with the same configuration file"
        )
    if model is None:
        return found.files(results)
    if model not in names:
        raise UserError(
            f"`predict.model`: {model} was given, but {results}/models has "
            f"{', '.join(names)}; name one of these, or finish the run that trains it"
        )
    return found.files(Path(results, "models", model))


def code_file(path: str) -> str:
    """Return the configuration's key `predict.own_code`, when it is a file.

    Raises
    ------
    UserError
        If there is no such file.
    """
    if not os.path.isfile(path):
        raise UserError(
            f"`predict.own_code`: {shown(path)} is no file; give the Python file of the model's "
            "own feature type or network (relative paths start where snakemake was called)"
        )
    return path


def fingerprint(paths: Iterable[str | Path]) -> str:
    """Return 16 hexadecimal digits of name, size and time of change of each file."""
    digest = hashlib.sha256()
    for path in paths:
        status = os.stat(path)
        line = [str(path), status.st_size, status.st_mtime_ns]
        digest.update(json.dumps(line, ensure_ascii=True).encode())
    return digest.hexdigest()[:16]
