"""Drawing the graph of the rules, with the Graphviz that pygraphviz carries."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pygraphviz

from serflow.files import replacing


def draw(dot: str, paths: Iterable[str | Path]) -> None:
    """Draw a graph in the DOT language into each of `paths`, in the format of its suffix.

    Whatever stands before the graph (messages on the same stream) is passed over.
    """
    lines = dot[dot.index("digraph") :].splitlines()
    # Snakemake tells the edges in another order each time; the SVG numbers them.
    edges = sorted(line for line in lines if "->" in line)
    others = [line for line in lines if "->" not in line]
    end = max(number for number, line in enumerate(others) if "}" in line)
    graph = pygraphviz.AGraph(string="\n".join([*others[:end], *edges, *others[end:]]))
    graph.graph_attr.update(rankdir="TB", bgcolor="white", dpi="96")
    graph.layout("dot")
    for path in paths:
        # As bytes: a path is opened by a function that fails in Python 3.11.2, which is Debian's.
        drawn = graph.draw(format=Path(path).suffix.removeprefix("."))
        with replacing(path) as temporary:
            temporary.write_bytes(drawn)
