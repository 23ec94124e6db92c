"""The list of models, with variants spelled out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serflow.errors import UserError
from serflow.model_list import (
    comparable,
    expand,
    feature_alternatives,
    feature_types,
    knows_speakers,
)


def test_a_machine_stays_one_model():
    models = {"svm_sc": {"family": "svm", "features": "sc", "C": 1}}
    expanded = expand(models)
    assert expanded == models
    assert expanded["svm_sc"] is not models["svm_sc"]


def test_a_networks_augmentations_become_models():
    settings = {"family": "cnn2d", "epochs": 3, "augmentations": ["masks", "none", "crop+noise"]}
    expanded = expand({"net": settings})
    assert list(expanded) == ["net", "net_crop+noise", "net_masks"]
    assert expanded["net_masks"] == {
        "family": "cnn2d",
        "epochs": 3,
        "augmentation": "masks",
        "variant_of": "net",
    }
    assert expanded["net"]["augmentation"] == "none"
    assert settings["augmentations"] == ["masks", "none", "crop+noise"]


def test_only_a_changed_sound_has_copies():
    augmentations = ["none", "gain", "gain+sound_gain"]
    expanded = expand({"net": {"family": "cnn1d", "copies": 5, "augmentations": augmentations}})
    assert "copies" not in expanded["net"]
    assert "copies" not in expanded["net_gain"]
    assert expanded["net_gain+sound_gain"]["copies"] == 5


@given(st.permutations(["z2", "a1", "b2", "b", "m", "k"]))
def test_the_order_of_the_keys_has_no_say(names: list[str]):
    models = {
        "m": {"family": "svm", "features": "sc"},
        "k": {"family": "svm", "features": "sc"},
        "z2": {"family": "cnn1d", "augmentations": ["noise", "none"]},
        "a1": {"family": "cnn1d", "augmentations": ["gain"]},
        "b": {"family": "cnn2d", "augmentations": ["none", "crop"]},
        "b2": {"family": "cnn2d", "augmentations": ["none"]},
    }
    expanded = expand({name: models[name] for name in names})
    assert list(expanded) == ["k", "m", "a1_gain", "z2", "z2_noise", "b", "b_crop", "b2"]


@pytest.mark.parametrize("order", [1, -1])
def test_two_models_of_one_name_are_refused(order: int):
    models = {
        "net": {"family": "cnn2d", "augmentations": ["none", "crop"]},
        "net_crop": {"family": "svm", "features": "sc"},
    }
    with pytest.raises(UserError, match=r"`models`: two models are called net_crop .*rename"):
        expand(dict(list(models.items())[::order]))


def test_alternatives_and_types():
    assert feature_alternatives({"features": "sc+sbw"}) == ["sc+sbw"]
    assert feature_alternatives({"features": ["sc", "mfcc12"]}) == ["sc", "mfcc12"]
    models = [
        {"family": "svm", "features": ["sc+sbw", "mfcc12"]},
        {"family": "cnn1d"},
        {"family": "svm", "features": "sc"},
    ]
    assert feature_types(models) == ["mfcc12", "sbw", "sc"]


@pytest.mark.parametrize(
    ("settings", "knows"),
    [
        ({"family": "svm", "scaling": "speaker"}, True),
        ({"family": "crnn", "normalisation": "speaker"}, True),
        ({"family": "svm", "scaling": "standard"}, False),
        ({"family": "cnn2d"}, False),
        ({"family": "custom", "input": "image", "normalisation": "speaker"}, False),
    ],
)
def test_models_that_know_several_clips_of_the_test_speaker(settings: dict, knows: bool):
    assert knows_speakers(settings) is knows


def test_types_are_compared_by_models_that_are_scaled_alike():
    slices = {
        "sbe_speaker": {"family": "svm", "features": "sbe", "scaling": "speaker"},
        "sbe": {"family": "svm", "features": "sbe", "scaling": "standard"},
        "sc": {"family": "svm", "features": "sc", "scaling": "standard"},
    }
    assert comparable(slices, list(slices)) == ["sbe", "sc"]
    # Without it the type would be left out.
    assert comparable(slices, ["sbe_speaker", "sc"]) == ["sbe_speaker", "sc"]
