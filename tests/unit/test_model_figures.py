"""Figures over all models: reliability and mean ranks."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from matplotlib.text import Text

from serflow.figures import calibration, critical_difference, style

NAMES = [f"network_{number:02}_with_a_name" for number in range(25)]


def bins(model: str) -> list[dict[str, str]]:
    return [
        {"model": model, "predictions": "30", "confidence": "0.4", "accuracy": "0.5"},
        {"model": model, "predictions": "90", "confidence": "1", "accuracy": "0.8"},
    ]


def ranks(names: list[str]) -> list[dict[str, str]]:
    return [{"model": name, "mean_rank": str(place + 1)} for place, name in enumerate(names)]


def pairs(names: list[str], apart: int) -> list[dict[str, str]]:
    """Models are told apart that lie `apart` places from each other, or further."""
    return [
        {
            "model_a": a,
            "model_b": b,
            "low": "0.01" if names.index(b) - names.index(a) >= apart else "-0.01",
            "high": "0.1",
            "p_holm": "0.001",
        }
        for a, b in combinations(names, 2)
    ]


class TestCalibration:
    def test_a_panel_per_model_in_the_order_of_the_errors(self) -> None:
        rows = [*bins("a"), *bins("b")]
        rows[2] = {**rows[2], "accuracy": "0.1"}
        figure = calibration.plot(rows, {"b": "0.25", "a": "0.01"}, colours={"a": "r", "b": "g"})
        b, a = figure.axes
        assert [axes.get_title() for axes in (b, a)] == ["b\nECE 0.250", "a\nECE 0.010"]
        np.testing.assert_allclose(a.lines[1].get_xydata(), [[0.4, 0.5], [1, 0.8]])
        np.testing.assert_allclose(b.lines[1].get_xydata(), [[0.4, 0.1], [1, 0.8]])
        np.testing.assert_allclose(a.lines[0].get_xydata(), [[0, 0], [1, 1]])

    def test_dots_grow_with_the_share_of_the_predictions(self) -> None:
        [axes] = calibration.plot(bins("a"), {"a": "0.1"}).axes
        few, many = axes.collections[0].get_sizes()
        assert many - 3 == 3 * (few - 3)

    def test_many_models_fill_rows_and_every_column_has_its_numbers(self, tmp_path: Path) -> None:
        names = NAMES[:17]
        rows = [row for name in names for row in bins(name)]
        figure = calibration.plot(rows, dict.fromkeys(names, "0.1"))
        style.save(figure, tmp_path / "calibration.svg")
        assert figure.get_figwidth() <= style.WIDTH
        drawn = [axes for axes in figure.axes if axes.axison]
        assert len(drawn) == 17
        # Below the 13th to the 15th there is no panel.
        numbered = [
            place
            for place, axes in enumerate(drawn)
            if any(text.get_text() for text in axes.xaxis.get_majorticklabels())
            and axes.xaxis.get_tick_params()["labelbottom"]
        ]
        assert numbered == [12, 13, 14, 15, 16]


class TestCriticalDifference:
    def bars(self, figure: style.Figure) -> list[list[float]]:
        return [list(map(float, line.get_ydata())) for line in figure.axes[1].lines]

    def test_the_best_rank_is_at_the_top_and_told(self) -> None:
        figure = critical_difference.plot(ranks(["a", "b"])[::-1], pairs(["a", "b"], 1))
        axes, beside = figure.axes
        assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
        assert axes.get_ylim()[0] > axes.get_ylim()[1]
        assert [text.get_text() for text in beside.texts] == ["1.00", "2.00"]
        assert self.bars(figure) == []

    def test_bars_span_their_group(self) -> None:
        names = ["a", "b", "c", "d"]
        figure = critical_difference.plot(ranks(names), pairs(names, 2))
        assert self.bars(figure) == [[-0.25, 1.25], [0.75, 2.25], [1.75, 3.25]]
        places = {float(line.get_xdata()[0]) for line in figure.axes[1].lines}
        assert len(places) == 3
        assert max(places) < figure.axes[1].get_xlim()[1]

    def test_twenty_five_models_can_be_read(self, tmp_path: Path) -> None:
        figure = critical_difference.plot(ranks(NAMES), pairs(NAMES, 9))
        style.save(figure, tmp_path / "ranks.svg")
        assert len(self.bars(figure)) == 17
        names = figure.axes[0].get_yticklabels()
        boxes = [name.get_window_extent() for name in names]
        assert all(one.y0 > other.y1 for one, other in pairwise(boxes))
        # The numbers do not run into the bars, nor the chart into nothing.
        assert figure.axes[0].get_window_extent().width > 0.3 * figure.bbox.width
        number = figure.axes[1].texts[-1].get_window_extent()
        first = figure.axes[1].transData.transform((critical_difference.FIRST_BAR, 0))[0]
        assert number.x1 < first

    def test_without_ranks_the_figure_says_why(self) -> None:
        figure = critical_difference.plot([], [])
        [text] = [text.get_text() for text in figure.findobj(Text)]
        assert "at least three models and three tested speakers" in text
