"""What the evaluation's tables say about one model or two, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serflow.evaluation.baseline_names import CHANCE, FAMILY
from serflow.evaluation.claims import smallest_p_holm, sure, threshold
from serflow.model_list import knows_speakers

Row = Mapping[str, Any]
Slices = Mapping[str, Mapping[str, Any]]
Conclusion = dict[str, Any]


@dataclass(frozen=True)
class Contrast:
    """Model `a` minus model `b` in UAR.

    `side` is "above" or "below" where the interval leaves zero out on that side, else "open".
    `firm` says whether the Holm-corrected test agrees that there is a difference.
    """

    a: str
    b: str
    difference: float
    low: float
    high: float
    p_value: float
    p_holm: float
    confidence: float

    @property
    def side(self) -> str:
        if self.low > 0:
            return "above"
        return "below" if self.high < 0 else "open"

    @property
    def firm(self) -> bool:
        return sure(self.low, self.high, self.p_holm, self.confidence)

    @property
    def doubtful(self) -> bool:
        """Whether the interval leaves zero out, and the corrected test does not agree."""
        return self.side != "open" and not self.firm

    def numbers(self) -> str:
        """Return the difference, its interval and its corrected p-value in words."""
        return (
            f"difference {signed(self.difference)}, {100 * self.confidence:g} % interval "
            f"[{signed(self.low)}, {signed(self.high)}], Holm-corrected {p_words(self.p_holm)}"
        )

    def words(self, names: Mapping[str, str] | None = None) -> str:
        """Return which of the two is better, as surely as it is known, by `names` where given."""
        first, second = ((names or {}).get(model, model) for model in (self.a, self.b))
        if self.side == "open":
            return f"whether {first} or {second} is better cannot be told"
        better, worse = (first, second) if self.side == "above" else (second, first)
        if self.firm:
            return f"{better} is better than {worse}"
        return f"{better} seems better than {worse}, but the corrected test does not confirm it"

    def evidence(self) -> dict[str, Any]:
        """Return the numbers behind a sentence."""
        return {
            "model": self.a,
            "reference": self.b,
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "p_value": self.p_value,
            "p_holm": self.p_holm,
            "firm": self.firm,
        }


class Findings:
    """The tables `models` and `comparisons`, as made or as read from their files.

    `models` are the trained ones; of the baselines only the UAR of a guess is kept, as `chance`.
    """

    def __init__(self, tables: Mapping[str, Sequence[Row]], confidence: float) -> None:
        rows: dict[str, Row] = {row["model"]: row for row in tables["models"]}
        self.models = {name: row for name, row in rows.items() if row["family"] != FAMILY}
        self.chance = float(rows[CHANCE]["uar"])
        self.comparisons = len(tables["comparisons"])
        self.by_clips = any(row["unit"] == "clips" for row in tables["comparisons"])
        self.confidence = confidence
        self._pairs = {(row["model_a"], row["model_b"]): row for row in tables["comparisons"]}

    def uar(self, model: str) -> float:
        return float(self.models[model]["uar"])

    def ranked(self, models: Sequence[str]) -> list[str]:
        """Return `models` by falling UAR, equal ones in the order given."""
        return sorted(models, key=lambda model: -self.uar(model))

    def score(self, model: str) -> str:
        """Return the UAR of `model` with its interval in words."""
        row = self.models[model]
        return (
            f"UAR {self.uar(model):.3f} [{float(row['uar_low']):.3f}, {float(row['uar_high']):.3f}]"
        )

    def contrast(self, a: str, b: str) -> Contrast:
        """Return `a` minus `b`, whichever way round the table has them."""
        straight = (a, b) in self._pairs
        row = self._pairs[(a, b) if straight else (b, a)]
        difference, low, high = (float(row[key]) for key in ("difference", "low", "high"))
        if not straight:
            difference, low, high = -difference, -high, -low
        p_value, p_holm = float(row["p_value"]), float(row["p_holm"])
        return Contrast(a, b, difference, low, high, p_value, p_holm, self.confidence)

    def scope(self, *models: str) -> dict[str, Any]:
        """Return over how many clips, speakers, folds and seeds numbers were taken."""
        row = self.models[models[0]]
        counts: dict[str, Any] = {key: int(row[key]) for key in ("clips", "speakers", "folds")}
        counts["seeds"] = {model: int(self.models[model]["seeds"]) for model in models}
        return counts

    def scope_words(self, *models: str) -> str:
        """Return `scope` in words."""
        counts = self.scope(*models)
        seeds = counts["seeds"]
        told = (
            plural(seeds[models[0]], "seed")
            if len(set(seeds.values())) == 1
            else "seeds: " + ", ".join(f"{model} {number}" for model, number in seeds.items())
        )
        speakers = (
            plural(counts["speakers"], "speaker") if counts["speakers"] else "speakers unknown"
        )
        clips, folds = plural(counts["clips"], "clip"), plural(counts["folds"], "fold")
        return f"{clips}, {speakers}, {folds}, {told}"

    def doubt(self) -> str:
        """Return the clause that goes with "seems"."""
        count = plural(self.comparisons, "comparison")
        return f", which the test corrected for {count} does not confirm"


def signed(number: float) -> str:
    """Return three decimals with a sign, and no sign for what rounds to zero."""
    text = f"{number:+.3f}"
    return "0.000" if text in ("+0.000", "-0.000") else text.replace("-", "−")


def p_words(p: float) -> str:
    """Return a p-value in words, three decimals."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def powerless(speakers: int, comparisons: int, noun: str, confidence: float) -> str:
    """Return in a clause that no difference could pass the corrected test; "" where one could.

    Parameters
    ----------
    speakers
        Units of the test.
    comparisons
        How many p-values are corrected together.
    noun
        What one of them is called: ``comparison``.
    confidence
        Coverage of the intervals; what it leaves is the `threshold` of the test.
    """
    floor = smallest_p_holm(speakers, comparisons)
    if not comparisons or floor < threshold(confidence):
        return ""
    return (
        f"with {plural(speakers, 'speaker')} and {plural(comparisons, noun)} the smallest "
        f"corrected p-value that can come out is {p_words(floor).removeprefix('p = ')}, so no "
        "difference can pass the corrected test, however large it is"
    )


def standardised(slices: Slices, *models: str) -> str:
    """Return a sentence on those of `models` that know more of a test speaker than one clip."""
    known = [model for model in dict.fromkeys(models) if knows_speakers(slices[model])]
    if not known:
        return ""
    standardise = "standardises" if len(known) == 1 else "standardise"
    use = "uses" if len(known) == 1 else "use"
    return (
        f" {' and '.join(known)} {standardise} the input within each speaker, and so {use} "
        "several clips of the test speaker, without their labels."
    )


def plural(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def conclusion(name: str, text: str, evidence: dict[str, Any]) -> Conclusion:
    """Return one conclusion."""
    return {"id": name, "text": text, "evidence": evidence}
