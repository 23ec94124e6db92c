"""Names of feature types, and where each is found."""

from __future__ import annotations

import pytest

from serflow import feature_types


@pytest.mark.parametrize("name", ["sc", "sbw", "sbe", "mfcc1", "mfcc12", "mfcc40", "mfcc9stats"])
def test_built_in(name: str):
    assert feature_types.built_in(name)
    assert feature_types.taken(name)
    assert feature_types.taken(name.upper())


@pytest.mark.parametrize("name", ["mfcc0", "mfcc41", "mfcc99stats", "mfcc"])
def test_what_only_looks_built_in_is_not(name: str):
    assert not feature_types.built_in(name)
    assert feature_types.taken(name) is (name != "mfcc")


@pytest.mark.parametrize("name", ["zcr", "mfccs", "sc2", "stats", "mfcc12stats2"])
def test_free(name: str):
    assert not feature_types.built_in(name)
    assert not feature_types.taken(name)


@pytest.mark.parametrize(
    ("name", "array", "file", "rules"),
    [
        ("sbe", ("sbe", None), "bands.npz", ("spectrograms", "band_features")),
        ("mfcc12", ("mfcc", 12), "cepstra.npz", ("cepstra",)),
        (
            "mfcc7stats",
            ("statistics", 7),
            "cepstral_statistics.npz",
            ("cepstra", "cepstral_statistics"),
        ),
        ("zcr", ("values", None), "custom/zcr.npz", ("custom_features",)),
    ],
)
def test_where_a_type_is_found(name, array, file, rules):
    assert feature_types.array(name) == array
    assert feature_types.shard_file(name) == file
    assert feature_types.rules(name) == rules


def test_known_types_are_told_with_ones_own():
    assert feature_types.known(["zcr", "f0"]).endswith("(N from 1 to 40), f0, zcr")
