"""What the report is made of: the run's tables, read once and looked up by the sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from serflow.figures.colours import palette
from serflow.numbers import value

Row = Mapping[str, str]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Material:
    """All that `serflow.report.content.assemble` was given; see there."""

    config: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]
    clips: Rows
    recordings: Rows
    splits: Rows
    leakage: Rows
    tables: Mapping[str, Rows]
    conclusions: Sequence[Mapping[str, Any]]
    benchmarks: Sequence[Mapping[str, Any]]
    versions: Mapping[str, str]
    figures: Mapping[str, Any]

    @cached_property
    def labels(self) -> list[str]:
        """Labels of the corpus, sorted."""
        return sorted({row["label"] for row in self.clips})

    @cached_property
    def speakers(self) -> list[str]:
        """Known speakers of the corpus, sorted."""
        return sorted({row["speaker"] for row in self.clips} - {""})

    @cached_property
    def ranked(self) -> Rows:
        """Rows of ``models.tsv``, the highest UAR first."""
        return sorted(self.tables["models"], key=lambda row: (-value(row["uar"]), row["model"]))

    @cached_property
    def row(self) -> Mapping[str, Row]:
        """Row of ``models.tsv`` by model."""
        return {row["model"]: row for row in self.tables["models"]}

    @cached_property
    def variants(self) -> dict[str, str]:
        """Base model by augmentation variant; a base is not in it."""
        return {
            name: settings["variant_of"]
            for name, settings in self.settings.items()
            if settings.get("variant_of", name) != name
        }

    @cached_property
    def colours(self) -> dict[str, str]:
        """Colour by model."""
        return palette(self.settings, self.variants)

    @cached_property
    def folds(self) -> list[str]:
        """Numbers of the folds, in order."""
        return sorted({row["fold"] for row in self.splits}, key=int)

    @cached_property
    def level(self) -> str:
        """Coverage of the intervals: ``95 %``."""
        return f"{100 * self.config['evaluation']['confidence']:g}\u202f%"

    @cached_property
    def unit(self) -> str:
        """What was resampled for intervals and tests: ``speakers`` or ``clips``."""
        known = {row["unit"] for row in self.tables["comparisons"]}
        if known:
            return sorted(known)[0]
        return (
            "speakers"
            if len(self.speakers) > 1 and all(row["speaker"] for row in self.clips)
            else "clips"
        )

    def of(self, table: str, model: str) -> Rows:
        """Return a table's rows of one model."""
        return [row for row in self.tables[table] if row["model"] == model]

    def models(self, family: str) -> list[str]:
        """Return the models of a family that are no variants, the highest UAR first."""
        return [
            row["model"]
            for row in self.ranked
            if row["family"] == family and row["model"] not in self.variants
        ]

    def said(self, *topics: str) -> list[str]:
        """Return the conclusions whose id begins with one of `topics`, in reading order."""
        return [item["text"] for item in self.conclusions if item["id"].startswith(topics)]
