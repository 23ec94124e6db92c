"""What a model's card is made of: the run's tables, looked up for one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from serflow import targets
from serflow.corpora.about import About, about
from serflow.errors import UserError
from serflow.files import read_json
from serflow.model_list import knows_speakers
from serflow.report import text
from serflow.report.material import SVM, Material, Row, Rows
from serflow.tables import read_tsv

TABLES = (
    *("models", "per_class", "per_speaker", "per_attribute", "per_fold"),
    *("confusion", "comparisons"),
)
REGRESSION = "regression"


@dataclass(frozen=True)
class Facts:
    """All that a card is made of.

    Attributes
    ----------
    material
        The run's tables.
    model
        The model's name.
    records
        What each training left about itself.
    preprocessing
        Of ``preprocessing.json``; None of an SVM.
    checks
        Rows of ``check.tsv``; none of an SVM.
    """

    material: Material
    model: str
    records: Sequence[Mapping[str, Any]]
    preprocessing: Mapping[str, Any] | None = None
    checks: Rows = ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """The model's slice of the configuration."""
        return self.material.settings[self.model]

    @property
    def corpus(self) -> str:
        """Name of the corpus in the configuration."""
        return str(self.material.config["corpus"]["name"])

    @cached_property
    def about(self) -> About:
        """What is known about the corpus."""
        return about(self.material.config["corpus"])

    @property
    def version(self) -> str:
        """Version of SERflow that trained the model."""
        return str(self.material.provenance["versions"]["SERflow"])

    @property
    def labels(self) -> list[str]:
        """Labels of the corpus, sorted."""
        return self.material.labels

    @property
    def target(self) -> str | None:
        """The column that the model estimates; None where it recognises labels."""
        return targets.of(self.settings)

    @property
    def svm(self) -> bool:
        """Whether it is a support vector machine."""
        return bool(self.settings["family"] == SVM)

    @property
    def by_speaker(self) -> bool:
        """Whether it takes several recordings of one speaker."""
        return knows_speakers(self.settings)

    @property
    def refitted(self) -> bool:
        """Whether the scores are of a second network, trained on validation clips too."""
        return not self.svm and self.material.refitted(self.model)

    @property
    def overlap(self) -> bool:
        """Whether speakers may be both in training and test."""
        return any(row["kind"] == "speaker" for row in self.material.leakage)

    @cached_property
    def row(self) -> Row:
        """The model's row in the table of models, or of models that estimate a number.

        Raises
        ------
        UserError
            If it is in neither, because the run was not finished.
        """
        table = "models" if self.target is None else REGRESSION
        for row in self.material.tables.get(table, ()):
            if row["model"] == self.model:
                return row
        raise UserError(
            f"evaluation/{table}.tsv: has no row of {self.model}; finish the run first "
            "(`snakemake --cores 2 report`)"
        )

    @property
    def folds(self) -> int:
        """Number of folds."""
        return int(self.row["folds"])

    @property
    def seeds(self) -> int:
        """Number of seeds."""
        return int(self.row["seeds"])

    @property
    def seconds(self) -> float:
        """How much of a recording the model hears, in seconds."""
        if self.preprocessing is not None:
            return float(self.preprocessing["input"]["seconds"])
        window = self.material.config["spectrogram"]
        return round(float((window["frames"] + 1) * window["hop_seconds"]), 6)

    @property
    def reads(self) -> str:
        """What it is given, in words."""
        if self.target is not None:
            return self.row["features"]
        features = self.settings.get("features")
        if self.svm and isinstance(features, str):
            return " + ".join(map(text.feature, features.split("+")))
        return self.material.input(self.model)

    @property
    def model_files(self) -> str:
        """Where the run has its model files."""
        suffix = "skops" if self.svm else "safetensors"
        return f"results/{self.corpus}/models/{self.model}/fold*_seed*.{suffix}"

    @property
    def scope(self) -> str:
        """Over how many clips, speakers, folds and seeds its scores were taken."""
        told = [
            text.counted(int(self.row[f"{noun.split()[-1]}s"]), noun)
            for noun in ("test clip", "speaker", "fold", "seed")
            if int(self.row[f"{noun.split()[-1]}s"])
        ]
        return text.joined(told)


def gather(config: Mapping[str, Any], models: Mapping[str, Any], files: Mapping[str, Any]) -> Facts:
    """Read the files of a run.

    Parameters
    ----------
    config
        The completed configuration.
    models
        The slice of every model, variants spelled out.
    files
        `model`, its name; paths by name: `clips`, `recordings`, `splits`, `leakage`, `provenance`
        and the evaluation's tables, as far as they were made; `records`, a list; `preprocessing`
        and `check`, of a network.
    """
    material = Material.of_run(
        config=config,
        settings=models,
        clips=read_tsv(files["clips"]),
        recordings=read_tsv(files["recordings"]),
        splits=read_tsv(files["splits"]),
        leakage=read_tsv(files["leakage"]),
        tables={name: read_tsv(files[name]) if files.get(name) else [] for name in TABLES}
        | ({REGRESSION: read_tsv(files[REGRESSION])} if files.get(REGRESSION) else {}),
        conclusions=[],
        benchmarks=[],
        provenance=read_json(files["provenance"]),
        figures={},
    )
    return Facts(
        material,
        files["model"],
        [read_json(Path(record)) for record in files["records"]],
        read_json(files["preprocessing"]) if files.get("preprocessing") else None,
        read_tsv(files["check"]) if files.get("check") else [],
    )
