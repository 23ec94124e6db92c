"""What every script needs around its work: threads, memory, a log, errors in words."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from serflow import disk
from serflow.errors import UserError
from serflow.heap import keep_freed_memory

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

log = logging.getLogger("serflow")


@contextmanager
def job(threads: int, log_file: str | Path) -> Iterator[None]:
    """Run a script's work: limit its threads, log to `log_file`, tell a user's mistake in words.

    It must be entered before numpy, OpenCV or torch is imported, because these read the limits when
    they are. A `UserError`, and a disk that is full or cannot be written, end in exit code 1
    without a traceback; any other exception is a defect, and its traceback goes to the log and on
    to the caller.
    """
    for variable in _THREADS:
        os.environ[variable] = str(threads)
    keep_freed_memory()
    try:
        _log_to(Path(log_file))
        yield
    except UserError as error:
        _end(str(error))
    except OSError as error:
        refused = disk.told(error)
        if refused is None:
            log.exception("unexpected error")
            raise
        _end(refused)
    except Exception:
        log.exception("unexpected error")
        raise


def _log_to(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=path,
        filemode="w",
        encoding="utf-8",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        force=True,
    )
    logging.captureWarnings(True)
    # On a full disk a line of the log is lost, and with it nothing else.
    logging.raiseExceptions = False


def _end(message: str) -> NoReturn:
    """Tell the user and the log what is wrong, and end the job."""
    log.error("%s", message)
    print(f"\nSERflow: {message}\n", file=sys.stderr)
    sys.exit(1)
