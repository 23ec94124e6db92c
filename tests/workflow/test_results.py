"""What a finished run leaves: every file there, in the format that is promised, and repeatable."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from compared import unmeasured
from project import CONFIGURATION, LABELS, SPEAKERS, TAKES, Project, rows, synthesize

CLIPS = len(LABELS) * SPEAKERS * TAKES
FOLDS = CONFIGURATION["protocol"]["folds"]
SVMS = ["svm_mfcc12", "svm_sbe", "svm_sc"]
NETWORKS = ["cnn1d", "cnn2d", "cnn2d_time_shift"]
EXPLAINED = ["cnn1d", "cnn2d"]
MODELS = [*SVMS, *NETWORKS]
RUNS = [f"fold{fold}_seed0" for fold in range(FOLDS)]
SHARDS = ["0", "1", "2"]
BASELINES = ["chance", "majority"]
MODEL_COLUMNS = [
    *("model", "family", "features", "uar", "uar_low", "uar_high", "uar_seed_sd", "uar_fold_sd"),
    *("accuracy", "macro_f1", "roc_auc", "ece", "clips", "speakers", "folds", "seeds"),
    *("parameters", "train_seconds", "predict_ms_per_clip"),
]


def clip_names() -> list[str]:
    return sorted(
        f"{label}/s{speaker:02d}_{take}"
        for label in LABELS
        for speaker in range(1, SPEAKERS + 1)
        for take in range(1, TAKES + 1)
    )


def promised_files() -> list[str]:
    """Spell every file of a finished run, below the corpus' folder."""
    tables = (
        "models per_class per_speaker per_attribute per_fold confusion calibration comparisons "
        "ranks choices alternatives costs importance"
    )
    # Of each label a training and a test clip; no model is right about all.
    examples = [f"{role}{number}" for role in ("train", "test") for number in (1, 2, 3)]
    return [
        *("clips.tsv", "recordings.tsv", "splits.tsv", "leakage.tsv", "gate.txt", "images.tsv"),
        *("excluded.tsv", "checked.txt", "provenance.json"),
        *(f"recordings/{shard}.tsv" for shard in SHARDS),
        *(f"handover/{shard}.txt" for shard in SHARDS),
        *(
            f"features/shards/{shard}/{kind}.npz"
            for shard in SHARDS
            for kind in ("bands", "cepstra")
        ),
        *(f"features/{kind}.npz" for kind in ("sc", "sbe", "mfcc12")),
        *(f"pixels/20x12/{shard}.{suffix}" for shard in SHARDS for suffix in ("npy", "tsv")),
        *(f"signals/4000/{shard}.{suffix}" for shard in SHARDS for suffix in ("npy", "tsv")),
        *(f"models/{model}/{run}.json" for model in MODELS for run in RUNS),
        *(f"models/{model}/{run}.skops" for model in SVMS for run in RUNS),
        *(f"models/{model}/{run}.safetensors" for model in NETWORKS for run in RUNS),
        *(f"curves/{model}/{run}.tsv" for model in NETWORKS for run in RUNS),
        *(f"predictions/{model}/{run}.tsv" for model in MODELS for run in RUNS),
        *(f"evaluation/{table}.tsv" for table in tables.split()),
        "evaluation/conclusions.json",
        *("figures/spectrograms.png", "figures/images.png", "figures/ranking.svg"),
        *("figures/calibration.svg", "figures/critical_difference.svg"),
        *(f"figures/confusion/{model}.svg" for model in MODELS),
        *(f"figures/curves/{model}.svg" for model in NETWORKS),
        *("figures/augmentation/cnn2d.svg", "figures/importance.svg"),
        *(f"figures/explanation/{model}.png" for model in EXPLAINED),
        *(f"explanations/{model}.json" for model in EXPLAINED),
        "shown/clips.json",
        *(f"shown/files/{name}.{suffix}" for name in examples for suffix in ("png", "mp3")),
        "dag/jobs.tsv",
        *("report/report.html", "report/report.pdf", "dag/rulegraph.svg", "dag/rulegraph.png"),
    ]


@pytest.mark.parametrize("name", promised_files())
def test_file_is_there(name: str, finished: Project) -> None:
    assert finished.results.joinpath(name).stat().st_size > 0


def test_nothing_else_is_there(finished: Project) -> None:
    per_clip = [
        *(f"spectrograms/*/{clip}.npy" for clip in clip_names()),
        *(f"images/{clip.split('/')[0]}/*/{clip}.png" for clip in clip_names()),
    ]
    found = {
        path.relative_to(finished.results).as_posix()
        for path in finished.results.rglob("*")
        if path.is_file()
        and path.name != ".snakemake_timestamp"
        and path.relative_to(finished.results).parts[0] != "benchmarks"
    }
    mistakes = {name for name in found if name.startswith("shown/files/mistake")}
    assert 2 <= len(mistakes) <= 12
    found -= mistakes
    for pattern in per_clip:
        [match] = finished.results.glob(pattern)
        found.remove(match.relative_to(finished.results).as_posix())
    assert found == set(promised_files())


def test_every_job_has_a_log_and_a_benchmark(finished: Project) -> None:
    folder = finished.path("logs", "tiny")
    logs = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    expected = {
        *("clip_table.log", "recording_table.log", "splits.log", "leakage.log", "gate.log"),
        *("image_table.log", "evaluate.log", "costs.log", "report_html.log", "report_pdf.log"),
        *("dag_picture.log", "recording_check.log", "provenance.log"),
        *(
            f"{rule}/{shard}.log"
            for rule in ("recordings", "spectrograms", "band_features", "cepstra", "images")
            for shard in SHARDS
        ),
        *(f"{rule}/{shard}.log" for rule in ("pixels/20x12", "signals/4000") for shard in SHARDS),
        *(f"feature_table/{kind}.log" for kind in ("sc", "sbe", "mfcc12")),
        *(f"models/{model}/{run}.log" for model in MODELS for run in RUNS),
        *(f"figures/{name}.log" for name in ("spectrograms", "images", "ranking", "calibration")),
        "figures/critical_difference.log",
        *(f"figures/confusion/{model}.log" for model in MODELS),
        *(f"figures/curves/{model}.log" for model in NETWORKS),
        "figures/augmentation/cnn2d.log",
        *("shown_clips.log", "importance.log", "figures/importance.log"),
        *(f"explanations/{model}.log" for model in EXPLAINED),
    }
    assert logs == expected
    folder = finished.results / "benchmarks"
    benchmarks = {
        path.relative_to(folder).with_suffix(".log").as_posix() for path in folder.rglob("*.tsv")
    }
    assert benchmarks == expected
    for path in folder.rglob("*.tsv"):
        [row] = rows(path)
        assert float(row["s"]) >= 0


def test_clip_table(finished: Project) -> None:
    table = rows(finished.results / "clips.tsv")
    assert [row["clip"] for row in table] == clip_names()
    for row in table:
        assert row["path"] == f"wavs/{row['clip']}.wav"
        assert row["label"] == row["clip"].split("/")[0]
        assert row["speaker"] == row["clip"].split("/")[1][:3]
        status = finished.path(row["path"]).stat()
        assert (int(row["bytes"]), int(row["mtime"])) == (status.st_size, status.st_mtime_ns)


def test_recordings(finished: Project) -> None:
    table = rows(finished.results / "recordings.tsv")
    assert list(table[0])[:6] == ["clip", "seconds", "rate", "channels", "peak", "pcm_hash"]
    assert [row["clip"] for row in table] == clip_names()
    assert {(float(row["seconds"]), row["rate"], row["channels"]) for row in table} == {
        (0.6, "8000", "1")
    }
    assert len({row["pcm_hash"] for row in table}) == CLIPS


def test_spectrograms(finished: Project) -> None:
    for path in finished.results.glob("spectrograms/*/*/*.npy"):
        mel = np.load(path, allow_pickle=False)
        assert (mel.shape, mel.dtype) == ((64, 30), np.float32)
        assert np.isfinite(mel).all()
        assert mel.max() > 0


@pytest.mark.parametrize(("kind", "dimensions"), [("sc", 90), ("sbe", 90), ("mfcc12", 360)])
def test_features(kind: str, dimensions: int, finished: Project) -> None:
    with np.load(finished.results / "features" / f"{kind}.npz", allow_pickle=False) as file:
        assert sorted(file) == ["X", "clip", "config", "label", "speaker"]
        assert (file["X"].shape, file["X"].dtype) == ((CLIPS, dimensions), np.float32)
        assert np.isfinite(file["X"]).all()
        assert file["clip"].tolist() == clip_names()
        assert file["label"].tolist() == [name.split("/")[0] for name in clip_names()]
        assert set(file["speaker"].tolist()) == {f"s{n:02d}" for n in range(1, SPEAKERS + 1)}
        told = json.loads(str(file["config"]))
    assert told["spectrogram.frames"] == 30
    if kind != "mfcc12":
        assert told["features.bands"] == CONFIGURATION["features"]["bands"]


def test_images_open_with_image_folder(finished: Project) -> None:
    from serflow.networks.vision import datasets  # torchvision's own, importable beside a CPU torch

    images = datasets.ImageFolder(str(finished.results / "images"))
    assert images.classes == sorted(LABELS)
    assert len(images) == CLIPS
    picture, target = images[0]
    assert (picture.size, target) == ((30, 64), 0)


def test_arrays_of_the_networks(finished: Project) -> None:
    for folder, shape, kind in (
        ("pixels/20x12", (20, 12), np.uint8),
        ("signals/4000", (1860,), np.float32),
    ):
        clips = []
        for shard in SHARDS:
            array = np.load(finished.results / folder / f"{shard}.npy", allow_pickle=False)
            members = rows(finished.results / folder / f"{shard}.tsv")
            assert (array.shape, array.dtype) == ((len(members), *shape), kind)
            clips += [row["clip"] for row in members]
        assert sorted(clips) == clip_names()


def test_splits_keep_speakers_apart(finished: Project) -> None:
    table = rows(finished.results / "splits.tsv")
    assert list(table[0]) == ["clip", "fold", "role"]
    tested: list[str] = []
    for fold in range(FOLDS):
        members = [row for row in table if row["fold"] == str(fold)]
        assert sorted(row["clip"] for row in members) == clip_names()
        speakers = {
            role: {row["clip"].split("/")[1][:3] for row in members if row["role"] == role}
            for role in ("train", "validation", "test")
        }
        assert sum(map(len, speakers.values())) == SPEAKERS
        assert all(speakers.values())
        tested += [row["clip"] for row in members if row["role"] == "test"]
    assert sorted(tested) == clip_names()
    assert rows(finished.results / "leakage.tsv") == []


@pytest.mark.parametrize("model", MODELS)
def test_predictions(model: str, finished: Project) -> None:
    columns = ["clip", "speaker", "label", "predicted", *(f"p_{label}" for label in LABELS)]
    predicted = []
    for run in RUNS:
        table = rows(finished.results / "predictions" / model / f"{run}.tsv")
        assert list(table[0]) == columns
        for row in table:
            shares = {label: float(row[f"p_{label}"]) for label in LABELS}
            assert sum(shares.values()) == pytest.approx(1, abs=1e-4)
            assert min(shares.values()) >= 0
            assert row["predicted"] in LABELS
            assert row["clip"].startswith(f"{row['label']}/{row['speaker']}")
        predicted += [row["clip"] for row in table]
    assert sorted(predicted) == clip_names()


def test_the_labels_are_learnt(finished: Project) -> None:
    """Pitch and level lean on the label by construction, so an SVM must do better than chance."""
    table = {row["model"]: row for row in rows(finished.results / "evaluation" / "models.tsv")}
    assert float(table["svm_mfcc12"]["uar"]) > 0.5


def test_learning_curves(finished: Project) -> None:
    for model in NETWORKS:
        epochs = CONFIGURATION["models"][model.split("_")[0]]["epochs"]
        for run in RUNS:
            curve = rows(finished.results / "curves" / model / f"{run}.tsv")
            assert list(curve[0]) == [
                *("epoch", "train_loss", "train_accuracy", "train_uar"),
                *("validation_loss", "validation_accuracy", "validation_uar", "learning_rate"),
            ]
            assert [int(row["epoch"]) for row in curve] == list(range(1, epochs + 1))


def test_table_of_models(finished: Project) -> None:
    table = rows(finished.results / "evaluation" / "models.tsv")
    assert list(table[0]) == MODEL_COLUMNS
    assert sorted(row["model"] for row in table) == sorted([*MODELS, *BASELINES])
    for row in table:
        counts = {key: int(row[key]) for key in ("clips", "speakers", "folds", "seeds")}
        assert counts == {"clips": CLIPS, "speakers": SPEAKERS, "folds": FOLDS, "seeds": 1}
        assert 0 <= float(row["uar_low"]) <= float(row["uar"]) <= float(row["uar_high"]) <= 1
        kind = "baseline" if row["model"] in BASELINES else row["model"].split("_")[0]
        assert row["family"] == kind
        assert (row["ece"] == "") == (kind == "baseline")
        assert 0 <= float(row["roc_auc"]) <= 1
        # One seed has no spread; the folds do.
        assert row["uar_seed_sd"] == ""
        assert float(row["uar_fold_sd"]) >= 0


def test_models_are_ranked_and_baselines_are_not(finished: Project) -> None:
    ranks = rows(finished.results / "evaluation" / "ranks.tsv")
    assert {row["model"] for row in ranks} == set(MODELS)
    assert sum(float(row["mean_rank"]) for row in ranks) == pytest.approx(
        len(MODELS) * (len(MODELS) + 1) / 2, abs=1e-3
    )
    # The tiny corpus tells nothing of its clips beyond label and speaker.
    assert rows(finished.results / "evaluation" / "per_attribute.tsv") == []


def test_scores_follow_from_the_predictions(finished: Project) -> None:
    table = rows(finished.results / "evaluation" / "models.tsv")
    for row in table[: len(MODELS)]:
        found = [
            prediction
            for run in RUNS
            for prediction in rows(finished.results / "predictions" / row["model"] / f"{run}.tsv")
        ]
        recalls = [
            np.mean([p["predicted"] == label for p in found if p["label"] == label])
            for label in LABELS
        ]
        assert float(row["uar"]) == pytest.approx(np.mean(recalls), abs=1e-5)


def test_conclusions(finished: Project) -> None:
    conclusions = json.loads((finished.results / "evaluation" / "conclusions.json").read_text())
    assert conclusions
    for conclusion in conclusions:
        assert set(conclusion) == {"id", "text", "evidence"}
        assert conclusion["text"].strip()


def test_page_needs_no_network(finished: Project) -> None:
    page = (finished.results / "report" / "report.html").read_text(encoding="utf-8")
    assert CONFIGURATION["report"]["title"] in page
    assert CONFIGURATION["report"]["author"] in page
    assert not re.search(r"""(?:src|data|xlink:href)\s*=\s*["']?\s*(?:https?:)?//""", page)
    assert not re.search(r"""<link\b[^>]*href\s*=\s*["']?\s*(?:https?:)?//""", page)
    assert not re.search(r"""(?:url\(|@import)\s*["']?\s*(?:https?:)?//""", page)
    for model in MODELS:
        assert model in page


def test_print_and_graph(finished: Project) -> None:
    assert (finished.results / "report" / "report.pdf").read_bytes().startswith(b"%PDF-")
    graph = finished.results / "dag"
    assert (graph / "rulegraph.png").read_bytes().startswith(b"\x89PNG\r\n")
    drawn = (graph / "rulegraph.svg").read_text(encoding="utf-8")
    assert "<svg" in drawn
    for rule in ("spectrograms", "band_features", "train_svm", "train_network", "evaluate"):
        assert rule in drawn


def test_no_file_is_a_pickle(finished: Project) -> None:
    """A pickle of protocol 2 and later starts so, and Torch's and NumPy's own hold one."""
    for path in finished.results.rglob("*"):
        if path.is_file():
            assert not re.match(rb"\x80[\x02-\x05]", path.read_bytes()[:2]), path
            assert path.suffix not in (".pkl", ".pickle", ".pt", ".pth", ".joblib"), path


def without_measurements(path: Path) -> list[dict[str, str]]:
    return [unmeasured(row) for row in rows(path)]


def test_the_same_again_elsewhere_with_other_cores_and_shards(
    finished: Project, tmp_path: Path
) -> None:
    """Another folder, one core, and five shards for three: every number is the same to the bit."""
    again = Project.make(tmp_path / "project", {**CONFIGURATION, "shards": 5})
    synthesize(again.path("wavs"))
    again.build("evaluation", cores=1)
    assert len(list(again.results.glob("features/shards/*/bands.npz"))) == 5
    compared = [
        *("splits.tsv", "leakage.tsv", "recordings.tsv"),
        *(f"predictions/{model}/{run}.tsv" for model in MODELS for run in RUNS),
        *(f"curves/{model}/{run}.tsv" for model in NETWORKS for run in RUNS),
        *(f"features/{kind}.npz" for kind in ("sc", "sbe", "mfcc12")),
        *(f"models/{model}/{run}.safetensors" for model in NETWORKS for run in RUNS),
        *(
            f"evaluation/{table}.tsv"
            for table in (
                *("per_class", "per_speaker", "per_fold", "confusion"),
                *("calibration", "comparisons", "ranks"),
            )
        ),
    ]
    different = [
        name
        for name in compared
        if (finished.results / name).read_bytes() != (again.results / name).read_bytes()
    ]
    assert different == []
    models = "evaluation/models.tsv"
    assert without_measurements(finished.results / models) == without_measurements(
        again.results / models
    )


def test_snakemakes_own_report(finished: Project, tmp_path: Path) -> None:
    """`snakemake --report` works too, with captions and figures."""
    project = finished.copy(tmp_path / "project")
    project.build("--report", "report.zip")
    assert project.path("report.zip").stat().st_size > 0
