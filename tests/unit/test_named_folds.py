"""Published folds: the lists of the papers, each actor tested once, and the corpora refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from types import SimpleNamespace

import pytest

from serflow.errors import UserError
from serflow.report.training import split_told
from serflow.splitting.named_folds import NAMED
from serflow.splitting.protocols import TYPES, fold_count
from serflow.splitting.splits import assign

ACTORS = [f"{number:02d}" for number in range(1, 25)]
# Typed from the papers, not from the code: actors by their numbers.
LUNA = "2 5 14 15 16|3 6 7 13 18|10 11 12 19 20|8 17 21 23 24|1 4 9 22"
EMOBOX = "1 11 20 21|4 10 12 14|8 9 19 23|3 5 7 24|2 15 16 18|6 13 17 22"


def clips(speakers: list[str]) -> list[dict[str, str]]:
    return [
        {"clip": f"{speaker}/{label}", "label": label, "speaker": speaker, "split": ""}
        for speaker in speakers
        for label in "ab"
    ]


def actors_tested(name: str) -> list[set[int]]:
    """Return the actors that each fold tests, by the table of splits."""
    folds: dict[int, set[int]] = defaultdict(set)
    for row in assign(clips(ACTORS), {"type": name, "validation": 0.2}):
        if row["role"] == "test":
            folds[row["fold"]].add(int(row["clip"].split("/")[0]))
    return [folds[fold] for fold in sorted(folds)]


@pytest.mark.parametrize(("name", "published"), [("luna5", LUNA), ("emobox6", EMOBOX)])
def test_the_folds_are_the_papers(name: str, published: str):
    assert actors_tested(name) == [set(map(int, fold.split())) for fold in published.split("|")]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_each_actor_is_in_exactly_one_fold(name: str):
    listed = Counter(actor for fold in NAMED[name].test_speakers for actor in fold)
    assert listed == dict.fromkeys(ACTORS, 1)
    assert fold_count({"type": name}, clips(ACTORS)) == len(NAMED[name].test_speakers)


def test_genders_are_as_the_papers_have_them():
    """Odd actors are male: Luna's folds are as even as can be, EmoBox' second is all female."""
    men = [sum(actor % 2 for actor in fold) for fold in actors_tested("luna5")]
    assert men == [2, 3, 2, 3, 2]
    assert [sum(actor % 2 for actor in fold) for fold in actors_tested("emobox6")][1] == 0


@pytest.mark.parametrize("name", sorted(NAMED))
def test_eighteen_actors_are_told_where_their_folds_are(name: str):
    with pytest.raises(UserError) as told:
        fold_count({"type": name}, clips(ACTORS[:18]))
    words = str(told.value)
    assert f"`protocol.type`: {name}" in words
    assert "6 of them are not in the corpus: 19, 20, 21, 22, 23, 24;" in words
    assert "config/protocols/ravdess-18.yaml" in words


def test_speakers_that_the_list_lacks_are_named():
    with pytest.raises(UserError) as told:
        fold_count({"type": "luna5"}, clips([*ACTORS, "anna", "25"]))
    assert "has 2 speakers that are not among them: 25, anna; names" in str(told.value)
    with pytest.raises(UserError) as told:
        fold_count({"type": "emobox6"}, clips(["anna", *ACTORS[1:]]))
    assert "not among them: anna and lacks 1 of the list: 01; names" in str(told.value)


def test_a_long_list_of_names_is_cut():
    with pytest.raises(
        UserError, match=r": s00, s01, .*, s11 and 8 more and lacks 24 of .* and 12"
    ):
        fold_count({"type": "luna5"}, clips([f"s{number:02d}" for number in range(20)]))


def test_unknown_speakers_are_refused():
    with pytest.raises(UserError, match=r"luna5 splits by speaker, but 2 of 48 clips"):
        fold_count({"type": "luna5"}, clips(["", *ACTORS[1:]]))


def test_a_label_of_one_fold_alone_names_the_type():
    rows = [*clips(ACTORS), {"clip": "x", "label": "c", "speaker": "02", "split": ""}]
    with pytest.raises(UserError, match=r"`protocol\.type`: fold 0 .* label 'c'"):
        list(assign(rows, {"type": "luna5", "validation": 0.2}))


def test_the_report_names_the_paper():
    material = SimpleNamespace(config={"protocol": {"type": "luna5"}}, folds=list("01234"))
    told = "luna5, the 5 folds of Luna-Jiménez et al. 2021 for RAVDESS"
    assert split_told(material) == told


def test_the_names_are_types_of_the_protocol():
    assert set(NAMED) <= set(TYPES)
