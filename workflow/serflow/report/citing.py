"""Section on how to cite: SERflow, the corpus, and the methods that this very run used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serflow import feature_types, model_list
from serflow.corpora.about import about
from serflow.report.blocks import Block, code, definitions, paragraph, section, sentences
from serflow.report.material import SVM, Material
from serflow.report.references import REFERENCES, SERFLOW

FAMILIES = {
    "svm": ("cortes1995", "pedregosa2011"),
    "very_deep": ("dai2017",),
    "ser1d": ("zhao2019",),
    "conflictnet": ("rajan2019",),
    "gan_cnn2d": ("radford2016",),
    "crnn": ("chen2018",),
    "lstm": ("hochreiter1997", "mirsamadi2017"),
    "gru": ("cho2014", "mirsamadi2017"),
}
"""What a family of models is published in; the others are of here, or of a tutorial."""
MASKS = {"masks", "time_mask", "frequency_mask"}


def cited(material: Material) -> list[Block]:
    """Return the section."""
    keys = used(material)
    corpus = about(material.config["corpus"])
    bibtex = corpus.citation.lstrip().startswith("@")
    known = [("Recordings", _first_line(corpus.citation) if bibtex else corpus.citation)]
    if not corpus.citation:
        known = [
            (
                "Recordings",
                "nobody has told how they are cited; `corpus.citation` of the configuration does",
            )
        ]
    entries = [SERFLOW.bibtex("serflow")]
    if bibtex:
        entries.append(corpus.citation.strip())
    entries += [REFERENCES[key].bibtex(key) for key in keys]
    shown = [
        paragraph(
            "Whoever publishes these results cites the recordings and what was used of other "
            "people's work. The list follows from the configuration of this run."
        ),
        definitions(
            [
                ("This workflow", SERFLOW.words()),
                *known,
                *([("Licence of the recordings", corpus.licence)] if corpus.licence else []),
                *([("Address", corpus.address)] if corpus.address else []),
            ]
        ),
        sentences(REFERENCES[key].words() for key in keys),
        paragraph("The same as BibTeX, to copy:"),
        code("\n\n".join(entries)),
    ]
    return [section("citing", "How to cite", shown)]


def used(material: Material) -> list[str]:
    """Return the keys of the references that this run rests on, in the order of their names."""
    keys = {"molder2021", "davison1997"}
    corpus = material.config["corpus"]
    if corpus["adapter"] == "ravdess" and not corpus.get("citation"):
        keys.add("livingstone2018")
    for settings in material.settings.values():
        keys |= {*FAMILIES.get(settings["family"], ())}
        keys |= _features(settings) if settings["family"] == SVM else {"paszke2019"}
        keys |= {"park2019"} if MASKS & {*settings.get("augmentation", "").split("+")} else set()
        keys |= {"zhang2018"} if settings.get("mixup") else set()
        keys |= {"lin1989"} if settings.get("target") else set()
    if material.row:
        keys |= {"guo2017"}
    if material.explanations:
        keys |= {"sundararajan2017", "adebayo2018"}
    if material.tables.get("importance"):
        keys |= {"breiman2001"}
    if material.tables["comparisons"]:
        keys |= {"holm1979"}
    if material.tables["ranks"]:
        keys |= {"demsar2006"}
    return sorted(keys)


def _features(settings: Mapping[str, Any]) -> set[str]:
    """Return the references of the feature types that an SVM reads or may choose."""
    kinds = set(filter(feature_types.built_in, model_list.feature_types([settings])))
    cepstral = kinds - {*feature_types.SPECTRAL}
    keys = {"hosseinzadeh2008"} if kinds - cepstral else set()
    keys |= {"davis1980"} if cepstral else set()
    if any(kind.endswith("stats") for kind in cepstral):
        keys |= {"schuller2009", "eyben2016"}
    return keys


def _first_line(bibtex: str) -> str:
    """Return the name of a BibTeX entry: it stands in full below."""
    return bibtex.strip().splitlines()[0].rstrip(",")
