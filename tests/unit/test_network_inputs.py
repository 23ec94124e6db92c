"""What each family reads, and that registry, schema and lists speak of the same families."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml

from serflow import model_list, network_inputs
from serflow.codeprint import LIBRARY
from serflow.configuration import complete
from serflow.networks import registry
from serflow.networks.augmentation import AUGMENTATIONS
from serflow.networks.normalisation import KINDS as NORMALISATIONS

CORPUS = {"name": "x", "adapter": "demo"}
CUSTOM = {"family": "custom", "file": "mine.py", "class": "Mine", "input": "log_mel"}


@pytest.fixture(scope="module")
def schema(root: Path) -> dict[str, Any]:
    text = (root / "workflow/schemas/config.schema.yaml").read_text(encoding="utf-8")
    models: dict[str, Any] = yaml.safe_load(text)["properties"]["models"]["additionalProperties"]
    return models


@pytest.fixture(scope="module")
def keys(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Properties by family."""
    return {
        block["if"]["properties"]["family"]["const"]: block["then"]["properties"]
        for block in schema["allOf"]
    }


def slice_of(family: str, **changes: Any) -> dict[str, Any]:
    """Return a model of the family with the schema's defaults."""
    given = CUSTOM if family == "custom" else {"family": family}
    config = complete({"corpus": CORPUS, "models": {"net": {**given, **changes}}})
    return model_list.expand(config["models"])["net"]


FOLDERS = {
    "mlp_wave": "signals/22050",
    "cnn1d": "signals/16000",
    "very_deep": "signals/8000",
    "ser1d": "signals/16000",
    "conflictnet": "signals/8000",
    "cnn2d": "pixels/150x50",
    "gan_cnn2d": "pixels/150x50",
    "cnn_stft": "views/stft_22050_2048_512",
    "cnn_mel": "views/log_mel_16000_1024_0.01_64",
    "crnn": "views/log_mel_16000_1024_0.01_64",
    "lstm": "views/mfcc_16000_1024_0.01_64_20",
    "gru": "views/mfcc_16000_1024_0.01_64_20",
    "custom": "views/log_mel_16000_1024_0.01_64",
}


@pytest.mark.parametrize("family", model_list.NETWORKS)
def test_folder_of_the_defaults(family: str) -> None:
    assert network_inputs.folder(slice_of(family)) == FOLDERS[family]


def test_folders_follow_the_input_and_what_it_depends_on() -> None:
    folder = network_inputs.folder
    assert folder(slice_of("cnn1d", rate=None)) == "signals/native"
    assert folder(slice_of("cnn2d", size=[40, 80])) == "pixels/40x80"
    assert folder(slice_of("lstm", input="log_mel")) == folder(slice_of("crnn"))
    assert folder(slice_of("crnn", n_mels=40)) == "views/log_mel_16000_1024_0.01_40"
    assert folder(slice_of("custom", input="signal")) == "signals/16000"
    assert folder(slice_of("custom", input="stft")) == "views/stft_16000_1024_512"
    # What a network is made of and how it is trained is no part of what it reads.
    assert folder(slice_of("crnn", hidden=7, epochs=3)) == FOLDERS["crnn"]


def test_views_hold_what_they_depend_on_and_no_more() -> None:
    view = network_inputs.view
    assert view(slice_of("cnn_stft")) == {
        "kind": "stft",
        "rate": 22050,
        "n_fft": 2048,
        "hop_length": 512,
    }
    mel = {"kind": "log_mel", "rate": 16000, "n_fft": 1024, "hop_seconds": 0.01, "n_mels": 64}
    assert view(slice_of("crnn")) == mel
    assert view(slice_of("gru")) == {**mel, "kind": "mfcc", "n_mfcc": 20}
    assert view(slice_of("cnn1d")) is view(slice_of("cnn2d")) is None


@pytest.mark.parametrize(
    ("family", "changes", "words"),
    [
        ("cnn1d", {}, "signal 16000 Hz"),
        ("cnn1d", {"rate": None}, "signal"),
        ("cnn2d", {"size": [40, 80]}, "image 40x80"),
        ("cnn_stft", {}, "STFT dB, 2048 at 22050 Hz"),
        ("cnn_mel", {"n_mels": 40}, "log-mel, 40 bands at 16000 Hz"),
        ("gru", {"n_mfcc": 12}, "frames of 12 MFCC and deltas"),
        ("custom", {"input": "mfcc"}, "frames of 20 MFCC and deltas"),
    ],
)
def test_inputs_in_words(family: str, changes: dict[str, Any], words: str) -> None:
    assert network_inputs.describe(slice_of(family, **changes)) == words


def test_lists_speak_of_the_same_families(schema: dict[str, Any], keys: dict[str, Any]) -> None:
    assert tuple(schema["properties"]["family"]["enum"]) == model_list.FAMILIES
    assert {"svm", "custom", *registry.FAMILIES} == set(model_list.FAMILIES)
    assert len(set(model_list.FAMILIES)) == len(model_list.FAMILIES)
    assert set(keys) == set(model_list.FAMILIES)
    assert set(network_inputs.MODULES) == set(model_list.NETWORKS)
    for family in model_list.NETWORKS:
        assert (family in network_inputs.KINDS) != ("input" in keys[family])


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_modules_are_where_the_classes_are_defined(family: str) -> None:
    constructor = registry.FAMILIES[family]
    made = getattr(constructor, "func", constructor)
    assert Path(inspect.getfile(made)) == LIBRARY / network_inputs.MODULES[family]


@pytest.mark.parametrize("module", sorted(set(network_inputs.MODULES.values())))
def test_no_network_is_built_of_another_s_file(module: str) -> None:
    """Else an edit there would go unseen: it counts as none of this network's concern."""
    tree = ast.parse((LIBRARY / module).read_text(encoding="utf-8"))
    imported = {
        f"{node.module.removeprefix('serflow.').replace('.', '/')}.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    assert not imported & set(network_inputs.MODULES.values())
    family = next(name for name in network_inputs.MODULES if network_inputs.MODULES[name] == module)
    assert module not in network_inputs.others(family)
    assert len(network_inputs.others(family)) == len(set(network_inputs.MODULES.values())) - 1


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_constructors_take_keys_of_the_schema_with_its_defaults(
    family: str, keys: dict[str, Any]
) -> None:
    own = set(inspect.signature(registry.FAMILIES[family]).parameters)
    bound = set(getattr(registry.FAMILIES[family], "keywords", {}))
    taken = own - bound - {"n_classes", "input_shape"}
    assert taken <= set(keys[family])
    # And every key is for the input, the training, or the constructor.
    training = set(keys["custom"]) - {"file", "class", "options"}
    generator = {key for key in keys[family] if key.startswith("gan_")} | {"latent", "label_shares"}
    assert set(keys[family]) - training - generator == taken - training


SHAPES = {"signal": (16000,), "image": (150, 50), "stft": (1025, 80)}


@pytest.mark.parametrize("family", registry.FAMILIES)
def test_schema_s_defaults_build_a_network(family: str) -> None:
    settings = slice_of(family)
    shape = SHAPES.get(network_inputs.kind(settings), (64, 100))
    module = registry.assemble(settings, 4, shape)
    assert sum(weights.numel() for weights in module.parameters()) > 1000


@pytest.mark.parametrize("family", model_list.NETWORKS)
def test_schema_offers_the_augmentations_and_normalisations_that_there_are(
    family: str, keys: dict[str, Any]
) -> None:
    properties = keys[family]
    pattern = properties["augmentations"]["items"]["pattern"]
    offered = set(pattern.removeprefix("^(none|(").partition(")")[0].split("|"))
    inputs = (
        properties["input"]["enum"] if "input" in properties else [network_inputs.KINDS[family]]
    )
    known = {name for kind in inputs for name in AUGMENTATIONS[kind]}
    assert {name for name in offered if not name.startswith("sound_")} == known
    normalisations = set(properties.get("normalisation", {"enum": []})["enum"])
    assert normalisations <= set(NORMALISATIONS)
    assert bool(normalisations) == (inputs != ["image"])
    if family != "custom":
        assert ("bands" in normalisations) == (not {"signal", "image"} & set(inputs))


def test_images_are_normalised_in_one_way():
    own = {"family": "custom", "normalisation": "speaker"}
    assert network_inputs.normalisation({"family": "cnn2d"}) == "image"
    assert network_inputs.normalisation({**own, "input": "image"}) == "image"
    assert network_inputs.normalisation({**own, "input": "log_mel"}) == "speaker"


def test_the_names_of_augmentations_are_those_that_training_knows():
    told = {kind: set(names) for kind, names in network_inputs.AUGMENTATIONS.items()}
    assert told == {kind: set(known) for kind, known in AUGMENTATIONS.items()}
