"""A process that has imported what calls and jobs import, and forks for each of them.

Started by `warm.py`. A request holds the standard streams, the folder, the variables and the
arguments of a new Python; the answer is its exit status. What is started for somebody who ends
before is killed.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

# Not SERflow's own modules: those are of the project that is called.
IMPORTED = (
    *("snakemake.cli", "snakemake.script", "snakemake_executor_plugin_slurm", "jsonschema"),
    *("numpy", "pandas", "scipy.fft", "cv2", "soxr", "sklearn.svm", "torch", "torch.utils.data"),
    *("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg"),
)


def serve(place: str, executable: str) -> None:
    """Answer at a socket until the process that started this one has ended.

    `executable` is what calls of Snakemake take for Python: it asks here for each job. The folder
    of the socket goes with this process.
    """
    for name in IMPORTED:
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen(64)
        print("ready", flush=True)
        # Those who watch over a call are waited for by nobody.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:  # its end
                shutil.rmtree(Path(place).parent)
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _watch(connection, executable)
            connection.close()


def _watch(connection: socket.socket, executable: str) -> NoReturn:
    """Start what is asked for, and answer with its exit status."""
    message, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while not message.endswith(b"\n"):
        part = connection.recv(1 << 16)
        if not part:  # who asked is gone
            os._exit(1)
        message += part
    request = json.loads(message)
    child = os.fork()
    if child == 0:
        connection.close()
        _become(request, streams, executable)
    with suppress(OSError):  # whichever of the two comes first
        os.setpgid(child, child)
    for stream in streams:
        os.close(stream)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([connection, ended], [], [])
    if ended not in ready:
        # With all that it waits for: their ends are seen by those who watch over the jobs.
        os.killpg(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended in ready:
        # As a shell tells of a signal.
        connection.sendall(str(status if status >= 0 else 128 - status).encode())
    os._exit(0)


def _become(request: dict[str, Any], streams: list[int], executable: str) -> NoReturn:
    """Be `python -m snakemake …` or `python script.py`, in a group of its own, and end."""
    os.setpgid(0, 0)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["variables"])
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ
    # In place of the folder of this very file.
    sys.path[:1] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    status = 1
    try:
        if request["script"] is None:
            sys.executable = executable
            sys.path.insert(0, request["folder"])
            sys.argv[1:] = request["arguments"]
            runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
        else:
            script = Path(request["script"])
            sys.path.insert(0, str(script.parent))
            sys.argv[:] = [str(script), *request["arguments"]]
            runpy.run_path(str(script), run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        # What the end of an interpreter does.
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(*sys.argv[1:])
