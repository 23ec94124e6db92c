"""The graph of the rules: what Snakemake prints of the jobs, summed up and drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from serflow.rulegraph import RuleGraph, boxes, draw, of_jobs, reduced

# Two trainings that read one table; the target stands at the end.
DOT = """Building the graph …
digraph snakemake_dag {
    graph[bgcolor=white, margin=0];
    node[shape=box, style=rounded, fontname=sans];
\t0[label = "report", color = "0.51 0.6 0.85", style="rounded"];
\t1[label = "evaluate", color = "0.1 0.6 0.85", style="rounded"];
\t2[label = "train_svm\\nfold: 0\\nmodel: svm", color = "0.2 0.6 0.85", style="rounded,dashed"];
\t3[label = "train_svm\\nfold: 1\\nmodel: svm", color = "0.2 0.6 0.85", style="rounded,dashed"];
\t4[label = "feature_table", color = "0.3 0.6 0.85", style="rounded"];
EDGES
}
"""
EDGES = ["\t1 -> 0", "\t2 -> 1", "\t3 -> 1", "\t4 -> 2", "\t4 -> 3"]


def printed(edges: list[str]) -> str:
    return DOT.replace("EDGES", "\n".join(edges))


def test_jobs_are_counted_by_rule_and_the_target_is_none() -> None:
    graph = of_jobs(printed(EDGES))
    assert graph.jobs == {"evaluate": 1, "feature_table": 1, "train_svm": 2}
    assert graph.edges == {("feature_table", "train_svm"), ("train_svm", "evaluate")}


def test_a_longer_way_replaces_an_edge() -> None:
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("a", "d")]
    assert reduced(edges) == [("a", "b"), ("b", "c"), ("c", "d")]
    assert reduced([("a", "b"), ("a", "c")]) == [("a", "b"), ("a", "c")]


def test_rules_with_the_same_neighbours_share_a_box() -> None:
    edges = {("a", "x"), ("a", "y"), ("a", "z"), ("x", "end"), ("y", "end")}
    graph = RuleGraph(dict.fromkeys(("a", "end", "x", "y", "z"), 1), frozenset(edges))
    assert list(boxes(graph).values()) == [["a"], ["end"], ["x", "y"], ["z"]]


def test_svg_and_png(tmp_path: Path) -> None:
    paths = [tmp_path / "new" / "g.svg", tmp_path / "g.png"]
    draw(of_jobs(printed(EDGES)), paths)
    svg = paths[0].read_text(encoding="utf-8")
    assert svg.count('class="node"') == 3
    assert svg.count('class="edge"') == 2
    assert ">train_svm × 2</text>" in svg
    assert min(cv2.imread(str(paths[1])).shape[:2]) > 20
    assert [path.name for path in paths[0].parent.iterdir()] == ["g.svg"]


def test_the_order_of_the_edges_is_no_matter(tmp_path: Path) -> None:
    """Snakemake's own differs from call to call."""
    drawn = []
    for number, order in enumerate((EDGES, EDGES[::-1])):
        draw(of_jobs(printed(order)), [tmp_path / f"{number}.svg"])
        drawn.append((tmp_path / f"{number}.svg").read_bytes())
    assert drawn[0] == drawn[1]


def test_text_without_a_graph_is_a_defect() -> None:
    with pytest.raises(ValueError, match="not found"):
        of_jobs("nothing")
