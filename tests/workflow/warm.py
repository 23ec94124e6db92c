"""Snakemake's command line in processes that have imported it already.

`python -m snakemake` imports for as long as it plans. A server imports once and forks for each
call; the child takes the call's own folder, variables and output, and does what Snakemake's
`__main__` does.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

# Not SERflow's own modules: a call's are those of the project that is called.
IMPORTED = ["snakemake.cli", "snakemake_executor_plugin_slurm", "jsonschema", "numpy", "pandas"]
# These count when an interpreter starts or a library is imported: for a fork it is too late.
EARLY = ("PYTHON", "LC_", "LANG", "TZ", "OMP_")


def serves(variables: Mapping[str, str]) -> bool:
    """Return whether a fork takes these variables as a process of its own would."""
    return not any(name.startswith(EARLY) for name in variables)


def snakemake(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], timeout: float
) -> tuple[int, str]:
    """Run Snakemake in a folder; return its exit status and all that it printed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    with TemporaryDirectory() as temporary:
        printed = Path(temporary) / "printed.txt"
        child = context.Process(
            target=_call, args=(arguments, folder, dict(variables), printed, _search_path())
        )
        child.start()
        child.join(timeout)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise subprocess.TimeoutExpired(arguments, timeout)
        return child.exitcode, printed.read_text(encoding="utf-8", errors="replace")


def _call(
    arguments: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    printed: Path,
    search_path: Sequence[str],
) -> None:
    """Become `python -m snakemake`, in a process of its own."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    output = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.close(output)
    sys.path[:] = [str(folder), *search_path]
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in variables

    from snakemake import __file__, cli

    sys.argv = [str(Path(__file__).with_name("__main__.py")), *arguments]
    try:
        cli.main()
    finally:
        # A process of multiprocessing leaves them undone.
        atexit._run_exitfuncs()


@cache
def _search_path() -> list[str]:
    """Return where a new interpreter looks for modules, behind the folder it is called in."""
    command = [sys.executable, "-c", "import sys; print(*sys.path[1:], sep='\\n')"]
    variables = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        command, env=variables, capture_output=True, text=True, check=True
    ).stdout.splitlines()
