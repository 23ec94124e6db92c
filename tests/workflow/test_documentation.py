"""Every command of the documentation is run, or at least planned, and every program works.

What is run how stands in `documented_ways.py`; docs/adding-a-model.md has a test of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from documented import FOLLOWED, KINDS, ROOT, Shown, blocks, commands, lines, options, spans
from documented_ways import EXACT, Places, Planned, Way, furnish, way
from documented_ways import KINDS as WAYS
from project import Project
from snakemake.cli import get_argument_parser

from serflow.configuration import complete

# The same command stands on several pages.
ALL = sorted({command.text for command in commands()})
PLANS = [text for text in ALL if isinstance(way(text)[1], Planned)]
OTHERS = [text for text in ALL if text not in PLANS]
IN_TEXT = sorted({span.text for span in spans()})
PROGRAMS: dict[str, list[str]] = {}
for _, block in blocks("python"):
    PROGRAMS.setdefault(block.page, []).append(block.text)


@pytest.fixture(scope="module")
def places(finished: Project, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """The project with nothing made, the finished one, and what users have."""
    folder = tmp_path_factory.mktemp("documentation")
    found = Places(
        fresh=Project.make(folder / "fresh"),
        made=finished.copy(folder / "made"),
        things=folder / "things",
    )
    furnish(found.things, found.fresh, found.made)
    return found


def _plan(command: str) -> tuple[str, Way]:
    """Return what tells plans apart; what is run and what is only looked at first are one."""
    return re.sub(r" (-n|--cores \d+|--quiet rules)(?= |$)", "", command), way(command)[1]


@pytest.fixture(scope="module")
def plans(request: pytest.FixtureRequest, places: Places) -> Iterator[dict[str, Future[None]]]:
    """All dry runs that were asked for: processes of their own, so two at a time."""
    asked = [
        item.callspec.params["command"]
        for item in request.session.items
        if item.module is request.module and "plans" in item.fixturenames
    ]
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        different: dict[tuple[str, Way], Future[None]] = {}
        for command in asked:
            if (plan := _plan(command)) not in different:
                different[plan] = pool.submit(plan[1], places, command)
        yield {command: different[_plan(command)] for command in asked}


@pytest.mark.parametrize("command", PLANS)
def test_there_is_something_to_do(command: str, plans: dict[str, Future[None]]) -> None:
    plans[command].result()


@pytest.mark.parametrize("command", OTHERS)
def test_command(command: str, places: Places) -> None:
    way(command)[1](places, command)


def test_every_entry_of_the_table_claims_a_command() -> None:
    assert {way(text)[0] for text in ALL + IN_TEXT} >= {*EXACT, *WAYS}


def test_no_block_of_commands_is_called_otherwise() -> None:
    assert {kind for kind, _ in blocks()} <= KINDS


def test_pages_that_are_left_out_are_followed_elsewhere() -> None:
    for page, test in FOLLOWED.items():
        assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")


def test_comments_and_continued_lines() -> None:
    text = "# all\nmake a  # one\n\nb 'x # y' \\\n  c\nd#e\n"
    assert list(lines(text)) == ["make a", "b 'x # y' c", "d#e"]


@pytest.mark.parametrize("command", IN_TEXT)
def test_command_in_running_text(command: str, places: Places) -> None:
    """Snakemake's are read by its own parser, and its targets are the Snakefile's."""
    if not command.startswith("snakemake "):
        way(command)[1](places, command)
        return
    snakefile = (ROOT / "Snakefile").read_text(encoding="utf-8")
    given = get_argument_parser().parse_args(command.split()[1:])
    for target in given.targets:
        assert re.search(rf"^rule {target}:", snakefile, re.MULTILINE), target


def test_options_in_running_text_are_known() -> None:
    """Those of Snakemake by its parser, SERflow's by its code; the rest are Slurm's and pip's."""
    others = {"--me", "--name", "--states", "--mem", "--partition", "--account", "--gpus"}
    others.add("--constraint")
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "workflow" / "serflow").rglob("*.py")
    )
    known = set(get_argument_parser()._option_string_actions)
    unknown = [name for name in options() if name not in known | others]
    assert [name for name in unknown if f'"{name}"' not in code] == []


@pytest.mark.parametrize("page", sorted(PROGRAMS))
def test_programs(page: str, places: Places) -> None:
    """The programs of a page are one session."""
    program = "\n".join(PROGRAMS[page])
    places.call(f"python - <<'END_OF_PROGRAM'\n{program}\nEND_OF_PROGRAM", in_made=True)


@pytest.mark.parametrize("block", [block for _, block in blocks("yaml")], ids=str)
def test_configuration(block: Shown, root: Path) -> None:
    """What an example leaves out is the demonstration's."""
    demo = yaml.safe_load((root / "config" / "config.yaml").read_text(encoding="utf-8"))
    notices: list[str] = []
    complete({**demo, **yaml.safe_load(block.text)}, notices=notices)
    assert notices == []
