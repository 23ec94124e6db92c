"""The random-split premium: what is asked for, its table, its picture and what the report says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from serflow import configuration, model_list
from serflow.consistency import check
from serflow.errors import UserError
from serflow.evaluation.random_premium import COLUMNS, compare, guessed
from serflow.figures import random_premium
from serflow.report.random_premium import sections, seen
from serflow.splitting.premium import random_folds
from serflow.splitting.protocols import Protocol, read

SETTINGS = {"confidence": 0.95, "resamples": 500, "seed": 0}
TRUTH = {f"{speaker}{label}{take}": label for speaker in "stu" for label in "ab" for take in "01"}
SVMS = {name: {"family": "svm", "features": name[4:]} for name in ("svm_sbe", "svm_sbw", "svm_sc")}


def job(fold: int, speakers: str, wrong: str = "", seed: int = 0, takes: str = "01") -> Any:
    """Return a job that tests some speakers' clips and gets those in `wrong` wrong."""
    rows = [
        {
            "clip": clip,
            "speaker": clip[0],
            "label": label,
            "predicted": (predicted := "ab"[(label == "b") ^ (clip in wrong.split())]),
            "p_a": str(float(predicted == "a")),
            "p_b": str(float(predicted == "b")),
        }
        for clip, label in TRUTH.items()
        if clip[0] in speakers and clip[2] in takes
    ]
    return fold, seed, rows


def checked(models: dict[str, Any] = SVMS, folds: int = 3, **protocol: Any) -> None:
    config = {
        "corpus": {"name": "c", "adapter": "demo"},
        "models": models,
        "protocol": {"type": "group-k-fold", **protocol},
    }
    settings = configuration.complete(config)
    rows = [{"clip": str(i), "speaker": f"s{i}"} for i in range(6)]
    check(settings, model_list.expand(settings["models"]), rows, folds)


def test_models_are_named_as_the_tables_name_them():
    checked(random_premium=["svm_sc", "svm_sbe"])
    network = {"net": {"family": "cnn2d", "augmentations": ["masks"]}}
    checked(network, random_premium=["net_masks"])
    # Of a network that is only trained with an augmentation, there is none without.
    with pytest.raises(UserError, match=r"no model net; the nearest is net_masks; known are net_m"):
        checked(network, random_premium=["net"])


def test_a_misnamed_model_is_told_the_known_ones():
    with pytest.raises(
        UserError,
        match=r"`protocol\.random_premium`: there is no model svm_sx; the nearest is svm_s.*; "
        r"known are svm_sbe, svm_sbw, svm_sc$",
    ):
        checked(random_premium=["svm_sc", "svm_sx"])


def test_the_suffix_of_random_trainings_is_theirs():
    models = {"svm.random": SVMS["svm_sc"], **SVMS}
    with pytest.raises(UserError, match=r"`models\.svm\.random`: names that end in \.random .*ren"):
        checked(models)
    checked({"svm.random.x": SVMS["svm_sc"]})


def test_one_fold_and_random_folds_have_no_premium():
    with pytest.raises(UserError, match=r"`protocol\.random_premium`: .* has one fold .* or loso"):
        checked(folds=1, type="given", random_premium=["svm_sc"])
    checked(folds=1, type="given")
    with pytest.raises(UserError, match=r"`protocol\.random_premium`: .* is random already"):
        checked(type="random", allow_speaker_overlap=True, random_premium=["svm_sc"])


def test_random_folds_are_like_the_protocols_own():
    protocol = {"type": "loso", "validation": 0.3, "seed": 7, "allow_speaker_overlap": False}
    assert read(random_folds(protocol, 6)) == Protocol("random", 6, (), 0.3, 7, True)


def test_scores_and_difference_by_hand():
    independent = [job(0, "s", "sa0 sa1"), job(1, "t", "tb0"), job(2, "u", "ua0")]
    random = [job(0, "stu", "sa0", takes="0"), job(1, "stu", takes="1"), job(2, "")]
    row = compare("m", independent, random, SETTINGS)
    assert tuple(row) == COLUMNS
    # Recalls 3/6 and 5/6; under random folds 5/6 and 6/6.
    assert row["uar"] == pytest.approx((3 / 6 + 5 / 6) / 2)
    assert row["uar_random"] == pytest.approx((5 / 6 + 6 / 6) / 2)
    assert row["difference"] == pytest.approx(0.25)
    assert [row[key] for key in ("clips", "speakers", "folds", "seeds")] == [12, 3, 3, 1]
    # s gains sa1 and t tb0 and u ua0: one clip of the two of a label, whoever is drawn.
    assert row["low"] == pytest.approx(0.25) == row["high"]


def test_the_interval_resamples_speakers():
    random = [job(0, "stu", takes="0"), job(1, "stu", takes="1")]
    independent = [job(0, "s", "sa0 sa1"), job(1, "t"), job(2, "u")]
    row = compare("m", independent, random, {**SETTINGS, "confidence": 0.8})
    # s gains all of label a, the others nothing. Of 27 resamples 8 lack s (no difference), 6 have
    # it twice (2/3 of label a, so 1/3) and 1 three times: less than the tail of 10 %.
    assert row["difference"] == pytest.approx(1 / 6)
    assert (row["low"], row["high"]) == (0, pytest.approx(1 / 3))


def test_scores_are_means_over_seeds():
    independent = [job(0, "stu", "sa0 ta0 ua0", seed=0), job(0, "stu", seed=1)]
    random = [job(0, "stu", seed=0), job(0, "stu", seed=1)]
    row = compare("m", independent, random, SETTINGS)
    assert (row["uar"], row["uar_random"], row["seeds"]) == (pytest.approx(0.875), 1.0, 2)
    # Every speaker's part is the same, so every resample gives it.
    assert row["low"] == pytest.approx(0.125) == row["high"]


def test_only_clips_that_the_protocol_tests_count():
    independent = [job(0, "s"), job(1, "t")]
    random = [job(0, "stu", "ua0 ub0", takes="0"), job(1, "stu", "ua1", takes="1")]
    row = compare("m", independent, random, SETTINGS)
    assert (row["clips"], row["speakers"], row["uar_random"]) == (8, 2, 1.0)


def test_a_clip_that_no_random_fold_tested_is_told():
    with pytest.raises(UserError, match=r"model m\.random, seed 0: sa1 was not tested"):
        compare("m", [job(0, "stu")], [job(0, "stu", takes="0")], SETTINGS)


def test_baselines_are_of_the_training_of_the_folds_at_hand():
    # Speakers s, t and u say a, a, a, b; b, b, b, a; and b, b, b, b.
    said = {"s": "aaab", "t": "bbba", "u": "bbbb"}

    def told(fold: int, clips: str, seed: int = 0) -> Any:
        rows = [
            {"clip": clip, "speaker": clip[0], "label": said[clip[0]][int(clip[1])]}
            | {"predicted": "a", "p_a": "1.0", "p_b": "0.0"}
            for clip in clips.split()
        ]
        return fold, seed, rows

    # The protocol tests s and t only; of the rest a fold is trained on, u is a part.
    independent = [told(0, "s0 s1 s2 s3"), told(1, "t0 t1 t2 t3")]
    random = [told(0, "s0 s1 s2 t3 u0"), told(1, "t0 t1 t2 s3 u1 u2 u3")]
    chance, majority = guessed("m", independent, random, SETTINGS)
    assert tuple(chance) == tuple(majority) == COLUMNS
    assert [row["model"] for row in (chance, majority)] == ["chance", "majority"]
    scores = ("uar", "uar_random", "difference", "low", "high")
    assert [chance[key] for key in scores] == pytest.approx([0.5, 0.5, 0, 0, 0])
    # Without s there are 1 a and 7 b; without t, 3 a and 5 b: b for all, all of b is right.
    assert majority["uar"] == pytest.approx(0.5)
    # Random fold 0 is trained on b b b b b b b; fold 1 on a a a a b. Fold 0 gets none of its a,
    # fold 1 none of its b: not one of the tested clips of s and t is right.
    assert majority["uar_random"] == 0
    assert majority["difference"] == pytest.approx(-0.5)
    counts = ("clips", "speakers", "folds", "seeds")
    assert [majority[key] for key in counts] == [8, 2, 2, 1]
    # Other seeds have the same folds.
    again = [*independent, told(0, "s0 s1 s2 s3", 1), told(1, "t0 t1 t2 t3", 1)]
    assert guessed("m", again, random, SETTINGS) == [chance, majority]


def premium(model: str, uar: float, claimed: float, half: float = 0.05) -> dict[str, str]:
    change = claimed - uar
    scores = [f"{score:.3f}" for score in (uar, claimed, change, change - half, change + half)]
    return dict(zip(COLUMNS, [model, *scores, "12", "3", "2", "1"], strict=True))


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def test_the_picture_has_both_values_of_each_model():
    rows = [premium("one", 0.5, 0.6), premium("<b>$x$", 0.4, 0.8), premium("chance", 0.25, 0.25)]
    colours = {"one": "#112233", "<b>$x$": "#445566"}
    figure = random_premium.plot(rows, chance=0.25, colours=colours)
    [axes] = figure.axes
    # The largest premium is at the top.
    assert [label.get_text() for label in axes.get_yticklabels()] == ["<b>$x$", "one"]
    dots = [line for line in axes.findobj(Line2D) if line.get_marker() == "o"]
    found = {
        (dot.get_xdata()[0], dot.get_ydata()[0]): to_hex(dot.get_markerfacecolor()) for dot in dots
    }
    assert found == {
        (0.4, 0): "#445566",
        (0.8, 0): "#ffffff",
        (0.5, 1): "#112233",
        (0.6, 1): "#ffffff",
    }
    assert "+0.400  [+0.350, +0.450]" in texts(figure)
    assert "chance 0.25" in texts(figure)
    low, high = axes.get_xlim()
    assert low < 0.25
    assert high > 0.8


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [premium("m", 0.5, 0.7)],
            "Under random folds m would have claimed a UAR of 0.700; on voices that it has never "
            "heard it reaches 0.500 (difference +0.200 [+0.150, +0.250]).",
        ),
        (
            [premium("m", 0.5, 0.52)],
            "Under random folds m would have claimed a UAR of 0.520; on voices that it has never "
            "heard it reaches 0.500 (difference +0.020 [−0.030, +0.070]; the interval does not "
            "leave zero out).",
        ),
        (
            [premium("a", 0.5, 0.7), premium("b", 0.5, 0.6)],
            "Random folds flatter all 2 models, by +0.100 to +0.200 in UAR (most: a, which would "
            "have claimed 0.700 and reaches 0.500 on voices that it has never heard).",
        ),
        (
            [premium("a", 0.5, 0.7), premium("b", 0.5, 0.5), premium("c", 0.5, 0.3)],
            "Random folds flatter 1 of 3 models, by +0.200 in UAR (most: a, which would have "
            "claimed 0.700 and reaches 0.500 on voices that it has never heard); for b and c the "
            "interval does not lie above zero.",
        ),
        (
            [premium("a", 0.5, 0.5), premium("b", 0.5, 0.4)],
            "Random folds are not seen to flatter here: for no model does the interval of the "
            "difference lie above zero.",
        ),
    ],
    ids=["one", "one in doubt", "all", "some", "none"],
)
def test_the_report_says_in_one_sentence_what_is_seen(rows: list[dict[str, str]], words: str):
    assert seen(rows) == words


def test_the_section_has_sentence_table_and_picture():
    rows = [premium("b", 0.5, 0.6), premium("a", 0.4, 0.8)]
    guesses = [premium("chance", 0.25, 0.25), premium("majority", 0.25, 0.24)]
    material = SimpleNamespace(
        tables={"random_premium": [*rows, *guesses]},
        baselines={"chance": {}, "majority": {}},
        colours={"a": "#112233", "b": "#445566"},
        level="95 %",
        figures={"random_premium": "premium.svg"},
    )
    [section] = sections(material)
    assert section["title"] == "What a random split would have claimed"
    first, second, table, picture = section["blocks"]
    assert first["text"] == seen(rows[::-1])
    assert "dealt to 2 folds label by label, whoever speaks" in second["text"]
    told = [[cell["text"] for cell in row] for row in table["rows"]]
    assert told == [
        ["a", "0.400", "0.800", "+0.400", "[+0.350, +0.450]", "1"],
        ["b", "0.500", "0.600", "+0.100", "[+0.050, +0.150]", "1"],
        ["chance", "0.250", "0.250", "0.000", "", "1"],
        ["majority", "0.250", "0.240", "−0.010", "", "1"],
    ]
    muted = [{cell["muted"] for cell in row} for row in table["rows"]]
    assert muted == [{False}, {False}, {True}, {True}]
    assert "12 test clips of 3 speakers; in grey" in table["caption"]
    assert "chance" not in picture["items"][0]["alternative"]
    assert [item["path"] for item in picture["items"]] == ["premium.svg"]


@pytest.mark.parametrize("tables", [{}, {"random_premium": []}], ids=["none", "empty"])
def test_without_a_table_there_is_no_section(tables: dict[str, Any]):
    assert sections(SimpleNamespace(tables=tables)) == []
