"""The graph of a run: which rule waits for which, and how many jobs each has.

Drawn with the Graphviz that pygraphviz carries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pygraphviz

from serflow.files import replacing

INK, PAPER, LINE = "#1c2530", "#eef3f9", "#7b8794"
_NODE = re.compile(r'^\s*(\d+)\[label = "([^"\\]+)')
_EDGE = re.compile(r"^\s*(\d+) -> (\d+)\s*$")
LONG = 16
"""A rule's name of more letters takes two lines, where it stands alone in its box."""


@dataclass(frozen=True)
class RuleGraph:
    """Rules of a run.

    Attributes
    ----------
    jobs
        Number of jobs by rule, in the order of the names.
    edges
        Pairs of rules, the second of which reads what the first makes.
    """

    jobs: Mapping[str, int]
    edges: frozenset[tuple[str, str]]


def of_jobs(dot: str) -> RuleGraph:
    """Return the rules of a graph of jobs, as ``snakemake --dag dot`` prints it.

    Whatever stands before the graph (messages on the same stream) is passed over, and so is what
    nothing waits for: the target that was asked for, which makes no file.
    """
    lines = dot[dot.index("digraph") :].splitlines()
    rule = {found[1]: found[2] for found in map(_NODE.match, lines) if found}
    pairs = {(found[1], found[2]) for found in map(_EDGE.match, lines) if found}
    waited_for = {before for before, _ in pairs}
    last = [job for job in rule if job not in waited_for]
    targets = set(last) if len(rule) > len(last) else set()
    jobs = Counter(name for job, name in rule.items() if job not in targets)
    edges = {(rule[a], rule[b]) for a, b in pairs if b not in targets and rule[a] != rule[b]}
    return RuleGraph(dict(sorted(jobs.items())), frozenset(edges))


def reduced(edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the edges, sorted, without those that a longer way says as well."""
    edges = sorted(edges)
    after: dict[str, set[str]] = {}
    for before, later in edges:
        after.setdefault(before, set()).add(later)

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            for one in after.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    far = {name: reached(name) for name in after}
    return [
        (before, later)
        for before, later in edges
        if not any(later in far.get(other, ()) for other in after[before] - {later})
    ]


def boxes(graph: RuleGraph) -> dict[str, list[str]]:
    """Return the rules of each box, by the first of them: those with the same neighbours share one.

    What is merged are figures of the same numbers, or the two layouts of the report.
    """
    edges = reduced(graph.edges)
    around: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for rule in graph.jobs:
        before = frozenset(first for first, second in edges if second == rule)
        later = frozenset(second for first, second in edges if first == rule)
        around.setdefault((before, later), []).append(rule)
    return {rules[0]: rules for rules in around.values()}


def draw(graph: RuleGraph, paths: Iterable[str | Path]) -> None:
    """Draw a graph into each of `paths`, in the format of its suffix; the same bytes each time.

    Edges that a longer way says as well are left out, and rules with the same neighbours share a
    box. A number of jobs stands behind the rules that have several.
    """
    together = boxes(graph)
    first = {rule: name for name, rules in together.items() for rule in rules}
    picture = pygraphviz.AGraph(directed=True, strict=True)
    picture.graph_attr.update(rankdir="TB", bgcolor="white", dpi="96", margin="0.05")
    picture.graph_attr.update(nodesep="0.16", ranksep="0.26")
    look = {"shape": "box", "style": "rounded,filled", "fillcolor": PAPER, "color": LINE}
    letters = {"fontname": "DejaVu Sans Mono,monospace", "fontsize": "10", "fontcolor": INK}
    picture.node_attr.update(**look, **letters, height="0.28", margin="0.06,0.04")
    picture.edge_attr.update(color=LINE, arrowsize="0.6")
    for name, rules in together.items():
        lines = [_label(rule, graph.jobs[rule], alone=len(rules) == 1) for rule in rules]
        picture.add_node(name, label="\n".join(lines))
    picture.add_edges_from(sorted({(first[a], first[b]) for a, b in reduced(graph.edges)}))
    picture.layout("dot")
    for path in paths:
        # As bytes: a path is opened by a function that fails in Python 3.11.2, which is Debian's.
        drawn = picture.draw(format=Path(path).suffix.removeprefix("."))
        with replacing(path) as temporary:
            temporary.write_bytes(drawn)


def _label(rule: str, count: int, *, alone: bool) -> str:
    """Write a rule's name, over two lines where it is long, and how many jobs it has."""
    if alone and len(rule) > LONG and "_" in rule:
        joints = [place for place, letter in enumerate(rule) if letter == "_"]
        cut = min(joints, key=lambda place: abs(place - len(rule) / 2)) + 1
        rule = f"{rule[:cut]}\n{rule[cut:]}"
    return f"{rule} × {count}" if count > 1 else rule
