"""Drawing the graph of the rules."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from serflow.rulegraph import draw

DOT = 'digraph rules { a [label="train_svm"]; b [label="report"]; a -> b }\n'


def test_svg_and_png(tmp_path: Path):
    paths = [tmp_path / "new" / "g.svg", tmp_path / "g.png"]
    draw("Building the graph …\n" + DOT, paths)
    svg = paths[0].read_text(encoding="utf-8")
    assert svg.count('class="node"') == 2
    assert svg.count('class="edge"') == 1
    assert ">train_svm</text>" in svg
    assert min(cv2.imread(str(paths[1])).shape[:2]) > 30
    assert [path.name for path in paths[0].parent.iterdir()] == ["g.svg"]


def test_text_without_a_graph_is_a_defect(tmp_path: Path):
    with pytest.raises(ValueError, match="not found"):
        draw("nothing", [tmp_path / "g.svg"])
    assert not list(tmp_path.iterdir())
