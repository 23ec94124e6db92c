"""How to cite: what a run rests on is named, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from small_report import MODELS, Assemble, section_of

from serflow.report.references import REFERENCES, SERFLOW

CONFIG = {
    "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
    "seeds": [0],
    "evaluation": {"confidence": 0.95, "resamples": 100},
    "report": {"title": "A comparison", "author": ""},
}


def keys(assembled: dict[str, Any]) -> list[str]:
    return re.findall(r"^@\w+\{(\w+),", bibtex(assembled), re.MULTILINE)


def bibtex(assembled: dict[str, Any]) -> str:
    [block] = [one for one in section_of(assembled, "citing")["blocks"] if one["kind"] == "code"]
    return str(block["text"])


def test_what_the_configured_models_rest_on(assemble: Assemble) -> None:
    found = keys(assemble())
    assert found[0] == "serflow"
    assert {"livingstone2018", "cortes1995", "hosseinzadeh2008", "paszke2019"} <= {*found}
    assert not {"davis1980", "dai2017", "park2019", "zhang2018", "lin1989"} & {*found}


def test_features_families_and_augmentations_add_theirs(assemble: Assemble) -> None:
    models = {
        **MODELS,
        "svm_sc": {"family": "svm", "features": ["mfcc12stats"], "C": 1.0},
        "cnn1d": {**MODELS["cnn1d"], "family": "very_deep", "mixup": 0.2},
        "cnn2d_time_shift": {**MODELS["cnn2d_time_shift"], "augmentation": "time_shift+masks"},
    }
    assert {"davis1980", "schuller2009", "dai2017", "zhang2018", "park2019"} <= {
        *keys(assemble(models=models))
    }


def test_the_configurations_own_citation_wins(assemble: Assemble) -> None:
    own = {"name": "x", "adapter": "ravdess", "citation": "@misc{mine,\n  year = {2020}\n}"}
    found = keys(assemble(config={**CONFIG, "corpus": own}))
    assert "mine" in found
    assert "livingstone2018" not in found
    words = {"name": "x", "adapter": "folder", "citation": "Author (2020)", "licence": "CC0"}
    assembled = assemble(config={**CONFIG, "corpus": words})
    [block] = [
        one for one in section_of(assembled, "citing")["blocks"] if one["kind"] == "definitions"
    ]
    told = {item["term"]: item["text"] for item in block["items"]}
    assert told["Recordings"] == "Author (2020)"
    assert told["Licence of the recordings"] == "CC0"


def test_serflow_is_cited_as_its_own_file_says(root: Path) -> None:
    told = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert (SERFLOW.title, dict(SERFLOW.more)["version"]) == (told["title"], told["version"])
    assert SERFLOW.year == told["date-released"].year


def test_entries_are_whole() -> None:
    for key, reference in REFERENCES.items():
        entry = reference.bibtex(key)
        assert entry.count("{") == entry.count("}")
        assert str(reference.year) in reference.words()
        assert key.endswith(str(reference.year))
    zhao = REFERENCES["zhao2019"]
    assert "1D \\& 2D" in zhao.bibtex("zhao2019")
    assert zhao.words() == (
        "Zhao J., Mao X., Chen L. (2019): Speech emotion recognition using deep 1D & 2D CNN LSTM "
        "networks. Biomedical Signal Processing and Control 47:\u00a0312–323. "
        "doi:10.1016/j.bspc.2018.08.035"
    )
