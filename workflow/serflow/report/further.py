"""Section on the networks that the laboratory sheet does not ask for: one table, few sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from serflow import numbers
from serflow.evaluation.contrasts import standardised
from serflow.evaluation.network_conclusions import REFERENCES
from serflow.report import text
from serflow.report.blocks import Block, Cell, cell, section, sentences, table
from serflow.report.cells import named, written
from serflow.report.material import Material
from serflow.report.pictures import confusions, learning_curves
from serflow.report.summary import scope
from serflow.report.training import refit_told, stand_ins_told

Evidence = Mapping[str, Any]
Measured = dict[str, dict[str, Evidence]]
"""The numbers of each network against a reference, by the reference's kind and the network."""

VERDICTS = {
    ("above", True): ("surpasses it", "surpass it"),
    ("above", False): ("seems to surpass it", "seem to surpass it"),
    ("below", True): ("falls short", "fall short"),
    ("below", False): ("seems to fall short", "seem to fall short"),
}
"""What is said of one network and of several, by the side of zero that the interval lies on, and
whether the corrected test agrees."""
OPEN = ("open", False)
"""Where the interval includes zero."""
FEW_NAMES = 4
"""So many networks are named in a sentence; more are counted."""


def further_networks(material: Material, others: Collection[str]) -> list[Block]:
    """Return the section, or nothing where all networks are of the families `others`."""
    models = [
        model
        for family in material.network_families
        if family not in others
        for model in material.models(family)
    ]
    if not models:
        return []
    measured = _measured(material, models)
    said = [*_concluded(material, measured), *_remarks(material, measured)]
    shown = [
        *stand_ins_told(material, models),
        *([sentences(said)] if said else []),
        *refit_told(material, models),
        _table(material, models, measured),
        *learning_curves(material, models),
        *confusions(material, models),
    ]
    return [section("further-networks", "Further networks", shown)]


def _measured(material: Material, models: Sequence[str]) -> Measured:
    """Return how `models` compare with the best SVMs, as the conclusions have it."""
    evidence = {item["id"]: item["evidence"] for item in material.conclusions if "evidence" in item}
    found = {
        kind: {
            model: evidence[f"network:{material.base(model)}:{kind}"]
            for model in models
            if f"network:{material.base(model)}:{kind}" in evidence
        }
        for kind in REFERENCES
    }
    return {kind: of for kind, of in found.items() if of}


def _verdict(one: Evidence) -> tuple[str, bool]:
    """Return the key of what is to be said, of `VERDICTS`, or `OPEN`."""
    if one["low"] > 0:
        return "above", one["firm"]
    return ("below", one["firm"]) if one["high"] < 0 else OPEN


def _concluded(material: Material, measured: Measured) -> list[str]:
    """Return a sentence for each reference: how many networks surpass it, and which."""
    told = []
    for kind, of in measured.items():
        reference = material.row[_reference(of)]
        interval = numbers.interval(reference["uar_low"], reference["uar_high"])
        score = f"UAR {numbers.score(reference['uar'])} {interval}".rstrip()
        what = REFERENCES[kind]
        told.append(
            f"{what[0].upper()}{what[1:]} is {reference['model']} ({score}): {_counted(of)}."
        )
    return told


def _counted(of: Mapping[str, Evidence]) -> str:
    """Write how many networks do what: ``of 9 further networks, 2 fall short (a and b), …``."""
    groups = {
        verdict: [model for model, one in of.items() if _verdict(one) == verdict]
        for verdict in (*VERDICTS, OPEN)
    }
    undecided = groups.pop(OPEN)
    if len(of) == 1:
        [model] = of
        if undecided:
            return f"whether {model} reaches it cannot be told"
        return f"{model} {VERDICTS[_verdict(of[model])][0]}"
    further = text.counted(len(of), "further network")
    if len(undecided) == len(of):
        return f"of {further}, none can be told from it"
    parts = [
        f"{numbers.count(len(models))} {VERDICTS[verdict][len(models) > 1]}{_names(models)}"
        for verdict, models in groups.items()
        if models
    ]
    if not groups["above", True] and not groups["above", False]:
        parts.insert(0, "none is seen to surpass it")
    if undecided:
        parts.append(f"of {numbers.count(len(undecided))} it cannot be told{_names(undecided)}")
    return f"of {further}, {text.joined(parts)}"


def _names(models: Sequence[str]) -> str:
    return f" ({text.joined(models)})" if len(models) <= FEW_NAMES else ""


def _remarks(material: Material, measured: Measured) -> list[str]:
    """Return what is to be known of the comparisons, whatever they say."""
    told = []
    seeming = {("above", False), ("below", False)}
    if any(_verdict(one) in seeming for of in measured.values() for one in of.values()):
        compared = text.counted(len(material.tables["comparisons"]), "comparison")
        told.append(f"What only seems so is not confirmed by the test corrected for {compared}.")
    models = [name for of in measured.values() for name in (_reference(of), *of)]
    known = standardised(material.settings, *models).strip()
    return [*told, known] if known else told


def _reference(of: Mapping[str, Evidence]) -> str:
    return str(next(iter(of.values()))["reference"])


def _table(material: Material, models: Sequence[str], measured: Measured) -> Block:
    def line(model: str) -> list[Cell]:
        trained = model in material.row
        row = material.row[model] if trained else material.baselines[model]
        best = row is material.ranked[0]
        interval = numbers.interval(row["uar_low"], row["uar_high"]) if trained else ""
        return [
            named(material, model, strong=best),
            written(material, model, material.input(model) if trained else numbers.UNKNOWN),
            written(material, model, numbers.score(row["uar"]), strong=best),
            written(material, model, interval),
            *(one for of in measured.values() for one in _compared(material, model, of)),
            written(material, model, numbers.count(row["parameters"])),
            written(material, model, numbers.plain(row["train_seconds"])),
        ]

    against: list[str] = []
    for of in measured.values():
        against += [f"Difference to {_reference(of)}", f"{material.level} interval", "Told apart"]
    ranked = [row["model"] for row in material.ranked if row["model"] in models]
    return table(
        _caption(material, ranked, measured),
        [
            "Network",
            "Input",
            "UAR",
            f"{material.level} interval",
            *against,
            "Parameters",
            "Train (s)",
        ],
        [line(model) for model in [*ranked, *material.baselines]],
        words=2,
        source="evaluation/models.tsv, comparisons.tsv" if measured else "evaluation/models.tsv",
        dense=True,
    )


def _compared(material: Material, model: str, of: Mapping[str, Evidence]) -> list[Cell]:
    """Return the cells of a network against one SVM; empty ones where they were not compared."""
    one = of.get(model)
    if one is None:
        return [written(material, model, "")] * 3
    side, firm = _verdict(one)
    apart = "yes" if firm else "no" if side == "open" else "seems"
    return [
        cell(numbers.difference(one["difference"]), strong=firm),
        cell(numbers.interval(one["low"], one["high"], signed=True)),
        cell(f"{apart}, p\u00a0{_p_value(one['p_holm'])}", strong=firm),
    ]


def _p_value(p_value: float) -> str:
    told = numbers.p_value(p_value)
    return told.replace(" ", "\u00a0") if told.startswith("<") else f"=\u00a0{told}"


def _caption(material: Material, models: list[str], measured: Measured) -> str:
    told = (
        "The further networks, the highest UAR first; in grey what knows nothing of the sound. "
        "Accuracy and the other scores stand in the table of all models."
    )
    if measured:
        told += (
            f" Differences are in UAR; intervals are over {material.unit}. Told apart: no where "
            "the interval includes zero; seems where it does not, but the test with p, corrected "
            "by Holm's method, does not confirm it; else yes, and in bold."
        )
    both = " (of both trainings)" if any(map(material.refitted, models)) else ""
    return f"{told} Train: mean time for one fold and seed{both}. {scope(material, models)}"
