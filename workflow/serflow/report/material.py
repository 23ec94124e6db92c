"""What the report is made of: the run's tables, read once and looked up by the sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from serflow.corpora.checking import UNUSABLE
from serflow.evaluation.baseline_names import FAMILY
from serflow.evaluation.claims import sure, threshold
from serflow.evaluation.network_conclusions import networks_of, plain_variant
from serflow.figures.colours import palette
from serflow.model_list import feature_alternatives, knows_speakers
from serflow.numbers import value
from serflow.report.text import family

Row = Mapping[str, str]
Rows = Sequence[Row]

SVM = "svm"
"""The one family that is no network."""
MOST_TYPES = 3


@dataclass(frozen=True)
class Material:
    """All that `serflow.report.content.assemble` was given; see there."""

    config: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    clips: Rows
    recordings: Rows
    excluded: Rows
    splits: Rows
    leakage: Rows
    tables: Mapping[str, Rows]
    conclusions: Sequence[Mapping[str, Any]]
    benchmarks: Sequence[Mapping[str, Any]]
    provenance: Mapping[str, Any]
    figures: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    explanations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of_run(cls, *, clips: Rows, recordings: Rows, **others: Any) -> Material:
        """Return the material of a run, with the clips that could not be used set apart.

        Parameters
        ----------
        clips, recordings
            Rows of the tables of those names, of all clips.
        others
            All that a material has but these and what was excluded.
        """
        reasons = {row["clip"]: row["reason"] for row in recordings if row["verdict"] == UNUSABLE}
        return cls(
            clips=[row for row in clips if row["clip"] not in reasons],
            recordings=[row for row in recordings if row["clip"] not in reasons],
            excluded=[
                {**row, "reason": reasons[row["clip"]]} for row in clips if row["clip"] in reasons
            ],
            **others,
        )

    @cached_property
    def labels(self) -> list[str]:
        """Labels of the corpus, sorted."""
        return sorted({row["label"] for row in self.clips})

    @cached_property
    def measured(self) -> Mapping[str, Row]:
        """Row of ``recordings.tsv`` by clip."""
        return {row["clip"]: row for row in self.recordings}

    @cached_property
    def speakers(self) -> list[str]:
        """Known speakers of the corpus, sorted."""
        return sorted({row["speaker"] for row in self.clips} - {""})

    @cached_property
    def ranked(self) -> Rows:
        """Rows of the trained models in ``models.tsv``, the highest UAR first."""
        return sorted(self.row.values(), key=lambda row: (-value(row["uar"]), row["model"]))

    @cached_property
    def row(self) -> Mapping[str, Row]:
        """Row of ``models.tsv`` by trained model."""
        return {row["model"]: row for row in self.tables["models"] if row["family"] != FAMILY}

    @cached_property
    def baselines(self) -> Mapping[str, Row]:
        """Row of ``models.tsv`` by baseline, which is no model and has no rank."""
        return {row["model"]: row for row in self.tables["models"] if row["family"] == FAMILY}

    @cached_property
    def lines(self) -> list[str]:
        """What a table of all models lists: the models, the highest UAR first, then baselines."""
        return [*(row["model"] for row in self.ranked), *self.baselines]

    @cached_property
    def variants(self) -> dict[str, str]:
        """Base model by augmentation variant; a base is not in it."""
        return {
            name: settings["variant_of"]
            for name, settings in self.settings.items()
            if settings.get("variant_of", name) != name
        }

    @cached_property
    def networks(self) -> dict[str, str]:
        """By a network's name the model that stands for it.

        That is the one without augmentation, or the first variant where all are augmented.
        """
        trained = {model: self.settings[model] for model in self.row}
        return {base: plain_variant(trained, of) for base, of in networks_of(trained).items()}

    @cached_property
    def colours(self) -> dict[str, str]:
        """Colour by model."""
        return palette(self.settings, self.variants)

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """Models with their colours by family, as a reader chooses from them."""
        found: dict[str, list[dict[str, str]]] = {}
        order = {row["model"]: place for place, row in enumerate(self.ranked)}
        for name in sorted(self.settings, key=lambda name: (order.get(name, len(order)), name)):
            one = {"name": name, "colour": self.colours[name]}
            found.setdefault(family(self.settings[name]["family"]), []).append(one)
        return [{"family": title, "models": models} for title, models in found.items()]

    @cached_property
    def folds(self) -> list[str]:
        """Numbers of the folds, in order."""
        return sorted({row["fold"] for row in self.splits}, key=int)

    @cached_property
    def held_out(self) -> dict[str, str]:
        """What was held out for validation, ``speakers`` or ``clips``, by fold; "" for nothing."""
        speaker = {row["clip"]: row["speaker"] for row in self.clips}
        heard: dict[tuple[str, str], set[str]] = {}
        for row in self.splits:
            heard.setdefault((row["fold"], row["role"]), set()).add(speaker.get(row["clip"], ""))
        found = {}
        for fold in self.folds:
            validation = heard.get((fold, "validation"), set())
            shared = validation & (heard.get((fold, "train"), set()) | {""})
            by_clips = shared or self.config["protocol"]["type"] == "random"
            found[fold] = ("clips" if by_clips else "speakers") if validation else ""
        return found

    @cached_property
    def confidence(self) -> float:
        """Coverage of the intervals, between 0 and 1."""
        return float(self.config["evaluation"]["confidence"])

    @cached_property
    def alpha(self) -> float:
        """The p-value below which a difference counts."""
        return threshold(self.confidence)

    @cached_property
    def level(self) -> str:
        """Coverage of the intervals: ``95 %``."""
        return f"{100 * self.confidence:g}\u202f%"

    @cached_property
    def unit(self) -> str:
        """What was resampled for intervals and tests: ``speakers`` or ``clips``."""
        known = {row["unit"] for row in self.tables["comparisons"]}
        if known:
            return sorted(known)[0]
        tested = self.tested_speakers
        return "speakers" if len(tested) > 1 and "" not in tested else "clips"

    @cached_property
    def tested_speakers(self) -> list[str]:
        """Speakers of the test clips of all folds; "" among them where one is not known."""
        tested = {row["clip"] for row in self.splits if row["role"] == "test"}
        return sorted({row["speaker"] for row in self.clips if row["clip"] in tested})

    def of(self, table: str, model: str) -> Rows:
        """Return a table's rows of one model."""
        return [row for row in self.tables[table] if row["model"] == model]

    def models(self, family: str) -> list[str]:
        """Return the models of a family, one for each network, the highest UAR first."""
        standing = set(self.networks.values())
        return [
            row["model"]
            for row in self.ranked
            if row["family"] == family and (family == SVM or row["model"] in standing)
        ]

    @cached_property
    def network_families(self) -> list[str]:
        """Families of the networks, by the highest UAR of each."""
        return list(dict.fromkeys(row["family"] for row in self.ranked if row["family"] != SVM))

    def base(self, model: str) -> str:
        """Return the name of the network that `model` is, or is a variant of."""
        return self.variants.get(model, model)

    def input(self, model: str) -> str:
        """Return what a model is given: ``sbe, standardised per speaker``."""
        told = self.row[model]["features"]
        if self.settings[model]["family"] == SVM:
            types = feature_alternatives(self.settings[model])
            told = " | ".join(types)
            if len(types) > MOST_TYPES:
                told = f"one of {len(types)}: {types[0]} … {types[-1]}"
        return f"{told}, standardised per speaker" if self.knows_speakers(model) else told

    def knows_speakers(self, model: str) -> bool:
        """Return whether a model uses several clips of the test speaker, without labels."""
        return knows_speakers(self.settings[model])

    def refitted(self, model: str) -> bool:
        """Return whether the scores are of a second network, trained on validation clips too."""
        return bool(self.settings[model].get("refit")) and any(self.held_out.values())

    def sure(self, row: Row) -> bool:
        """Return whether interval and test of a comparison agree that there is a difference."""
        low, high, p_holm = (value(row[key]) for key in ("low", "high", "p_holm"))
        return sure(low, high, p_holm, self.confidence)

    def said(self, *topics: str) -> list[str]:
        """Return the conclusions whose id begins with one of `topics`, in reading order."""
        return [item["text"] for item in self.conclusions if item["id"].startswith(topics)]
