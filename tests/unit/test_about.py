"""What is known about a corpus, and that the configuration has the last word."""

from __future__ import annotations

import pytest

from serflow.configuration import complete
from serflow.corpora.about import About, about


def described(**corpus: str) -> About:
    """Return what is known about the corpus of a whole configuration."""
    return about(complete({"corpus": {"name": "mine", **corpus}})["corpus"])


def test_ravdess_is_known() -> None:
    known = described(adapter="ravdess")
    assert known.licence == "CC BY-NC-SA 4.0"
    assert "Livingstone" in known.citation
    assert "e0196391" in known.citation
    assert known.address == "https://doi.org/10.5281/zenodo.1188976"
    assert not known.synthetic


def test_the_demonstration_is_synthetic() -> None:
    known = described(adapter="demo")
    assert known.synthetic
    assert "eSpeak NG" in known.citation


@pytest.mark.parametrize("adapter", ["folder", "sheet"])
def test_of_own_recordings_nothing_is_known(adapter: str) -> None:
    assert described(adapter=adapter, path="x") == About(name="mine")


@pytest.mark.parametrize("adapter", ["demo", "ravdess", "folder"])
def test_what_the_configuration_says_wins(adapter: str) -> None:
    path = {"path": "x"} if adapter == "folder" else {}
    known = described(adapter=adapter, licence="ours", **path)
    assert known.licence == "ours"
    assert known.citation == described(adapter=adapter, **path).citation
    assert described(adapter=adapter, citation="A (2020)", **path).citation == "A (2020)"
