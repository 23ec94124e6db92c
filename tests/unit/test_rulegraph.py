"""Drawing the graph of the rules."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from serflow.rulegraph import draw

DOT = 'digraph rules {\na [label="train_svm"]\nb [label="report"]\na -> b\n}\n'


def test_svg_and_png(tmp_path: Path):
    paths = [tmp_path / "new" / "g.svg", tmp_path / "g.png"]
    draw("Building the graph …\n" + DOT, paths)
    svg = paths[0].read_text(encoding="utf-8")
    assert svg.count('class="node"') == 2
    assert svg.count('class="edge"') == 1
    assert ">train_svm</text>" in svg
    assert min(cv2.imread(str(paths[1])).shape[:2]) > 30
    assert [path.name for path in paths[0].parent.iterdir()] == ["g.svg"]


def test_the_order_of_the_edges_is_no_matter(tmp_path: Path):
    """Snakemake's own differs from call to call."""
    edges = ["a -> b", "a -> c", "b -> c"]
    drawn = []
    for number, order in enumerate((edges, edges[::-1])):
        body = "\n".join(["digraph rules {", "  a", "  b", "  c", *order, "}", ""])
        draw(body, [tmp_path / f"{number}.svg"])
        drawn.append((tmp_path / f"{number}.svg").read_bytes())
    assert drawn[0] == drawn[1]
    assert drawn[0].count(b'class="edge"') == 3


def test_text_without_a_graph_is_a_defect(tmp_path: Path):
    with pytest.raises(ValueError, match="not found"):
        draw("nothing", [tmp_path / "g.svg"])
    assert not list(tmp_path.iterdir())
