"""Figures: what is drawn where, and that nothing in a name is ever taken for markup."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from serflow.codeprint import modules
from serflow.errors import UserError
from serflow.figures import augmentation, confusion, curves, images, ranking, spectrograms, style
from serflow.figures.colours import MUTED, PALETTE, mixed, palette, readable_on
from serflow.figures.effects import effects
from serflow.sound import mel_scale

HOSTILE = [
    *(
        "<script>alert(1)</script>",
        "--><b>",
        "=cmd()",
        "a$b$",
        "#let x",
        '"><img src=x onerror=a()>',
    ),
    *("$\\frac{$", "C:\\a", "a\tb\nc", "\u202egnp.exe", "bell\x07", "\x00", "]]>", "-"),
]


def texts(artist: Figure | Axes) -> list[str]:
    return [text.get_text() for text in artist.findobj(Text) if text.get_text()]


def model_row(model: str, uar: float, half: float | None = 0.05) -> dict[str, str]:
    limits = ("", "") if half is None else (f"{uar - half:.3f}", f"{uar + half:.3f}")
    return {
        "model": model,
        "family": "baseline" if model in ("chance", "majority") else "svm",
        "uar": f"{uar:.3f}",
        "uar_low": limits[0],
        "uar_high": limits[1],
    }


CHANCE = model_row("chance", 0.25, half=0)


def comparison(
    model_a: str, model_b: str, difference: float, p_holm: float = 0.5
) -> dict[str, str]:
    return {
        "model_a": model_a,
        "model_b": model_b,
        "difference": str(difference),
        "low": str(difference - 0.02),
        "high": str(difference + 0.05),
        "p_holm": str(p_holm),
    }


def confusion_rows(labels: list[str], seeds: int = 1) -> list[dict[str, str]]:
    """Three quarters of each label's 8 clips are right, the rest goes to the next label."""
    rows = []
    for place, label in enumerate(labels):
        for other, predicted in enumerate(labels):
            share = {0: 0.75, 1: 0.25}.get((other - place) % len(labels), 0.0)
            count = str(int(8 * share * seeds))
            rows.append(
                {"label": label, "predicted": predicted, "count": count, "share": str(share)}
            )
    return rows


def curve(fold: str, accuracies: list[float]) -> list[dict[str, str]]:
    return [
        {
            "fold": fold,
            "seed": "0",
            "epoch": str(epoch),
            "train_loss": "1.0",
            "train_accuracy": "0.9",
            "validation_loss": "1.2",
            "validation_accuracy": str(accuracy),
        }
        for epoch, accuracy in enumerate(accuracies, 1)
    ]


def example(label: str, role: str, **more: object) -> dict[str, object]:
    return {"label": label, "role": role, "clip": f"a/{label}_{role}", "speaker": "07", **more}


def cielab(colour: str) -> np.ndarray:
    """Return lightness, a and b of ``#rrggbb`` under daylight (D65)."""
    share = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = xyz @ linear / [0.9505, 1, 1.089]
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


class TestStyle:
    @pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
    def test_same_figure_gives_same_bytes(self, tmp_path: Path, suffix: str) -> None:
        for name in ("one", "two"):
            style.save(
                ranking.plot([model_row("svm_sc", 0.5), CHANCE]), tmp_path / f"{name}{suffix}"
            )
        one, two = (tmp_path / f"{name}{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()

    def test_file_stays_as_it_was_when_saving_fails(self, tmp_path: Path) -> None:
        path = tmp_path / "figure.unheard-of"
        path.write_text("before")
        with pytest.raises(ValueError, match="not supported"):
            style.save(Figure(), path)
        assert path.read_text() == "before"
        assert list(tmp_path.iterdir()) == [path]

    def test_settings_of_matplotlib_are_left_alone(self) -> None:
        before = dict(mpl.rcParams)
        ranking.plot([model_row("svm_sc", 0.5)])
        assert dict(mpl.rcParams) == before

    @pytest.mark.parametrize(
        ("name", "most", "short"),
        [("abcdef", 6, "abcdef"), ("abcdefg", 6, "ab…efg"), ("abcdefg", 3, "a…g")],
    )
    def test_shortened(self, name: str, most: int, short: str) -> None:
        assert style.shortened(name, most) == short


class TestColours:
    def test_mixed(self) -> None:
        assert mixed("#000000", "#ffffff", 0.2) == "#333333"
        assert mixed("#0072B2", "#ffffff", 0) == "#0072b2"

    @given(st.lists(st.text("abc_2", min_size=1, max_size=5), max_size=30, unique=True))
    def test_palette_is_distinct_and_independent_of_order(self, names: list[str]) -> None:
        colours = palette(names)
        assert set(colours) == set(names)
        assert len(set(colours.values())) == len(names)
        assert palette(reversed(names)) == colours

    def test_thirty_models_are_told_apart(self) -> None:
        colours = palette(f"model{number}" for number in range(30))
        places = [cielab(colour) for colour in colours.values()]
        apart = min(np.linalg.norm(one - other) for one, other in combinations(places, 2))
        # About 2.3 is the least that is seen at all (Mahy et al. 1994).
        assert apart > 10

    def test_variants_are_tints_of_their_base(self) -> None:
        variants = {f"cnn2d_{kind}": "cnn2d" for kind in ("crop", "noise", "rotation", "flip")}
        colours = palette(["svm_sc", "cnn2d", *variants], variants)
        assert colours["cnn2d"] == PALETTE[0].lower()
        assert len(set(colours.values())) == 6
        lightness = [sum(bytes.fromhex(colours[name][1:])) for name in ["cnn2d", *sorted(variants)]]
        assert all(one < two for one, two in pairwise(lightness))

    def test_palette_of_a_single_variant_keeps_the_colour(self) -> None:
        variants = {"cnn2d_crop": "cnn2d"}
        assert palette(["cnn2d_crop"], variants) == {
            "cnn2d_crop": palette(["cnn2d", "cnn2d_crop"], variants)["cnn2d_crop"]
        }

    def test_readable_on(self) -> None:
        assert readable_on((1, 1, 1)) == "#000000"
        assert readable_on((0, 0.2, 0.4, 1)) == "#ffffff"


class TestRanking:
    def test_best_is_at_the_top_and_ties_go_by_name(self) -> None:
        rows = [model_row("b", 0.4), model_row("c", 0.6), model_row("a", 0.4)]
        axes = ranking.plot(rows).axes[0]
        assert [label.get_text() for label in axes.get_yticklabels()] == ["c", "a", "b"]
        assert axes.get_ylim()[0] > axes.get_ylim()[1]
        assert "0.600  [0.550, 0.650]" in texts(axes)

    def test_model_without_interval(self) -> None:
        axes = ranking.plot([model_row("a", 0.4, half=None)]).axes[0]
        assert "0.400" in texts(axes)

    def test_everything_lies_inside_the_axes(self) -> None:
        axes = ranking.plot([model_row("a", 0.1), model_row("b", 0.97, half=0.03), CHANCE]).axes[0]
        low, high = axes.get_xlim()
        assert low <= 0.05
        assert high >= 1

    def test_baselines_stand_below_in_grey_whatever_they_reach(self) -> None:
        rows = [CHANCE, model_row("majority", 0.9), model_row("a", 0.4)]
        axes = ranking.plot(rows, colours={"a": "#0072b2"}).axes[0]
        labels = axes.get_yticklabels()
        assert [label.get_text() for label in labels] == ["a", "chance", "majority"]
        assert [label.get_color() == MUTED for label in labels] == [False, True, True]
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        assert [dot.get_markerfacecolor() for dot in dots] == ["#0072b2", "white", "white"]
        # A guess is the same whoever is drawn, so it has no interval; and it is the dashed line.
        shown = texts(axes)
        assert "0.250" in shown
        assert "chance 0.25" in shown
        assert [0.25, 0.25] in [list(line.get_xdata()) for line in axes.lines]


class TestConfusion:
    def test_shares_and_counts_per_seed(self) -> None:
        shown = texts(confusion.plot(confusion_rows(["Angry", "Calm"], seeds=3), seeds=3))
        assert shown.count("75 %") == shown.count("25 %") == 2
        assert shown.count("6") == shown.count("2") == 2

    def test_label_without_clips_has_no_share(self) -> None:
        rows = confusion_rows(["Angry", "Calm"])
        for row in rows[2:]:
            row.update(count="0", share="")
        assert texts(confusion.plot(rows)).count("–") == 2

    @pytest.mark.parametrize("number", [2, 12])
    def test_drawing_does_not_fail(self, tmp_path: Path, number: int) -> None:
        rows = confusion_rows([f"a long label, number {index}" for index in range(number)])
        style.save(confusion.plot(rows, title="m" * 90), tmp_path / "confusion.svg")

    def test_labels_are_text_whatever_they_hold(self, tmp_path: Path) -> None:
        figure = confusion.plot(confusion_rows(HOSTILE), title="cnn_$2$")
        style.save(figure, tmp_path / "confusion.svg")
        written = (tmp_path / "confusion.svg").read_text(encoding="utf-8")
        tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(written).iter()}
        assert "script" not in tags
        assert tags.isdisjoint({"b", "img"})
        # With formulas interpreted the dollar signs would vanish from the picture.
        assert "<!-- a$b$ -->" in written
        assert "<!-- cnn_$2$ -->" in written


class TestCurves:
    def test_mean_is_over_runs_and_ends_where_most_have_stopped(self) -> None:
        rows = curve("0", [0.2, 0.4, 0.5, 0.9]) + curve("1", [0.4, 0.6]) + curve("2", [0.3, 0.5])
        axes = curves.plot(rows).axes[1]
        [mean] = [line for line in axes.lines if line.get_label() == "validation (mean)"]
        np.testing.assert_allclose(mean.get_xydata(), [[1, 0.3], [2, 0.5]])

    def test_epochs_kept_are_marked(self) -> None:
        rows = curve("0", [0.2, 0.4]) + curve("1", [0.4, 0.6])
        axes = curves.plot(rows, chosen={("0", "0"): 2, ("1", "0"): 1}).axes[1]
        [dots] = [line for line in axes.lines if line.get_label() == "epoch kept (of one run)"]
        np.testing.assert_allclose(dots.get_xydata(), [[2, 0.4], [1, 0.4]])

    def test_without_validation_only_training_is_drawn(self, tmp_path: Path) -> None:
        rows = curve("0", [0.2])
        for row in rows:
            row.update(validation_loss="", validation_accuracy="")
        figure = curves.plot(rows, chosen={("0", "0"): 1}, chance=0.25)
        style.save(figure, tmp_path / "curves.png")
        names = [text.get_text() for text in figure.legends[0].get_texts()]
        assert names == ["training (mean)", "chance 0.25"]


class TestAugmentation:
    def test_effects_are_variant_less_base_whichever_comes_first(self) -> None:
        rows = [
            comparison("cnn2d", "cnn2d_crop", 0.1, p_holm=0.01),
            comparison("cnn2d_noise", "cnn2d", 0.2),
            comparison("cnn2d", "svm_sc", 0.3),
            comparison("cnn2d_crop", "cnn2d_noise", 0.4),
        ]
        noise, crop = effects(rows, "cnn2d", ["cnn2d_crop", "cnn2d_noise"], 0.95)
        assert (noise.model, crop.model) == ("cnn2d_noise", "cnn2d_crop")
        np.testing.assert_allclose(noise[1:4], [0.2, 0.18, 0.25])
        np.testing.assert_allclose(crop[1:4], [-0.1, -0.15, -0.08])
        assert (noise.sure, crop.sure) == (False, True)

    @pytest.mark.parametrize(
        ("p_holm", "difference", "confidence", "filled"),
        [
            (0.08, 0.1, 0.95, False),
            (0.08, 0.1, 0.9, True),
            (0.03, 0.1, 0.99, False),
            # The interval, from -0.01 to 0.06, holds zero.
            (0.001, 0.01, 0.95, False),
        ],
    )
    def test_filled_dots_follow_the_level_of_the_intervals(
        self, p_holm: float, difference: float, confidence: float, filled: bool
    ) -> None:
        rows = [comparison("m_a", "m", difference, p_holm)]
        axes = augmentation.plot(
            rows, base="m", variants={"m_a": "crop"}, confidence=confidence
        ).axes[0]
        [dot] = [line for line in axes.lines if line.get_marker() == "o"]
        assert (dot.get_markerfacecolor() != "white") == filled

    def test_most_helpful_is_at_the_top(self) -> None:
        rows = [comparison("m_a", "m", -0.1), comparison("m_b", "m", 0.1)]
        axes = augmentation.plot(rows, base="m", variants={"m_a": "crop", "m_b": "noise"}).axes[0]
        assert [label.get_text() for label in axes.get_yticklabels()] == ["noise", "crop"]
        assert "−0.100  [−0.120, −0.050]" in texts(axes)
        assert axes.get_xlim()[0] == -axes.get_xlim()[1]


class TestSpectrograms:
    def test_decibels(self) -> None:
        power = np.array([[100.0, 10.0], [1e-9, 0.0]])
        np.testing.assert_allclose(
            spectrograms.decibels(power, 100.0, 80.0), [[0, -10], [-80, -80]]
        )

    @pytest.mark.parametrize("rate", [8000, 48000])
    def test_band_at_is_where_the_filter_bank_has_its_centre(self, rate: int) -> None:
        centres = mel_scale.centres(rate, 40)
        places = [spectrograms.band_at(hertz, 40, rate) for hertz in centres]
        np.testing.assert_allclose(places, range(40), atol=1e-9)

    def test_panels_share_one_scale_and_say_what_they_show(self) -> None:
        clips = [
            example(label, role, mel=np.full((30, 8), power), hop_seconds=0.5, rate=16000)
            for label, power in (("Angry", 1.0), ("Calm", 1e-3))
            for role in ("train", "test")
        ]
        figure = spectrograms.examples(clips)
        pictures = [image for axes in figure.axes for image in axes.images]
        assert [float(picture.get_array().max()) for picture in pictures] == pytest.approx(
            [0, -30] * 2
        )
        assert {tuple(picture.get_extent()) for picture in pictures} == {(0, 4, -0.5, 29.5)}
        shown = texts(figure)
        assert {"Angry", "Calm", "Training", "Test", "time (s)", "frequency (kHz)"} <= set(shown)
        assert "Calm_test\nspeaker 07" in shown

    def test_silence_can_be_drawn(self, tmp_path: Path) -> None:
        clip = example("Calm", "train", mel=np.zeros((30, 8)), hop_seconds=0.015, rate=8000)
        figure = spectrograms.examples([clip])
        style.save(figure, tmp_path / "silence.png")
        assert "no such clip" in texts(figure)

    def test_no_clip_at_all_is_an_error(self) -> None:
        with pytest.raises(UserError, match="at least one"):
            spectrograms.examples([])

    def test_labels_are_spread_evenly_over_rows(self, tmp_path: Path) -> None:
        labels = [*HOSTILE[:5], "Sad"]
        clips = [
            example(label, "train", mel=np.ones((9, 4)), hop_seconds=0.1, rate=8000)
            for label in labels
        ]
        figure = spectrograms.examples(clips)
        style.save(figure, tmp_path / "many.svg")
        assert figure.axes[0].get_gridspec().get_geometry() == (4, 3)
        assert "<!-- a$b$ -->" in (tmp_path / "many.svg").read_text(encoding="utf-8")


def test_an_edit_of_the_reports_words_draws_no_figure_anew(root: Path) -> None:
    for script in sorted((root / "workflow" / "scripts").glob("figure_*.py")):
        used = [path.parent.name for path in modules(script)]
        assert "figures" in used
        assert "report" not in used, script


def test_images_are_drawn_as_stored() -> None:
    stored = np.arange(12, dtype=np.uint8).reshape(4, 3)
    figure = images.examples([example("Sad", role, image=stored) for role in ("train", "test")])
    axes = figure.axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), stored)
    assert axes.get_ylim() == (3.5, -0.5)
    assert axes.images[0].get_clim() == (0, 255)
