"""A small report: its parts as a run would leave them, and a look into what is assembled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

from serflow.report import content

SPEAKERS = ["01", "02", "03", "04"]
LABELS = ["Angry", "Calm"]
HOSTILE = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>", "' onload='x"),
    *("=cmd()", "a$b$", "$x$", "#let x", '#import "x"', "*b* _i_ `c` @ref", "{{ 1 }} {% x %}"),
    *("C:\\a\\b", "\\u{1F600}", "a\tb\nc", "\u202egnp.exe", "\x00\udcff", "]]> --> &lt; &#60;"),
]
MODELS: dict[str, dict[str, Any]] = {
    "svm_sc": {"family": "svm", "features": "sc", "C": 10.0},
    "svm_sbe": {"family": "svm", "features": "sbe", "C": 10.0},
    "cnn1d": {"family": "cnn1d", "augmentation": "none", "variant_of": "cnn1d", "select": "last"},
    "cnn2d": {"family": "cnn2d", "augmentation": "none", "variant_of": "cnn2d", "select": "best"},
    "cnn2d_time_shift": {
        "family": "cnn2d",
        "augmentation": "time_shift",
        "variant_of": "cnn2d",
        "select": "best",
    },
}
UAR = {"svm_sc": 0.5, "svm_sbe": 0.6, "cnn1d": 0.55, "cnn2d": 0.65, "cnn2d_time_shift": 0.7}
BASELINES = ("chance", "majority")
HEARD = {"channels": "1", "peak": "0.5"}
"""What is alike in all recordings."""
PROVENANCE = {
    "versions": {"Python": "3.11.9"},
    "commit": {"id": "0123456789abcdef", "modified": True},
    "corpus": {"clips": 16, "fingerprint": "fedcba9876543210"},
    "hardware": {"processor": "A chip", "cores": 2, "memory_gib": 16.0, "system": "Linux"},
    "devices": ["cpu"],
    "trainings": {"svm_sc": ["fold0_seed0", "fold1_seed0"], "cnn1d": ["fold0_seed0"]},
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="60pt"><path d="M0 0h9v9z"/></svg>'
)

Assemble = Callable[..., dict[str, Any]]


def rows_of_models(models: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            "model": name,
            "family": settings["family"],
            "features": settings.get("features", "signal"),
            "uar": str(UAR[name]),
            "uar_low": str(UAR[name] - 0.1),
            "uar_high": str(UAR[name] + 0.1),
            "uar_seed_sd": "" if settings["family"] == "svm" else "0.0125",
            "uar_fold_sd": "0.05",
            "accuracy": str(UAR[name] + 0.01),
            "macro_f1": str(UAR[name] - 0.01),
            "roc_auc": str(UAR[name] + 0.2),
            "ece": "0.125" if settings["family"] == "svm" else "0.25",
            "clips": "16",
            "speakers": "4",
            "folds": "2",
            "seeds": "1" if settings["family"] == "svm" else "2",
            "parameters": "" if settings["family"] == "svm" else "12345",
            "train_seconds": "1.25",
            "predict_ms_per_clip": "0.5",
        }
        for name, settings in models.items()
    ]


def rows_of_baselines(one: dict[str, str]) -> list[dict[str, str]]:
    """Rows of both baselines, otherwise like that of a model."""
    empty = dict.fromkeys(("features", "ece", "parameters", "train_seconds"), "")
    guess = dict.fromkeys(("uar", "uar_low", "uar_high", "accuracy", "macro_f1"), "0.5")
    return [
        {**one, "model": name, "family": "baseline", **empty, **guess, "roc_auc": "0.5"}
        for name in BASELINES
    ]


def tables(models: dict[str, dict[str, Any]], labels: list[str]) -> dict[str, list[dict[str, str]]]:
    one = {"clips": "4", "speakers": "2"}
    area = {"roc_auc": "0.75"}
    of_models = rows_of_models(models)
    return {
        "models": [*of_models, *rows_of_baselines(of_models[0])],
        "per_class": [
            {
                "model": name,
                "label": label,
                "recall": "0.5",
                "precision": "0.4",
                "f1": "",
                **area,
                **one,
            }
            for name in (*models, *BASELINES)
            for label in labels
        ],
        "per_speaker": [
            {"model": name, "speaker": speaker, "uar": f"0.{place + 3}", "accuracy": "0.5", **one}
            for name in models
            for place, speaker in enumerate(SPEAKERS)
        ]
        + [
            {"model": name, "speaker": speaker, "uar": "0.5", "accuracy": "0.5", **one}
            for name in BASELINES
            for speaker in SPEAKERS
        ],
        "per_attribute": [
            {"attribute": "gender", "value": value, "model": name, "uar": uar, **one}
            | {"labels": str(len(labels))}
            | {f"{score}_{end}": end_at for score in ("uar", "accuracy") for end, end_at in ends}
            for value, uar in (("female", "0.625"), ("male", "0.5"))
            for name in (*models, *BASELINES)
            for ends in [(("low", "0.375"), ("high", "0.75"))]
        ],
        "per_fold": [
            {
                "model": name,
                "fold": fold,
                "seed": "0",
                "uar": str(UAR.get(name, 0.5)),
                "accuracy": "0.5",
                **one,
            }
            for name in (*models, *BASELINES)
            for fold in ("0", "1")
        ],
        "comparisons": [
            {
                "model_a": a,
                "model_b": b,
                "difference": f"{UAR[a] - UAR[b]:.3f}",
                "low": f"{UAR[a] - UAR[b] - 0.02:.3f}",
                "high": f"{UAR[a] - UAR[b] + 0.05:.3f}",
                "p_value": "0.0004",
                "p_holm": "0.004",
                "speakers": "4",
                "unit": "speakers",
            }
            for a, b in combinations(models, 2)
        ],
        "ranks": [
            {
                "model": name,
                "mean_rank": str(place + 1.25),
                "speakers": "4",
                "friedman": "7.25",
                "p_value": "0.0123",
            }
            for place, name in enumerate(models)
        ],
        "choices": [],
        "alternatives": [],
        "jobs": [{"rule": "evaluate", "jobs": "1"}, {"rule": "train_svm", "jobs": "4"}],
    }


def assembler(folder: Path) -> Assemble:
    """Return a function that assembles a small report; keywords change its parts."""

    def build(
        models: dict[str, dict[str, Any]] = MODELS,
        labels: list[str] = LABELS,
        adapter: str = "ravdess",
        **changed: Any,
    ) -> dict[str, Any]:
        names = ["spectrograms", "images", "ranking", "calibration"]
        names += ["critical_difference", "augmentation/cnn2d", "rulegraph"]
        names += [f"{kind}/{name}" for name in models for kind in ("confusion", "curves")]
        figures = {}
        for place, name in enumerate(names):
            if name.startswith("curves/svm"):
                continue
            figures[name] = folder / f"{place} #.svg"
            figures[name].write_text(SVG, encoding="utf-8")
        clips = [
            {"clip": f"{speaker}/{place}{turn}", "label": label, "speaker": speaker}
            for speaker in SPEAKERS
            for place, label in enumerate(labels)
            for turn in (0, 1)
        ]
        given = {
            "config": {
                "corpus": {"name": "small", "adapter": adapter},
                "protocol": {"type": "group-k-fold", "folds": 2, "validation": 0.25},
                "seeds": [0, 1],
                "evaluation": {"confidence": 0.95, "resamples": 10000},
                "report": {"title": "A comparison", "author": ""},
            },
            "settings": models,
            "clips": clips,
            "recordings": [
                {"clip": row["clip"], "seconds": "3.5", "rate": "48000", **HEARD, "verdict": "ok"}
                for row in clips
            ],
            "splits": [
                {
                    "clip": row["clip"],
                    "fold": fold,
                    "role": "test" if (row["speaker"] < "03") == (fold == "0") else "train",
                }
                for fold in ("0", "1")
                for row in clips
            ],
            "leakage": [],
            "tables": tables(models, labels),
            "conclusions": [
                {"id": "overall", "text": "cnn2d_time_shift scored highest."},
                {"id": "opinion:cnn2d", "text": "Shifting helps."},
                {"id": "augmentation:cnn2d_time_shift", "text": "A shift adds 0.050."},
                {"id": "network:cnn1d:spectral", "text": "cnn1d falls short."},
            ],
            "benchmarks": [
                {"rule": "train_svm", "seconds": "2.5", "max_rss": "310.2"},
                {"rule": "train_svm", "seconds": "60", "max_rss": ""},
                {"rule": "evaluate", "seconds": "7260", "max_rss": "99.9"},
            ],
            "provenance": PROVENANCE,
            "figures": figures,
        }
        return content.assemble(**{**given, **changed})

    return build

    return build


def section_of(assembled: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in assembled["sections"] if one["id"] == name]
    return found


def cells(block: dict[str, Any]) -> list[list[str]]:
    return [[item["text"] for item in row] for row in block["rows"]]


def of_kind(assembled: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    everything = assembled["summary"] + [
        block for one in assembled["sections"] for block in one["blocks"]
    ]
    return [block for block in everything if block["kind"] == kind]


def hostile(assemble: Assemble) -> dict[str, Any]:
    """Assemble a report in which everything that a user names has one of the names `HOSTILE`."""
    clips = [
        {"clip": f"{name}.wav", "label": name, "speaker": name, "path": name} for name in HOSTILE
    ]
    return assemble(
        labels=HOSTILE,
        config={
            "corpus": {"name": "small", "adapter": "folder", "path": HOSTILE[0], "speaker": "("},
            "protocol": {"type": "speakers", "test_speakers": [HOSTILE], "validation": 0.25},
            "seeds": [0, 1],
            "evaluation": {"confidence": 0.95, "resamples": 10000},
            "report": {"title": HOSTILE[0], "author": HOSTILE[1]},
        },
        clips=clips,
        recordings=[
            {"clip": row["clip"], "seconds": "3.5", "rate": "48000", **HEARD, "verdict": name}
            for row, name in zip(clips, HOSTILE, strict=True)
        ],
        splits=[
            {"clip": row["clip"], "fold": fold, "role": "test" if fold == "0" else "train"}
            for fold in ("0", "1")
            for row in clips
        ],
        leakage=[
            {
                "fold": "0",
                "kind": "audio",
                "severity": severity,
                "what": f"speaker {name}",
                "roles": "train, test",
                "clips": f"{name}.wav",
            }
            for severity in ("error", "allowed", "warning")
            for name in HOSTILE
        ],
        conclusions=[{"id": "overall", "text": name} for name in HOSTILE],
    )
