"""The table: what is changed, and which jobs `snakemake -n report` then wants to run again.

The counts hold for the tiny project of `project.py`: 3 shards, 2 folds, 1 seed, 3 SVMs, a 1D
network and a 2D network in two variants.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from project import CONFIGURATION, LABELS, SPEAKERS, TAKES, Project, voice, write_wav

Jobs = dict[str, int]


@dataclass(frozen=True)
class Row:
    """One change and the jobs it makes stale.

    Attributes
    ----------
    change
        In words, as a page for users would say it.
    jobs
        Number of jobs a rule.
    keys
        Dotted key of the configuration to its new value, given with `--config`.
    edit
        Changes files of a copy of the finished project; None where `keys` say it all.
    target
        What is asked for.
    """

    change: str
    jobs: Jobs
    keys: Mapping[str, Any] = field(default_factory=dict)
    edit: Callable[[Project], None] | None = None
    target: str = "report"


def jobs(*parts: Jobs, **more: int) -> Jobs:
    """Join sets of jobs; a later count of a rule replaces an earlier one."""
    joined: Jobs = {}
    for part in (*parts, more):
        joined.update(part)
    return {rule: count for rule, count in joined.items() if count}


# What follows from a stage, by Snakemake's own reckoning: whatever reads what has run again.
PAGES: Jobs = {"report_html": 1, "report_pdf": 1}
# The report shows the whole configuration, and what else the numbers come from.
REPORT = jobs(PAGES, provenance=1)
EVALUATION = jobs(
    REPORT,
    dict.fromkeys(("evaluate", "figure_ranking", "figure_calibration"), 1),
    figure_critical_difference=1,
    figure_confusion=6,
    figure_augmentation=1,
)
TRAINING = jobs(EVALUATION, costs=1, shown_clips=1)
# Of the SVMs, all in one job; of the networks, one each that stands for its variants.
WEIGHED: Jobs = {"importance": 1, "figure_importance": 1}
SVM = jobs(TRAINING, WEIGHED, train_svm=2)
CNN1D = jobs(TRAINING, train_network=2, figure_curves=1, explanation=1)
CNN2D = jobs(TRAINING, train_network=4, figure_curves=2, explanation=1)
NETWORKS = jobs(TRAINING, train_network=6, figure_curves=3, explanation=2)
ALL_MODELS = jobs(NETWORKS, WEIGHED, train_svm=6)
SPLITS = jobs(ALL_MODELS, splits=1, leakage=1, gate=1, figure_spectrograms=1, figure_images=1)
BANDS = jobs(TRAINING, WEIGHED, band_features=3, feature_table=2, train_svm=4)
IMAGES = jobs(CNN2D, image_shard=3, image_table=1, pixels=3, figure_images=1)
SPECTROGRAMS = jobs(BANDS, IMAGES, spectrograms=3, figure_spectrograms=1)
FRAMES = jobs(SPECTROGRAMS, ALL_MODELS, cepstra=3, signals=3, feature_table=3)
SHARD_RULES = (
    *("recordings", "spectrograms", "band_features", "cepstra"),
    *("image_shard", "pixels", "signals"),
)
AUDIO = jobs(
    FRAMES,
    dict.fromkeys(SHARD_RULES, 1),
    recording_table=1,
    recording_check=1,
    clip_table=1,
    splits=1,
    leakage=1,
    gate=1,
)
EVERY_SHARD = jobs(AUDIO, dict.fromkeys(SHARD_RULES, 3))
NOTHING: Jobs = {}
# The picture of the rules tells how many jobs each has.
GRAPH: Jobs = {"dag_picture": 1}


CHECKS: Jobs = dict.fromkeys(("recording_table", "recording_check", "clip_table"), 1)


def append(text: str, *path: str) -> Callable[[Project], None]:
    """Return an edit that adds `text` at the end of a file."""

    def edit(project: Project) -> None:
        with project.path(*path).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


def replace(old: str, new: str, *path: str) -> Callable[[Project], None]:
    """Return an edit that replaces the first `old` of a file by `new`."""

    def edit(project: Project) -> None:
        file = project.path(*path)
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def library(module: str) -> Callable[[Project], None]:
    """Return an edit that adds a constant to a module of the library."""
    return append("\nADDED = 1\n", "workflow", "serflow", *module.split("/"))


def edit_wav(project: Project) -> None:
    write_wav(project.path("wavs", "Calm", "s02_1.wav"), voice("Calm", 2, 1, seed=9))


def touch_wav(project: Project) -> None:
    later = time.time_ns()
    os.utime(project.path("wavs", "Calm", "s02_1.wav"), ns=(later, later))


def add_wav(project: Project) -> None:
    write_wav(project.path("wavs", "Calm", "s02_3.wav"), voice("Calm", 2, 3))


def remove_wav(project: Project) -> None:
    project.path("wavs", "Calm", "s02_1.wav").unlink()


def rename_label(project: Project) -> None:
    project.path("wavs", "Calm").rename(project.path("wavs", "Serene"))


def remove_results(project: Project) -> None:
    shutil.rmtree(project.results)


def delete(*path: str) -> Callable[[Project], None]:
    return lambda project: project.results.joinpath(*path).unlink()


def reverse_keys(project: Project) -> None:
    def reversed_(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: reversed_(value[key]) for key in reversed(value)}

    project.configure(reversed_(CONFIGURATION))


def spell_out_defaults(project: Project) -> None:
    """Write keys that the file leaves out with the values that the schema gives them."""
    schema = project.path("workflow", "schemas", "config.schema.yaml").read_text(encoding="utf-8")
    default = yaml.safe_load(schema)["properties"]["evaluation"]["properties"]["seed"]["default"]
    models = {name: dict(settings) for name, settings in CONFIGURATION["models"].items()}
    models["svm_sc"]["scaling"] = "standard"
    evaluation = {**CONFIGURATION["evaluation"], "seed": default}
    project.configure({**CONFIGURATION, "models": models, "evaluation": evaluation})


def drop_model(project: Project) -> None:
    models = {name: m for name, m in CONFIGURATION["models"].items() if name != "svm_sbe"}
    project.configure({**CONFIGURATION, "models": models})


def add_own_features(project: Project) -> None:
    """Define a feature type by a Python function, and a machine that reads it."""
    code = "def middle(samples, rate):\n    return samples[1000:1009]\n"
    project.path("own.py").write_text(code, encoding="utf-8")
    own = {"middle": {"file": "own.py", "function": "middle"}}
    features = {**CONFIGURATION["features"], "custom": own}
    models = {**CONFIGURATION["models"], "svm_own": {"family": "svm", "features": "middle"}}
    project.configure({**CONFIGURATION, "features": features, "models": models})


def describe_by_sheet(
    project: Project, labels: Mapping[str, str] | None = None, attribute: bool = False
) -> None:
    """Describe the same recordings, under the same names, by a table.

    `labels` changes some, by a clip's name or by the label that it had; with `attribute` the table
    tells which take each is.
    """
    changed = labels or {}
    with project.path("clips.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        more = ["take"] if attribute else []
        writer.writerow(["path", "clip", "label", "speaker", *more])
        for label in LABELS:
            for speaker in range(1, SPEAKERS + 1):
                for take in range(1, TAKES + 1):
                    clip = f"{label}/s{speaker:02d}_{take}"
                    written = changed.get(clip, changed.get(label, label))
                    told = [str(take)] if attribute else []
                    writer.writerow([f"wavs/{clip}.wav", clip, written, f"s{speaker:02d}", *told])
    corpus = {"name": CONFIGURATION["corpus"]["name"], "adapter": "sheet", "path": "clips.csv"}
    project.configure({**CONFIGURATION, "corpus": corpus})


def estimate_takes(project: Project) -> None:
    """Add a column of numbers to the sheet and a network that estimates it."""
    describe_by_sheet(project, attribute=True)
    file = project.path("config", "config.yaml")
    configuration = yaml.safe_load(file.read_text(encoding="utf-8"))
    network = {**CONFIGURATION["models"]["cnn1d"], "target": "take"}
    project.configure({**configuration, "models": {**configuration["models"], "take": network}})


def relabel_in_sheet(project: Project) -> None:
    describe_by_sheet(project, {"Calm/s02_1": "Happy"})


KEYS = [
    Row(
        "recordings of one's own, the report asked for",
        NOTHING,
        {"recordings": "wavs/Calm/s01_1.wav"},
    ),
    Row(
        "recordings of one's own, predictions asked for",
        jobs(prediction=1, prediction_check=1),
        {"recordings": "wavs/Calm/s01_1.wav"},
        target="predict",
    ),
    Row("how a model is asked, the report asked for", NOTHING, {"predict.model": "svm_sc"}),
    Row("one SVM's penalty", SVM, {"models.svm_sc.C": 1}),
    Row("one SVM's kernel", SVM, {"models.svm_sc.kernel": "linear"}),
    Row("one SVM's scaling", SVM, {"models.svm_sc.scaling": "none"}),
    Row(
        "a list of penalties instead of one",
        SVM,
        {"models.svm_sc.C": [1, 10]},
    ),
    Row(
        "the penalties of two SVMs swapped",
        jobs(SVM, train_svm=4),
        {"models.svm_sc.C": 5, "models.svm_sbe.C": 10},
    ),
    Row(
        "the features of two SVMs swapped",
        jobs(SVM, train_svm=4),
        {"models.svm_sc.features": "sbe", "models.svm_sbe.features": "sc"},
    ),
    Row(
        "an SVM more, on features that are there",
        jobs(SVM, GRAPH, figure_confusion=7),
        {"models.svm_both": {"family": "svm", "features": "sc+sbe"}},
    ),
    Row(
        "an SVM more, on features that are not there yet",
        jobs(SVM, GRAPH, figure_confusion=7, feature_table=1),
        {"models.svm_sbw": {"family": "svm", "features": "sbw"}},
    ),
    Row(
        "an SVM more, on statistics of MFCC that are there",
        jobs(SVM, GRAPH, figure_confusion=7, feature_table=1, cepstral_statistics=3),
        {"models.svm_stats": {"family": "svm", "features": "sc+mfcc12stats"}},
    ),
    Row("the 1D network's epochs", CNN1D, {"models.cnn1d.epochs": 3}),
    Row("the 1D network's normalisation", CNN1D, {"models.cnn1d.normalisation": "rms"}),
    Row("the 1D network's sampling rate", jobs(CNN1D, signals=3), {"models.cnn1d.rate": 2000}),
    Row("the 2D networks' dropout", CNN2D, {"models.cnn2d.dropout": 0.1}),
    Row("the 2D networks' image size", jobs(CNN2D, pixels=3), {"models.cnn2d.size": [24, 12]}),
    Row("height and width swapped", jobs(CNN2D, pixels=3), {"models.cnn2d.size": [12, 20]}),
    Row(
        "an augmentation more",
        # A network's variants share out their colours anew, so their curves are drawn again.
        jobs(TRAINING, GRAPH, train_network=2, figure_curves=2, figure_confusion=7),
        {"models.cnn2d.augmentations": ["none", "time_shift", "noise"]},
    ),
    Row(
        "an augmentation of the sound more",
        jobs(
            TRAINING,
            GRAPH,
            signal_copies=6,
            train_network=2,
            figure_curves=1,
            figure_confusion=7,
            figure_augmentation=2,
        ),
        {"models.cnn1d.augmentations": ["none", "sound_gain"], "models.cnn1d.copies": 2},
    ),
    Row("the number of copies, where no sound is changed", REPORT, {"models.cnn1d.copies": 7}),
    Row(
        "a network that starts from a GAN",
        jobs(
            *(TRAINING, GRAPH, {"train_gan": 2, "figure_curves": 1, "figure_confusion": 7}),
            *({"label_shares": 1, "figure_label_shares": 1, "figure_gan_samples": 1},),
            # Its name stands before those of the SVMs, which then have other colours.
            *({"explanation": 1, "figure_importance": 1},),
        ),
        {"models.gan_cnn2d": {"family": "gan_cnn2d", "size": [20, 12], "channels": [4]}},
    ),
    Row("the edge of a sub-band", BANDS, {"features.bands": [[0, 15], [16, 31], [32, 60]]}),
    Row(
        "SC and SBW in Hz instead of band numbers", jobs(BANDS, GRAPH), {"features.frequency": "hz"}
    ),
    Row("a feature type more", REPORT, {"features.types": ["sc", "sbw", "sbe", "mfcc12"]}),
    Row(
        "a feature type more, all features asked for",
        {"feature_table": 1},
        {"features.types": ["sc", "sbw", "sbe", "mfcc12"]},
        target="features",
    ),
    Row("the FFT's length", SPECTROGRAMS, {"spectrogram.n_fft": 1024}),
    Row("the number of mel bands", SPECTROGRAMS, {"spectrogram.n_mels": 70}),
    Row(
        "FFT length and mel bands swapped",
        SPECTROGRAMS,
        {"spectrogram.n_fft": 64, "spectrogram.n_mels": 512},
    ),
    Row(
        "mel bands and frames swapped",
        FRAMES,
        # The sub-bands have to lie inside the fewer mel bands.
        {
            "spectrogram.n_mels": 30,
            "spectrogram.frames": 64,
            "features.bands": [[0, 9], [10, 19], [20, 29]],
        },
    ),
    Row("the features' exponent", jobs(BANDS, spectrograms=3), {"spectrogram.power": 1.5}),
    Row("the images' exponent", IMAGES, {"images.power": 0.5}),
    Row("the hop length", FRAMES, {"spectrogram.hop_seconds": 0.016}),
    Row("the number of frames", FRAMES, {"spectrogram.frames": 31}),
    Row("whether spectrograms are kept", REPORT, {"spectrogram.keep": False}),
    Row("the images' log offset", IMAGES, {"images.log_offset": 1e-8}),
    Row("the split's seed", SPLITS, {"protocol.seed": 1}),
    Row("the share of validation speakers", SPLITS, {"protocol.validation": 0.4}),
    Row("whether speakers may overlap", SPLITS, {"protocol.allow_speaker_overlap": True}),
    Row(
        "a model under random folds as well",
        jobs(
            *(REPORT, GRAPH),
            random_splits=1,
            train_svm=2,
            random_premium=1,
            figure_random_premium=1,
        ),
        {"protocol.random_premium": ["svm_sc"]},
    ),
    Row(
        "labels read from the paths, as they were from the folders",
        REPORT,
        {"corpus.label": "^([^/]+)/"},
    ),
    Row(
        "the recordings' licence and how they are cited",
        REPORT,
        {"corpus.licence": "CC BY 4.0", "corpus.citation": "A. Author (2020)"},
    ),
    Row(
        "the number of folds",
        jobs(SPLITS, GRAPH, train_svm=9, train_network=9),
        {"protocol.folds": 3},
    ),
    Row("a seed more", jobs(NETWORKS, GRAPH, explanation=0), {"seeds": [0, 1]}),
    # Support vector machines have no randomness: theirs is seed 0 whichever the networks' are.
    Row("another seed", NETWORKS, {"seeds": [1]}),
    Row("the device", NETWORKS, {"device": "auto"}),
    Row(
        "the number of shards",
        jobs(EVERY_SHARD, GRAPH, dict.fromkeys(SHARD_RULES, 4)),
        {"shards": 4},
    ),
    Row(
        "what becomes of recordings that cannot be used, where all can",
        REPORT,
        {"clips.on_error": "skip"},
    ),
    Row("the number of resamples", jobs(EVALUATION, WEIGHED), {"evaluation.resamples": 300}),
    Row("the level of the intervals", jobs(EVALUATION, WEIGHED), {"evaluation.confidence": 0.9}),
    Row("the report's title", REPORT, {"report.title": "Another title"}),
    Row("the report's author", REPORT, {"report.author": "B. Tester"}),
    Row("whether clips can be heard", jobs(REPORT, shown_clips=1), {"report.audio": "never"}),
    Row("whether single clips are shown", jobs(REPORT, GRAPH), {"report.clips": False}),
    Row("whether answers are explained", jobs(REPORT, GRAPH), {"report.explanations": False}),
    Row(
        "report title and author swapped",
        REPORT,
        {"report.title": "A. Tester", "report.author": "A tiny comparison"},
    ),
    Row(
        "the values of the file, given again on the command line",
        NOTHING,
        {
            "models.svm_sc.C": "10",
            "models.cnn1d.epochs": "2",
            "spectrogram.hop_seconds": "0.015",
            "spectrogram.keep": "true",
            "shards": "3",
            "evaluation.resamples": "200",
        },
    ),
]

FROM_NOTHING = Row("all results removed", jobs(EVERY_SHARD, GRAPH), edit=remove_results)

FILES = [
    FROM_NOTHING,
    Row("the project copied to another folder", NOTHING, edit=lambda project: None),
    Row("the order of the configuration's keys", NOTHING, edit=reverse_keys),
    Row("defaults spelled out", NOTHING, edit=spell_out_defaults),
    Row(
        "a comment in the configuration",
        NOTHING,
        edit=append("# a comment\n", "config", "config.yaml"),
    ),
    Row("an SVM less", jobs(TRAINING, GRAPH, WEIGHED, figure_confusion=5), edit=drop_model),
    Row(
        "an SVM more, on features of one's own",
        jobs(SVM, GRAPH, figure_confusion=7, feature_table=1, custom_features=3),
        edit=add_own_features,
    ),
    Row("a recording edited", AUDIO, edit=edit_wav),
    Row("a recording touched", AUDIO, edit=touch_wav),
    Row("a recording added", AUDIO, edit=add_wav),
    Row("a recording removed", AUDIO, edit=remove_wav),
    Row("a label's folder renamed", EVERY_SHARD, edit=rename_label),
    Row("the same recordings described by a sheet", REPORT, edit=describe_by_sheet),
    Row(
        "a column of numbers added in a sheet, and a network that estimates it",
        jobs(
            *(TRAINING, GRAPH),
            dict.fromkeys(("clip_table", "evaluate_regression"), 1),
            dict.fromkeys(("figure_curves", "figure_estimates"), 1),
            train_network=2,
            shown_clips=0,
        ),
        edit=estimate_takes,
    ),
    Row(
        "an attribute added in a sheet",
        jobs(EVALUATION, clip_table=1),
        edit=lambda project: describe_by_sheet(project, attribute=True),
    ),
    Row(
        "code: the pictures of reliability",
        jobs(PAGES, figure_calibration=1),
        edit=library("figures/calibration.py"),
    ),
    Row(
        "code: which models no test tells apart",
        jobs(PAGES, figure_critical_difference=1),
        edit=library("evaluation/groups.py"),
    ),
    Row(
        "a label corrected in a sheet",
        jobs(SPLITS, IMAGES, ALL_MODELS, clip_table=1, image_shard=1, pixels=1, feature_table=3),
        edit=relabel_in_sheet,
    ),
    Row("code: sub-band features", BANDS, edit=library("sound/bands.py")),
    Row(
        "code: a comment and empty lines",
        NOTHING,
        edit=append("\n\n# a comment\n", "workflow", "serflow", "sound", "bands.py"),
    ),
    Row(
        "code: a docstring",
        NOTHING,
        edit=replace('"""', '"""Edited. ', "workflow", "serflow", "sound", "bands.py"),
    ),
    Row(
        "code: MFCC",
        jobs(SVM, cepstra=3, feature_table=1),
        edit=library("sound/cepstra.py"),
    ),
    Row(
        "code: intervals, which only the evaluation imports",
        jobs(EVALUATION, WEIGHED, provenance=0),
        edit=library("evaluation/intervals.py"),
    ),
    Row(
        "code: how numbers are written, in the report and in figures",
        jobs(EVALUATION, evaluate=0, figure_curves=3, provenance=0),
        edit=library("numbers.py"),
    ),
    Row("code: the report's words, which no figure imports", PAGES, edit=library("report/text.py")),
    Row(
        "code: metrics, which evaluation and training import",
        jobs(NETWORKS, WEIGHED),
        edit=library("evaluation/metrics.py"),
    ),
    Row("code: a network, no concern of the others", CNN1D, edit=library("networks/cnn1d.py")),
    Row(
        "code: the training loop",
        NETWORKS,
        edit=library("networks/fitting.py"),
    ),
    Row(
        "code: the mel filter bank, which reaches most stages through others",
        jobs(SPECTROGRAMS, cepstra=3, feature_table=3, train_svm=6),
        edit=library("sound/mel.py"),
    ),
    Row(
        "code: the images, which come from the spectrograms' transform",
        IMAGES,
        edit=library("sound/images.py"),
    ),
    Row(
        "code: the leakage gate, which training waits for",
        jobs(ALL_MODELS, leakage=1, gate=1),
        edit=library("splitting/leakage.py"),
    ),
    Row("code: the reading of the configuration", NOTHING, edit=library("configuration.py")),
    Row("code: the clip table", jobs(REPORT, clip_table=1), edit=library("corpora/table.py")),
    Row("code: a module that nothing imports", NOTHING, edit=library("unused.py")),
    Row(
        "a script",
        jobs(SVM, train_svm=6),
        edit=append("# a comment\n", "workflow", "scripts", "train_svm.py"),
    ),
    Row(
        "the page's template",
        {"report_html": 1},
        edit=append("\n", "workflow", "report", "report.html.j2"),
    ),
    Row(
        "the print's template",
        {"report_pdf": 1},
        edit=append("\n", "workflow", "report", "report.typ"),
    ),
    Row(
        "a caption of Snakemake's own report",
        NOTHING,
        edit=append("\n", "workflow", "report", "captions", "ranking.rst"),
    ),
    Row("the report deleted", {"report_pdf": 1}, edit=delete("report", "report.pdf")),
    Row(
        "a rule's message",
        jobs(PAGES, GRAPH),
        edit=append("# a comment\n", "rules", "splits.smk"),
    ),
    Row(
        "nothing, the exported models asked for as well",
        {"export_networks": 3, "model_card": 6},
        edit=lambda project: None,
        target="export",
    ),
]

TABLE = KEYS + FILES


def command_line(keys: Mapping[str, Any]) -> list[str]:
    """Return the arguments that override `keys`: one JSON block a top-level key."""
    blocks: dict[str, Any] = {}
    for key, value in keys.items():
        *folders, last = key.split(".")
        block = blocks
        for folder in folders:
            block = block.setdefault(folder, {})
        block[last] = value
    if not blocks:
        return []
    return [
        "--config",
        *(
            f"{key}={value if isinstance(value, str) else json.dumps(value)}"
            for key, value in blocks.items()
        ),
    ]


def plan(row: Row, finished: Project, folder: Path) -> Jobs:
    """Return what a dry run wants to do after the row's change."""
    project = finished
    if row.edit is not None:
        project = finished.copy(folder)
        row.edit(project)
    return project.planned(*command_line(row.keys), target=row.target)
