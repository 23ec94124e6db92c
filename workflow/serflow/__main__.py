"""``python -m serflow``: what needs no workflow."""

from __future__ import annotations

import argparse
import os
import sys

from serflow import disk
from serflow.errors import UserError, shown
from serflow.export import command as export
from serflow.prediction import command
from serflow.version import VERSION

BROKEN_PIPE = 141
"""Exit code of programs that the signal SIGPIPE ends."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake is told without a traceback."""
    parser = argparse.ArgumentParser(
        prog="python -m serflow", description="Speech emotion recognition: see README.md."
    )
    parser.add_argument("--version", action="version", version=f"SERflow {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")
    command.add_to(commands)
    export.add_to(commands)
    asked = parser.parse_args(arguments)
    try:
        code = int(asked.run(asked))
        # Now, so that a reader that has gone is noticed here.
        sys.stdout.flush()
        return code
    except UserError as error:
        print(f"SERflow: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # As `head` does when it has enough. What is still to be written at the end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        refused = disk.told(error)
        if refused is None and error.filename:
            refused = f"{shown(os.fsdecode(error.filename))}: {error.strerror}"
        if refused is None:
            raise
        print(f"SERflow: {refused}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
