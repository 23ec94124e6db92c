"""The report's conclusions, as sentences computed from the evaluation's tables.

A sentence claims a difference only if its interval leaves zero out; if the Holm-corrected test does
not agree, the sentence says "seems". Everything else "cannot be told". References such as "the best
SVM" are the best on the same test clips, which favours the reference a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serflow.evaluation.attribute_conclusions import largest_gap
from serflow.evaluation.claims import smallest_p_holm
from serflow.evaluation.contrasts import (
    Conclusion,
    Findings,
    Row,
    Slices,
    conclusion,
    plural,
    powerless,
    standardised,
)
from serflow.evaluation.network_conclusions import (
    against_svms,
    augmentations,
    networks_of,
    plain_variant,
)
from serflow.model_list import comparable

SPECTRAL = ("sc", "sbw", "sbe")
FEW_SPEAKERS = 6


def conclude(
    tables: Mapping[str, Sequence[Row]], slices: Slices, confidence: float = 0.95
) -> list[Conclusion]:
    """Return the conclusions in reading order.

    Parameters
    ----------
    tables
        `models`, `per_attribute` and `comparisons` of `serflow.evaluation.tables.evaluate`, or as
        read from TSV.
    slices
        Each model's slice of the configuration: `family`; `features` of an SVM; `augmentation` and
        `variant_of` of a network.
    confidence
        The confidence that the tables' intervals have.

    Returns
    -------
    list of dict
        `id`, `text`, and `evidence`, the numbers behind it. Ids: `features:spectral`,
        `features:all`, `network:<base>:spectral`, `network:<base>:all`, `augmentation:<model>`,
        `opinion:<base>`, `overall`, `attributes`, `caution:speakers`, `caution:clips`,
        `caution:power`. Evidence of a network has `verdict` "reaches", "falls short" or "cannot be
        told", of an augmentation "helps", "hurts" or "cannot be told", of an opinion "yes", "some",
        "no" or "cannot be told"; `firm` says whether the corrected test agrees.
    """
    findings = Findings(tables, confidence)
    slices = {model: slices[model] for model in findings.models}
    svms = findings.ranked([model for model, own in slices.items() if own["family"] == "svm"])
    spectral = [model for model in svms if slices[model]["features"] in SPECTRAL]
    concluded = _spectral_features(findings, slices, comparable(slices, spectral)) + _all_features(
        findings, slices, svms, spectral
    )
    networks = networks_of(slices)
    for base, variants in networks.items():
        model = plain_variant(slices, variants)
        concluded += against_svms(findings, slices, base, model, spectral, svms)
    for base, variants in networks.items():
        concluded += augmentations(findings, slices, base, variants)
    concluded += _overall(findings, slices)
    concluded += largest_gap(findings, tables["per_attribute"])
    return concluded + _cautions(findings)


def _spectral_features(
    findings: Findings, slices: Slices, spectral: Sequence[str]
) -> list[Conclusion]:
    best_of: dict[str, str] = {}
    for model in spectral:
        best_of.setdefault(slices[model]["features"], model)
    if len(best_of) < 2:
        return []
    ranked = list(best_of.values())
    best, worst = ranked[0], ranked[-1]
    contrast = findings.contrast(best, worst)
    name = {model: kind.upper() for kind, model in best_of.items()}
    if contrast.difference == 0:
        text = (
            f"The {plural(len(ranked), 'spectral feature type')} scored the same "
            f"({findings.score(best)}): none is best and none is worst."
        )
        evidence = {**contrast.evidence(), "ranking": ranked, **findings.scope(*ranked)}
        told = f"{text}{standardised(slices, *ranked)} ({findings.scope_words(*ranked)}.)"
        return [conclusion("features:spectral", told, evidence)]
    text = (
        f"Of the {plural(len(ranked), 'spectral feature type')}, {name[best]} scored highest "
        f"({best}, {findings.score(best)}) and {name[worst]} lowest ({worst}, "
        f"{findings.score(worst)}); {contrast.words(name)} ({contrast.numbers()})."
    )
    if len(ranked) > 2:
        second = findings.contrast(best, ranked[1])
        text += f" Against the runner-up, {ranked[1]}: {second.words(name)} ({second.numbers()})."
    if len(spectral) > len(ranked):
        text += (
            " Of several models with the same features the one that scored highest stands for them."
        )
    text += standardised(slices, *ranked)
    evidence = {**contrast.evidence(), "ranking": ranked, **findings.scope(*ranked)}
    return [conclusion("features:spectral", f"{text} ({findings.scope_words(*ranked)}.)", evidence)]


def _all_features(
    findings: Findings, slices: Slices, svms: Sequence[str], spectral: Sequence[str]
) -> list[Conclusion]:
    if len(svms) < 2 or set(svms) == set(spectral):
        return []
    best = svms[0]
    text = (
        f"Of all {len(svms)} SVMs on handcrafted features, {best} scored highest "
        f"({findings.score(best)})"
    )
    evidence: dict[str, Any] = {
        "model": best,
        "features": slices[best]["features"],
        "ranking": list(svms),
    }
    # Where a spectral SVM leads, the nearest of the others is what it has to be told from.
    rival = svms[1] if best in spectral or not spectral else spectral[0]
    contrast = findings.contrast(best, rival)
    told = "the best spectral one, " if rival in spectral and best not in spectral else ""
    text += (
        f"; against {told}{rival} ({findings.score(rival)}), {contrast.words()} "
        f"({contrast.numbers()})"
    )
    evidence |= contrast.evidence() | findings.scope(best, rival)
    text += f".{standardised(slices, best, rival)}"
    return [conclusion("features:all", f"{text} ({findings.scope_words(best, rival)}.)", evidence)]


def _overall(findings: Findings, slices: Slices) -> list[Conclusion]:
    ranked = findings.ranked(list(findings.models))
    best = ranked[0]
    text = (
        f"The highest UAR of all is that of {best} ({findings.score(best)}; chance is "
        f"{findings.chance:.3f})"
    )
    evidence: dict[str, Any] = {
        "model": best,
        "uar": findings.uar(best),
        "chance": findings.chance,
        **findings.scope(best),
    }
    named = ranked[:2]
    if len(ranked) > 1:
        contrast = findings.contrast(best, ranked[1])
        text += f"; against the runner-up, {ranked[1]}, {contrast.words()} ({contrast.numbers()})"
        equal = [model for model in ranked[1:] if findings.contrast(best, model).side == "open"]
        text += f". From {len(equal)} of the {len(ranked) - 1} other models it cannot be told apart"
        text += f" ({', '.join(equal)})" if equal else ""
        doubtful = [model for model in ranked[1:] if findings.contrast(best, model).doubtful]
        if doubtful:
            others = plural(len(doubtful), "other")
            text += f", and than {others} it only seems better{findings.doubt()}"
        evidence |= contrast.evidence() | {"cannot be told": equal, "seems": doubtful}
    text += f".{standardised(slices, *named)}"
    return [conclusion("overall", f"{text} ({findings.scope_words(best)}.)", evidence)]


def _cautions(findings: Findings) -> list[Conclusion]:
    row = next(iter(findings.models.values()))
    speakers, concluded = int(row["speakers"]), []
    if findings.by_clips or speakers < 2:
        text = (
            "Caution: the speakers are not all known, or there is one only, so intervals and "
            "tests resample clips. Clips of one speaker are not independent: all intervals are "
            "too narrow and say nothing about other voices."
        )
        concluded.append(
            conclusion("caution:clips", text, {"speakers": speakers, "clips": int(row["clips"])})
        )
    elif speakers < FEW_SPEAKERS:
        text = (
            f"Caution: with {speakers} speakers only, intervals are rough and rather too narrow, "
            "and no conclusion should be carried over to other speakers."
        )
        concluded.append(conclusion("caution:speakers", text, {"speakers": speakers}))
    no_power = powerless(speakers, findings.comparisons, "comparison", findings.confidence)
    if no_power and not findings.by_clips:
        text = f"Caution: {no_power}; more speakers, or fewer models, would change that."
        evidence = {
            "speakers": speakers,
            "comparisons": findings.comparisons,
            "smallest_p_holm": smallest_p_holm(speakers, findings.comparisons),
        }
        concluded.append(conclusion("caution:power", text, evidence))
    return concluded
