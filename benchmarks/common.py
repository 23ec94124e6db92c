"""What all benchmarks share: a measured row, how to time, and recordings to measure on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from serflow.synthesis.corpus import synthesize

PROJECT = Path(__file__).resolve().parent.parent
COLUMNS = (
    *("section", "what", "unit", "ours", "straightforward", "floor"),
    *("ours_to_straightforward", "ours_to_floor", "limit", "held", "note", "machine"),
)


@dataclass(frozen=True)
class Row:
    """One measurement, ours beside others of the same run.

    Attributes
    ----------
    section, what
        Which benchmark, and what was measured in words.
    unit
        Of the three values; less is better.
    ours, straightforward, floor
        The project's; that of the simple form that a user would write; the least that any way
        can take. None where there is no such thing.
    limit
        What is promised, in words: ``"straightforward / 20"``; empty where nothing is.
    held
        Whether the promise holds in this run; None without a promise.
    note
        What one has to know to read the row: how many clips, jobs, repetitions.
    """

    section: str
    what: str
    unit: str
    ours: float
    straightforward: float | None = None
    floor: float | None = None
    limit: str = ""
    held: bool | None = None
    note: str = ""

    def cells(self) -> dict[str, object]:
        """Return the row of the table, with its ratios."""
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "held": "" if self.held is None else "yes" if self.held else "no",
            "ours_to_straightforward": _ratio(self.ours, self.straightforward),
            "ours_to_floor": _ratio(self.ours, self.floor),
            "machine": machine(),
        }


@dataclass(frozen=True)
class Options:
    """What every benchmark is given.

    Attributes
    ----------
    clips
        Folder of 48 kHz WAVs, any nesting; synthetic ones where the user gave none.
    folder
        An empty folder for whatever has to be written.
    """

    clips: Path
    folder: Path


def machine() -> str:
    """Describe the machine in one line."""
    python = platform.python_version()
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {python}"


def recordings(folder: Path) -> Path:
    """Synthesize recordings at RAVDESS' sampling rate and return their folder."""
    made = folder / "wavs"
    synthesize(made, speakers=4, repetitions=1, intensities=1, rate=48000, seed=0)
    return made


def processor_ms(work: Callable[[], object]) -> float:
    """Milliseconds of processor time, of all this process's threads, that `work` takes."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def wall_seconds(work: Callable[[], object]) -> float:
    """Seconds on the clock that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median processor milliseconds of several ways, run in turn so that noise hits all alike.

    One round more comes first and is not counted: it pays imports, compilation and caches.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            times[name].append(processor_ms(way))
    return {name: statistics.median(values[1:]) for name, values in times.items()}


@contextmanager
def progress(section: str) -> Iterator[None]:
    """Say what is being measured and how long it took."""
    print(f"{section} …", flush=True)
    start = time.perf_counter()
    yield
    print(f"{section}: measured in {time.perf_counter() - start:.0f} s", flush=True)


def _ratio(value: float, other: float | None) -> float | str:
    return "" if not other else value / other


def _processor() -> str:
    """Name of the processor, where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()
