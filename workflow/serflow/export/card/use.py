"""What a model is for, what it is not for, and how it is used, on its card."""

from __future__ import annotations

from collections.abc import Iterator

from serflow import numbers
from serflow.export import example
from serflow.export.card.facts import Facts
from serflow.export.card.markdown import block, code, escaped
from serflow.report import text
from serflow.report.summary import FEW_SPEAKERS


def limits(facts: Facts) -> Iterator[str]:
    """Yield what the results do not reach."""
    material = facts.material
    if facts.about.synthetic:
        yield (
            "The speech is synthetic: nothing here says how the model does on people's voices. It "
            "is an example of a card, not a model to use."
        )
    elif material.config["corpus"]["adapter"] == "ravdess":
        yield (
            "The emotions are acted, by professionals, with two sentences, in one language and one "
            "studio. Spontaneous speech is harder, and other languages express emotions otherwise."
        )
    yield (
        "Only recordings of this one corpus were tested. Other microphones, rooms, noise, codecs, "
        "languages, ages and ways of speaking may give much lower scores; none was tried."
    )
    if not facts.about.synthetic:
        told = dict.fromkeys(row["attribute"] for row in material.tables["per_attribute"])
        known = text.joined(map(escaped, told)) if told else "nothing"
        yield (
            f"Of speakers and clips this run knows, beside their names, {known}; whatever else the "
            "people differ in (age, origin, health, first language) was not looked at."
        )
    if facts.target is None:
        yield (
            f"It knows {text.counted(len(facts.labels), 'label')} and always answers with them: "
            "also for another emotion, for mixed ones, for silence, music or noise. It cannot say "
            '"none of these".'
        )
        yield from _weakest(facts)
        yield (
            "Its probabilities are the model's, on clips like these: with an ECE of "
            f"{numbers.score(facts.row['ece'])} they are off by that much on average; elsewhere "
            "they may be further off."
        )
    yield (
        f"It hears {facts.seconds:g} s at once, and was tested on the beginning of each clip. What "
        "`python -m serflow predict` says of a longer recording is the mean over a window a "
        "second, which no number here is about."
    )
    if facts.by_speaker:
        yield "It takes several recordings of one speaker, and says nothing sensible of one alone."
    if facts.overlap:
        yield "Test speakers may have been heard in training, so a new voice may fare worse."
    tested = len(material.tested_speakers)
    if material.unit == "clips":
        yield "The speakers are not known, so the intervals are too narrow."
    elif tested < FEW_SPEAKERS:
        yield f"{tested} speakers are few: other speakers may give other results."


def _weakest(facts: Facts) -> Iterator[str]:
    rows = [row for row in facts.material.of("per_class", facts.model) if row["recall"]]
    if rows:
        worst = min(rows, key=lambda row: (numbers.value(row["recall"]), row["label"]))
        yield (
            f"{escaped(worst['label'])} is recognised least: {numbers.percent(worst['recall'])} of "
            "its clips."
        )


def intended(facts: Facts) -> Iterator[str]:
    """Yield what the model is for."""
    yield "Teaching: how such a model is built, tested and misread."
    yield (
        "Research: a result to compare with, on the same corpus, folds and seeds, and a start for "
        "one's own trials."
    )
    if not facts.about.synthetic:
        yield (
            "Trying out on recordings of people who agreed to it, where an answer has no "
            "consequence for anyone."
        )


def unintended() -> list[str]:
    """Return what the model is not for; the same for every model."""
    return [
        "- Decisions about people, or help with them: hiring, marking, promotion, insurance, "
        "credit, health, police, courts, borders.\n"
        "- Telling what somebody feels, whether they lie, or how they are. The labels say what "
        "speakers were asked to show, or what listeners heard; neither is what a speaker felt.\n"
        "- Watching people at work or at school, or anyone who does not know of it.\n"
        "- Comparing groups of people by what the model says of them.",
        "In the European Union, Regulation (EU) 2024/1689 (AI Act) prohibits AI systems that infer "
        "emotions of people at the workplace and in education institutions, except for medical or "
        "safety reasons (Article 5(1)(f)); other systems for emotion recognition count as "
        "high-risk (Annex III, point 1(c)), and people exposed to one have to be told (Article "
        "50(3)). Other laws, and those on data protection, may apply as well: a voice is personal "
        "data. This is a pointer, not legal advice.",
    ]


def usage(facts: Facts) -> list[str]:
    """Return how the model is asked about a recording."""
    folder = f"results/{facts.corpus}/models/{facts.model}"
    command = f"python -m serflow predict my.wav --model {folder}"
    same = " --same-speaker" if facts.by_speaker else ""
    with_project = [
        "With SERflow, in the folder of the run:",
        block(f"{command}{same}", "sh"),
    ]
    if facts.preprocessing is None:
        return [
            *with_project,
            f"The model files are {code(facts.model_files)}: scikit-learn pipelines as skops "
            "stores them, without pickle, with labels, settings and how their features are made. "
            "There is no ONNX file of it: the features would have to be made anyway.",
        ]
    wanted = " ".join(example.packages(facts.preprocessing))
    inside = facts.preprocessing["normalisation"]["inside_onnx"]
    return [
        f"Without SERflow: the ONNX files take `clips`, float32 of shape {_shape(facts)}, and give "
        f"`{facts.preprocessing['output']['name']}`. `preprocessing.json` says step by step how a "
        "recording becomes such a clip; the normalisation is "
        + ("inside the files. " if inside else "no part of the files. ")
        + f"In this folder, with {code(f'pip install {wanted}')} and a recording `my.wav`:",
        block(example.program(facts.preprocessing), "python"),
        *with_project,
    ]


def _shape(facts: Facts) -> str:
    assert facts.preprocessing is not None
    return f"({', '.join(map(str, facts.preprocessing['input']['shape']))})"
