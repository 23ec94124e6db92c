"""Folder names made of labels."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.corpora.layout import label_folder


@pytest.mark.parametrize("label", ["Angry", "sehr wütend", "怒り", "joy (high) #1", "a.b", "x+y=z"])
def test_harmless_labels_stay(label: str):
    assert label_folder(label) == label


@pytest.mark.parametrize(
    ("label", "folder"),
    [
        ("a/b", "a%2Fb"),
        ("..", "%2E."),
        (".hidden", "%2Ehidden"),
        ("{corpus}", "%7Bcorpus%7D"),
        ("a,b", "a%2Cb"),
        ("100%", "100%25"),
        ("a\\b:c*?", "a%5Cb%3Ac%2A%3F"),
        ("a\tb\n", "a%09b%0A"),
    ],
)
def test_others_are_encoded(label: str, folder: str):
    assert label_folder(label) == folder


@given(st.text(min_size=1, max_size=10))
def test_a_folder_name_is_safe_and_tells_its_label(label: str):
    folder = label_folder(label)
    assert unquote(folder) == label
    assert not folder.startswith(".")
    assert not set(folder) & set('/\\{},:*?"<>|\n\0')
