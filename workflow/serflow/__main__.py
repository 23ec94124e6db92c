"""``python -m serflow``: what needs no workflow."""

from __future__ import annotations

import argparse
import sys

from serflow.errors import UserError
from serflow.prediction import command
from serflow.version import VERSION


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake is told without a traceback."""
    parser = argparse.ArgumentParser(
        prog="python -m serflow", description="Speech emotion recognition: see README.md."
    )
    parser.add_argument("--version", action="version", version=f"SERflow {VERSION}")
    commands = parser.add_subparsers(required=True, metavar="command")
    command.add_to(commands)
    asked = parser.parse_args(arguments)
    try:
        return int(asked.run(asked))
    except UserError as error:
        print(f"SERflow: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
