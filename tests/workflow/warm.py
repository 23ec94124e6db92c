"""Snakemake's command line, and the scripts of its jobs, in processes that need not import.

`python -m snakemake` imports for as long as it plans, and a training imports torch for longer than
it trains. Servers (`warm_server.py`) have all that imported and fork; the child has a folder,
variables and streams of its own and does what the interpreter would. What Slurm starts, what is
killed, and the runs that tests of repeatability compare are of Pythons of their own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from threading import Lock

# They count when an interpreter starts or a library is imported: for a fork it is too late.
EARLY = ("PYTHON", "LC_", "LANG", "TZ", "OMP_")

# What calls take for Python: asks the server for the script of a job, and is Python otherwise.
PYTHON = """\
#!{python} -IS
import json, os, socket, sys
if not (sys.argv[1:] and "/.snakemake/scripts/" in sys.argv[1]):
    os.execv("{python}", ["{python}", *sys.argv[1:]])
request = dict(folder=os.getcwd(), variables=dict(os.environ))
request.update(script=sys.argv[1], arguments=sys.argv[2:])
with socket.socket(socket.AF_UNIX) as server:
    server.connect("{place}")
    socket.send_fds(server, [b" "], [0, 1, 2])
    server.sendall(json.dumps(request).encode() + b"\\n")
    sys.exit(int(server.recv(16) or b"1"))
"""


def serves(variables: Mapping[str, str]) -> bool:
    """Return whether a fork takes these variables as a process of its own would."""
    possible = hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
    return possible and not any(name.startswith(EARLY) for name in variables)


def snakemake(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], timeout: float
) -> tuple[int, str]:
    """Run Snakemake in a folder; return its exit status and all that it printed."""
    request = {"folder": str(folder), "variables": dict(variables)}
    request.update(script=None, arguments=list(arguments))
    with TemporaryFile() as printed, socket.socket(socket.AF_UNIX) as server:
        server.settimeout(timeout)
        with _STARTING:
            place = _server(next(_SEEDS))
        server.connect(place)
        with open(os.devnull) as nothing:
            streams = [nothing.fileno(), printed.fileno(), printed.fileno()]
            socket.send_fds(server, [b" "], streams)
        server.sendall(json.dumps(request).encode() + b"\n")
        try:
            status = server.recv(16)
        except TimeoutError:
            raise subprocess.TimeoutExpired(list(arguments), timeout) from None
        printed.seek(0)
        return int(status or b"1"), printed.read().decode(errors="replace")


_STARTING = Lock()
# A call's order of sets is another than that of the call before, as with Pythons of their own.
_SEEDS = cycle(("1", "2"))
_KEPT: list[subprocess.Popen[bytes]] = []


@cache
def _server(seed: str) -> str:
    """Start a server of this process, which ends with it; return its place."""
    folder = Path(mkdtemp(prefix="serflow-"))
    place, python = folder / "socket", folder / "python"
    python.write_text(PYTHON.format(python=sys.executable, place=place), encoding="utf-8")
    python.chmod(0o755)
    variables = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("warm_server.py")), str(place), str(python)],
        env={**variables, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": seed},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    _KEPT.append(server)
    return str(place)
