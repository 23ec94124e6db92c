"""The packages of the extra ``export``, which an installation may lack."""

from __future__ import annotations

from serflow.errors import UserError


def missing(error: ImportError) -> UserError:
    """Return what to tell where a package of the extra cannot be imported."""
    return UserError(
        f"ONNX files need the package {error.name}, which is not installed here; install SERflow "
        "with its extra `export` (`make venv` does, or `pip install -e '.[export]'`)"
    )
