"""What the report says and shows of classifiers that start from a GAN."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from serflow.evaluation.claims import sure
from serflow.figures import gan_samples, label_shares
from serflow.numbers import value
from serflow.report.label_shares import sections, seen


def row(share: float, gan: float, random: float, p_holm: float = 0.5, half: float = 0.02) -> Any:
    gain = gan - random
    scores = {
        f"uar_{start}{end}": f"{uar + off:.3f}"
        for start, uar in (("gan", gan), ("random", random))
        for end, off in (("", 0), ("_low", -0.05), ("_high", 0.05))
    }
    return {
        "model": "net",
        "share": f"{share:g}",
        "clips": f"{400 * share:g}",
        **scores,
        "uar_gan_seed_sd": "0.011",
        "uar_random_seed_sd": "0.012",
        "difference": f"{gain:.3f}",
        "low": f"{gain - half:.3f}",
        "high": f"{gain + half:.3f}",
        "p_holm": f"{p_holm:g}",
        "tested": "576",
        "speakers": "18",
        "folds": "6",
        "seeds": "3",
    }


HELPS = row(0.05, 0.44, 0.4, p_holm=0.01)
HURTS = row(1, 0.5, 0.55, p_holm=0.02)
OPEN = row(0.25, 0.51, 0.5)
# An interval beside zero that the test does not confirm.
DOUBTFUL = row(0.5, 0.56, 0.52, p_holm=0.07)


CHANCE, MAJORITY = (
    {
        **dict.fromkeys(OPEN, ""),
        "model": name,
        "uar_gan": uar,
        "uar_random": uar,
        "seeds": "1",
    }
    for name, uar in (("chance", "0.25"), ("majority", "0.245"))
)


def material(rows: list[Any], figures: dict[str, str] | None = None) -> Any:
    return SimpleNamespace(
        tables={"label_shares": rows},
        baselines={"chance": {}, "majority": {}},
        confidence=0.95,
        settings={"net": {}, "other": {}},
        figures=figures or {},
        level="95 %",
        unit="speakers",
        sure=lambda row: sure(value(row["low"]), value(row["high"]), value(row["p_holm"]), 0.95),
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [HELPS],
            "Starting from the GAN helps net at 5\u202f% (+0.040 [+0.020, +0.060]) of the labels.",
        ),
        (
            [HELPS, OPEN, DOUBTFUL],
            "Starting from the GAN helps net at 5\u202f% (+0.040 [+0.020, +0.060]) of the labels. "
            "Elsewhere it cannot be told whether it helps (differences: 25\u202f% +0.010, "
            "50\u202f% +0.040).",
        ),
        (
            [OPEN, HURTS],
            "Starting from the GAN does not help net: it lowers the UAR at 100\u202f% (−0.050 "
            "[−0.070, −0.030]) of the labels. Elsewhere it cannot be told whether it hurts "
            "(differences: 25\u202f% +0.010).",
        ),
        (
            [HELPS, HURTS],
            "Starting from the GAN helps net at 5\u202f% (+0.040 [+0.020, +0.060]) of the labels. "
            "It lowers the UAR at 100\u202f% (−0.050 [−0.070, −0.030]) of the labels.",
        ),
        (
            [OPEN, DOUBTFUL],
            "No gain from the GAN is seen: at no share of the labels can net that starts from it "
            "be told from the same classifier from random weights (differences in UAR: "
            "25\u202f% +0.010, 50\u202f% +0.040).",
        ),
    ],
    ids=["helps", "helps at some", "hurts", "both", "nothing"],
)
def test_sentences_say_where_it_helps(rows: list[Any], words: str) -> None:
    assert seen(material(rows), rows) == words


def heard(speakers: int, rows: list[Any]) -> list[Any]:
    return [{**one, "speakers": str(speakers)} for one in rows]


def test_where_no_difference_can_pass_the_test_there_is_no_word_of_no_gain() -> None:
    # Of 2^6 patterns of signs two are as far from zero at least; of two shares, Holm's method
    # doubles that: 4/64 = 0.0625.
    rows = heard(6, [OPEN, row(0.5, 0.9, 0.5, p_holm=0.0625)])
    assert seen(material(rows), rows) == (
        "Whether net gains from the GAN cannot be told at any share of the labels (differences in "
        "UAR to the same classifier from random weights: 25\u202f% +0.010, 50\u202f% +0.400): with "
        "6 speakers and 2 shares the smallest corrected p-value that can come out is 0.062, so no "
        "difference can pass the corrected test, however large it is; more speakers, or fewer "
        "shares, would change that."
    )


@pytest.mark.parametrize(
    ("speakers", "shares", "unit"),
    [(6, 1, "speakers"), (7, 2, "speakers"), (2, 2, "clips")],
    ids=["fewer shares", "more speakers", "clips are counted"],
)
def test_where_one_could_no_gain_is_said(speakers: int, shares: int, unit: str) -> None:
    # 2/2^6 and 2 · 2/2^7 are 0.031; where clips are resampled, speakers do not limit the test.
    rows = heard(speakers, [OPEN, DOUBTFUL][:shares])
    given = material(rows)
    given.unit = unit
    assert seen(given, rows).startswith("No gain from the GAN is seen: ")


def test_the_section_has_sentence_table_and_pictures() -> None:
    figures = {"label_shares/net": "shares.svg", "gan_samples/net": "samples.png"}
    given = material([OPEN, HELPS, CHANCE, MAJORITY], figures)
    [section] = sections(given)
    sentence, how, table, pictures = section["blocks"]
    assert sentence["text"] == seen(given, [HELPS, OPEN])
    assert "without their labels" in how["text"]
    assert [[cell["text"] for cell in line] for line in table["rows"]] == [
        [
            *("5\u202f%", "20", "0.440", "0.011", "0.400", "0.012"),
            *("+0.040", "[+0.020, +0.060]", "0.010"),
        ],
        [
            *("25\u202f%", "100", "0.510", "0.011", "0.500", "0.012"),
            *("+0.010", "[−0.010, +0.030]", "0.500"),
        ],
        ["chance", "", "0.250", "–", "0.250", "–", "", "", ""],
        ["majority", "", "0.245", "–", "0.245", "–", "", "", ""],
    ]
    muted = [{cell["muted"] for cell in line} for line in table["rows"]]
    assert muted == [{False}, {False}, {True}, {True}]
    assert [column["title"] for column in table["columns"]].count("SD") == 2
    assert len(table["columns"]) == len(table["rows"][0])
    # What is sure stands out.
    assert [line[0]["strong"] for line in table["rows"]] == [True, False, False, False]
    assert [item["path"] for item in pictures["items"]] == ["shares.svg", "samples.png"]


def test_one_seed_has_no_deviation() -> None:
    once = {**OPEN, "seeds": "1", "uar_gan_seed_sd": "", "uar_random_seed_sd": ""}
    table = sections(material([once]))[0]["blocks"][2]
    assert "SD" not in [column["title"] for column in table["columns"]]
    assert len(table["columns"]) == len(table["rows"][0])
    assert "576 test clips in 6 folds, 1 seed. In grey" in table["caption"]


def test_without_a_comparison_the_images_are_shown() -> None:
    [section] = sections(material([], {"gan_samples/net": "samples.png"}))
    [pictures] = section["blocks"]
    assert [item["path"] for item in pictures["items"]] == ["samples.png"]


def test_without_a_gan_there_is_no_section() -> None:
    assert sections(material([])) == []
    assert sections(SimpleNamespace(tables={}, settings={"net": {}}, figures={})) == []


def drawn(figure: Figure) -> dict[str, tuple[list[float], list[float], str]]:
    [axes] = figure.axes
    return {
        str(line.get_label()): (
            list(line.get_xdata()),
            list(line.get_ydata()),
            to_hex(line.get_color()),
        )
        for line in axes.get_lines()
    }


def test_the_picture_has_a_line_for_each_start() -> None:
    figure = label_shares.plot([OPEN, HELPS], chance=0.25, colour="#112233")
    lines = drawn(figure)
    gan, random = lines["from the GAN's weights"], lines["from random weights"]
    assert gan[0] == pytest.approx([0.05, 0.25], rel=0.03)
    assert gan[1] == [0.44, 0.51]
    assert gan[2] == "#112233"
    assert random[1] == [0.4, 0.5]
    assert random[2] != gan[2]
    # They stand side by side, the share between them.
    assert all(a < share < b for a, share, b in zip(gan[0], (0.05, 0.25), random[0], strict=True))
    assert set(lines["chance 0.25"][1]) == {0.25}
    ends = [
        segment[:, 1].tolist()
        for collection in figure.axes[0].collections
        for segment in collection.get_segments()
    ]
    assert ends == [
        pytest.approx(limits) for limits in ([0.39, 0.49], [0.46, 0.56], [0.35, 0.45], [0.45, 0.55])
    ]
    told = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert told == ["5\u202f%\n20 clips", "25\u202f%\n100 clips"]


def test_the_samples_are_drawn_as_they_are() -> None:
    recorded = np.arange(3 * 6 * 4, dtype=np.uint8).reshape(3, 6, 4)
    generated = np.full((16, 6, 4), 200, np.uint8)
    figure = gan_samples.plot(recorded, generated)
    images = [image for axes in figure.findobj(match=_has_images) for image in axes.images]
    assert len(images) == 3 + 16
    for image, expected in zip(images, [*recorded, *generated], strict=True):
        np.testing.assert_array_equal(image.get_array(), expected)
        # Greys are comparable, and low frequencies are at the bottom.
        assert image.get_clim() == (0, 255)
        assert image.origin == "lower"
    told = [text.get_text() for text in figure.findobj(Text) if text.get_text()]
    assert told == ["recorded (training clips)", "made by the generator"]


def _has_images(artist: Any) -> bool:
    return bool(getattr(artist, "images", None)) and hasattr(artist, "get_xlim")
