"""What keys ask of each other and of the clip table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from serflow import configuration, model_list
from serflow.consistency import check
from serflow.errors import UserError

OWN = {"file": "own.py", "function": "zcr"}
OWN_NET = {"family": "custom", "file": "own.py", "class": "Net"}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a Python file of one's own lies."""
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text("def zcr(samples, rate): ...\n\n\nclass Net: ...\n")


def checked(speakers: int = 6, folds: int = 3, **more: Any) -> None:
    config = {"corpus": {"name": "c", "adapter": "demo"}, **more}
    settings = configuration.complete(config)
    rows = [{"clip": str(i), "speaker": f"s{i}" if speakers else ""} for i in range(speakers or 4)]
    check(settings, model_list.expand(settings["models"]), rows, folds)


def test_the_defaults_agree():
    checked()


@pytest.mark.parametrize(
    "bands", [[[5, 3]], [[1, 4], [4, 8]], [[4, 8], [1, 2]]], ids=["turned", "shared", "falling"]
)
def test_bands_that_do_not_rise(bands: list[list[int]]):
    with pytest.raises(UserError, match=r"`features.bands`: .* rise and do not overlap"):
        checked(features={"bands": bands})


def test_bands_beyond_the_last_mel_band():
    sizes = {"spectrogram": {"n_mels": 20}}
    checked(features={"bands": [[0, 9], [10, 19]]}, **sizes)
    with pytest.raises(UserError, match=r"ends at mel band 20, but `spectrogram.n_mels` is 20"):
        checked(features={"bands": [[0, 9], [10, 20]]}, **sizes)
    # In Hz the last edge hangs on the sampling rate, which the recordings tell.
    checked(features={"bands": [[0, 900], [1000, 4000]], "frequency": "hz"}, **sizes)


def test_the_best_epoch_needs_validation_speakers():
    models = {"net": {"family": "cnn1d", "select": "best"}}
    checked(models=models)
    with pytest.raises(UserError, match=r"`models.net.select`: best .*`protocol.validation` is 0"):
        checked(models=models, protocol={"type": "loso", "validation": 0}, folds=6)


def test_patience_needs_validation_speakers():
    models = {"net": {"family": "cnn1d", "patience": 3}}
    checked(models=models)
    with pytest.raises(UserError, match=r"`models.net.patience`: .*`protocol.validation` is 0"):
        checked(models=models, protocol={"type": "loso", "validation": 0}, folds=6)


def test_an_augmentation_that_the_input_does_not_know():
    checked(models={"net": {"family": "gru", "augmentations": ["time_mask+sound_gain"]}})
    with pytest.raises(UserError, match=r"`models.net.augmentations`: masks .* reads mfcc knows"):
        checked(models={"net": {"family": "gru", "augmentations": ["none", "time_mask+masks"]}})


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"family": "gru", "n_mels": 16}, r"`models.net.n_mfcc`: 20 .* 16 mel bands"),
        ({**OWN_NET, "input": "signal", "normalisation": "bands"}, "`models.net.normalisation`"),
        ({**OWN_NET, "input": "stft", "normalisation": "rms"}, "`models.net.normalisation`"),
    ],
)
def test_an_input_that_its_own_keys_do_not_suit(settings: dict[str, Any], told: str, own: None):
    with pytest.raises(UserError, match=told):
        checked(models={"net": settings})


def test_no_model_is_called_as_a_baseline_is():
    with pytest.raises(UserError, match=r"`models.chance`: .* stands for a baseline"):
        checked(models={"chance": {"family": "svm", "features": "sc"}})


@pytest.mark.parametrize(("speakers", "folds"), [(2, 2), (3, 2)])
def test_one_training_speaker_cannot_be_divided(speakers: int, folds: int):
    protocol = {"type": "group-k-fold", "folds": folds}
    with pytest.raises(UserError, match=r"`protocol.validation`: 0.2 .* one speaker only"):
        checked(speakers, folds, protocol=protocol)
    checked(speakers, folds, protocol={**protocol, "validation": 0})


def test_scaling_by_speaker_needs_speakers():
    models = {"svm": {"family": "svm", "features": "sc", "scaling": "speaker"}}
    checked(models=models)
    with pytest.raises(UserError, match=r"`models.svm.scaling`: .* 4 clips have no known speaker"):
        checked(0, 1, models=models, protocol={"type": "given", "validation": 0})


def test_normalisation_by_speaker_needs_speakers():
    models = {"net": {"family": "crnn", "augmentations": ["none", "masks"]}}
    models["net"]["normalisation"] = "speaker"
    checked(models=models)
    with pytest.raises(UserError) as told:
        checked(0, 1, models=models, protocol={"type": "given", "validation": 0})
    # Once, however many variants the network has.
    assert str(told.value).count("`models.net.normalisation`: speaker standardises") == 1
    assert "4 clips have no known speaker" in str(told.value)


def test_no_decibels_are_added_to_standard_deviations():
    mel = {"family": "crnn", "normalisation": "speaker", "augmentations": ["time_mask+gain"]}
    with pytest.raises(UserError, match=r"`models.net.augmentations`: time_mask\+gain was given"):
        checked(models={"net": mel})
    # Before the decibels, on the signal, and in decibels a gain is one.
    checked(models={"net": {**mel, "augmentations": ["sound_gain", "time_mask"]}})
    checked(models={"net": {**mel, "family": "cnn1d", "augmentations": ["gain"]}})
    checked(models={"net": {**mel, "normalisation": "training"}})


def test_a_corpus_of_ones_own_is_not_called_demo():
    config = {"corpus": {"name": "demo", "adapter": "folder", "path": "wavs"}}
    settings = configuration.complete(config)
    rows = [{"clip": str(i), "speaker": f"s{i}"} for i in range(6)]
    with pytest.raises(UserError, match=r"`corpus.name`: demo is the demonstration corpus"):
        check(settings, {}, rows, 3)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(UserError) as told:
        checked(2, 2, features={"bands": [[2, 1]]})
    assert "`features.bands`" in str(told.value)
    assert "`protocol.validation`" in str(told.value)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            {"features": {"types": ["sc", "mfcc41"]}},
            r"`features.types\[1\]`: .* feature type mfcc41;",
        ),
        (
            {"models": {"m": {"family": "svm", "features": ["sc+centroid", "sbw"]}}},
            r"`models.m.features`: there is no feature type centroid; known are sc, sbw, sbe, ",
        ),
        (
            {"features": {"custom": {"SC": OWN}}},
            "`features.custom.SC`: the name belongs to the built-in",
        ),
    ],
)
def test_feature_types_that_are_not_there(config: dict[str, Any], told: str, own: None):
    with pytest.raises(UserError, match=told):
        checked(**config)


def test_feature_types_of_ones_own(own: None):
    custom = {"custom": {"zcr": OWN}, "types": ["zcr"]}
    models = {"m": {"family": "svm", "features": ["sc+zcr", "mfcc12stats"]}}
    checked(features=custom, models=models)
    with pytest.raises(
        UserError, match=r"no feature type zrc; known are .* zcr\. A type of your own"
    ):
        checked(features={**custom, "types": ["zrc"]})
    custom["custom"]["other"] = {"file": "own.py", "function": "zcrs"}
    with pytest.raises(
        UserError, match=r"`features.custom.other.function`: own.py does not define"
    ):
        checked(features=custom)


def test_networks_of_ones_own(own: None):
    model = {"family": "custom", "file": "own.py", "class": "Net", "input": "signal"}
    checked(models={"m": model})
    for key, value, told in (
        ("file", "none.py", "`models.m.file`: there is no file none.py"),
        ("class", "Nett", "`models.m.class`: own.py does not define Nett; the nearest is Net"),
    ):
        with pytest.raises(UserError, match=told):
            checked(models={"m": {**model, key: value}})
