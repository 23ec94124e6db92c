"""Conclusions about networks: whether they reach the SVMs, and whether augmentation helps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serflow.evaluation.contrasts import (
    Conclusion,
    Contrast,
    Findings,
    Slices,
    conclusion,
    signed,
    standardised,
)

REFERENCES = {
    "spectral": "the best SVM on a spectral feature type",
    "all": "the best SVM on handcrafted features of any kind",
}
"""What networks are measured against, by the last part of the conclusion's id."""


def networks_of(slices: Slices) -> dict[str, list[str]]:
    """Return the models of each network, by the name of its base."""
    networks: dict[str, list[str]] = {}
    for model, own in slices.items():
        if own["family"] != "svm":
            networks.setdefault(own["variant_of"], []).append(model)
    return networks


def plain_variant(slices: Slices, variants: Sequence[str]) -> str:
    """Return the variant without augmentation, or the first if all are augmented."""
    return next(
        (model for model in variants if slices[model]["augmentation"] == "none"), variants[0]
    )


def against_svms(
    findings: Findings,
    slices: Slices,
    base: str,
    model: str,
    spectral: Sequence[str],
    svms: Sequence[str],
) -> list[Conclusion]:
    """Say whether `model` reaches the first of `spectral` and of `svms` (each by falling UAR)."""
    references = {}
    if spectral:
        references["spectral"] = spectral[0]
    if svms and (not spectral or svms[0] != spectral[0]):
        references["all"] = svms[0]
    concluded = []
    for kind, reference in references.items():
        contrast = findings.contrast(model, reference)
        target = f"{REFERENCES[kind]}, {reference} ({findings.score(reference)})"
        subject = f"{model} ({findings.score(model)})"
        if contrast.side == "above":
            verdict = "reaches"
            more = "surpasses it" if contrast.firm else "seems to surpass it" + findings.doubt()
            text = f"{subject} reaches {target}, and {more}: {contrast.numbers()}."
        elif contrast.side == "below":
            verdict = "falls short"
            claim = "falls short of" if contrast.firm else "seems to fall short of"
            doubt = "" if contrast.firm else findings.doubt()
            text = f"{subject} {claim} {target}{doubt}: {contrast.numbers()}."
        else:
            verdict = "cannot be told"
            text = (
                f"Whether {subject} reaches {target} cannot be told: here it scored "
                f"{_higher(contrast.difference)}, but the interval includes zero "
                f"({contrast.numbers()})."
            )
        text += standardised(slices, model, reference)
        scope = findings.scope_words(model, reference)
        evidence = {**contrast.evidence(), "verdict": verdict, **findings.scope(model, reference)}
        concluded.append(conclusion(f"network:{base}:{kind}", f"{text} ({scope}.)", evidence))
    return concluded


def augmentations(
    findings: Findings, slices: Slices, base: str, variants: Sequence[str]
) -> list[Conclusion]:
    """Say of every augmentation of a network whether it helps, and of all whether to use any."""
    plain = plain_variant(slices, variants)
    if slices[plain]["augmentation"] != "none" or len(variants) < 2:
        return []
    concluded = []
    contrasts = {}
    for model in variants:
        if model == plain:
            continue
        contrast = contrasts[model] = findings.contrast(model, plain)
        verdict = {"above": "helps", "below": "hurts", "open": "cannot be told"}[contrast.side]
        change = slices[model]["augmentation"].replace("_", " ")
        if contrast.side == "open":
            text = (
                f"Whether the augmentation {change} helps or hurts {base} cannot be told: with it "
                f"the UAR was {_higher(contrast.difference)} ({contrast.numbers()})."
            )
        else:
            claim = verdict if contrast.firm else f"seems to {verdict.removesuffix('s')}"
            doubt = "" if contrast.firm else findings.doubt()
            text = f"The augmentation {change} {claim} {base}{doubt}: {contrast.numbers()}."
        text += f" ({findings.scope_words(model, plain)}.)"
        evidence = {**contrast.evidence(), "verdict": verdict, **findings.scope(model, plain)}
        concluded.append(conclusion(f"augmentation:{model}", text, evidence))
    return [*concluded, _opinion(findings, slices, base, plain, contrasts)]


def _opinion(
    findings: Findings, slices: Slices, base: str, plain: str, contrasts: Mapping[str, Contrast]
) -> Conclusion:
    name = {model: slices[model]["augmentation"].replace("_", " ") for model in contrasts}
    by_gain = sorted(contrasts, key=lambda model: -contrasts[model].difference)
    helping = [model for model in by_gain if contrasts[model].side == "above"]
    hurting = [model for model in reversed(by_gain) if contrasts[model].side == "below"]
    # Whatever the network, its table says what it reads.
    read = str(findings.models[plain]["features"])
    inputs = next((kind for kind in ("signal", "frame") if read.startswith(kind)), "spectrogram")
    question = f"Should {inputs}s be augmented for {base}?"
    unsure = [model for model in [*helping, *hurting] if not contrasts[model].firm]
    doubt = ""
    if unsure:
        some = len(unsure) < len(helping) + len(hurting)
        which = f"For {_listed([name[model] for model in unsure])} this" if some else "This"
        doubt = f" {which} is no more than an indication{findings.doubt()}."
    most, least = contrasts[by_gain[0]], contrasts[by_gain[-1]]
    told = f"{signed(most.difference)} ({name[most.a]})"
    if len(by_gain) > 1:
        told = f"{signed(least.difference)} ({name[least.a]}) to {told}"
    helps = (
        f"with {_listed([name[model] for model in helping])} (at best {signed(most.difference)})"
    )
    hurts = f"{_listed([name[model] for model in hurting])} (at worst {signed(least.difference)})"
    if helping and hurting:
        answer, text = "some", f"Only {helps}, and not with {hurts}: it is the kind that decides."
    elif helping:
        answer, text = "yes", f"Yes, {helps}; no other kind can be told to help, and none to hurt."
        if len(helping) == len(contrasts):
            text = f"Yes, {helps}; every kind that was tried helped."
    elif hurting:
        answer, text = "no", f"No: no kind can be told to help, and {hurts} cost accuracy."
    else:
        answer = "cannot be told"
        text = (
            f"Nothing measured here speaks for it or against it: the UAR changed by {told}, and no "
            "interval leaves zero out."
        )
    training = _training(slices[plain])
    scope = f"(This network on this corpus{training}: {findings.scope_words(plain, *by_gain)}.)"
    text = f"{question} {text}{doubt} {scope}"
    evidence = {
        "verdict": answer,
        "firm": bool(helping or hurting) and not unsure,
        "helps": helping,
        "hurts": hurting,
        "cannot be told": [model for model in by_gain if contrasts[model].side == "open"],
        "reference": plain,
        **findings.scope(plain, *by_gain),
    }
    return conclusion(f"opinion:{base}", text, evidence)


def _training(own: Mapping[str, Any]) -> str:
    """Return in a clause how a network was trained; "" where its slice does not tell."""
    if "epochs" not in own:
        return ""
    early = own.get("select") == "best" or own.get("patience") is not None
    most = "at most " if early else ""
    again = " with refit" if own.get("refit") else ""
    return f", trained for {most}{own['epochs']} epochs{again}"


def _higher(difference: float) -> str:
    if signed(difference) == "0.000":
        return "the same"
    return f"{abs(difference):.3f} {'higher' if difference > 0 else 'lower'}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
