# What the report is made of, and what it tells of the run. No rules.

from serflow.codeprint import fileprint

# Files of the project are told by their content, in params: as inputs they would make a project stale
# that was moved, or checked out anew.
PAGE = LIBRARY / "report" / "report.html.j2"
PRINT = LIBRARY / "report" / "report.typ"
SNAKEFILE = Path(workflow.basedir, "Snakefile")
RULE_FILES = [SNAKEFILE, *sorted(Path(workflow.basedir, "rules").glob("*.smk"))]


def figure_names():
    """Return the figures' names: their paths below the folder without the suffix."""
    names = ["spectrograms", "images", "ranking"]
    names += [f"confusion/{model}" for model in MODELS]
    names += [f"curves/{model}" for model in NETWORKS]
    return names + [f"augmentation/{model}" for model in AUGMENTED]


def all_figures():
    """Return the figures' files, in the order of their names."""
    pixels = ("spectrograms", "images")
    return [
        f"{RESULTS}/figures/{name}.{'png' if name in pixels else 'svg'}" for name in figure_names()
    ]


def benchmarked():
    """Return (stage, benchmark file) of every job whose cost the report tells."""
    path = f"{RESULTS}/benchmarks"
    made = [("corpus", f"{path}/corpus.tsv")] if TABLE.made else []
    folders = dict.fromkeys(["recordings", "images"])
    # Only what the models read: listing a stage's cost makes the stage run.
    for kind in model_list.feature_types(MODELS.values()):
        made_by = ["cepstra"] if kind.startswith("mfcc") else ["spectrograms", "band_features"]
        folders.update(dict.fromkeys(made_by))
    for model in NETWORKS:
        folders[network_arrays(model).removeprefix(f"{RESULTS}/")] = None
    extraction = [
        (folder.split("/")[0], file)
        for folder in folders
        for file in all_shards(f"{path}/{folder}/{{shard}}.tsv")
    ]
    trainings = [f"train {model}" for model, _, _ in runs(MODELS)]
    return made + extraction + list(zip(trainings, all_runs("benchmarks/models", "tsv")))


def report_inputs():
    """Return what the report is made of, by name."""
    evaluated = "results/{corpus}/evaluation"
    tables = (
        *("models", "per_class", "per_speaker", "per_fold", "comparisons"),
        *("choices", "alternatives", "costs"),
    )
    return {
        "clips": "results/{corpus}/clips.tsv",
        "recordings": "results/{corpus}/recordings.tsv",
        "splits": "results/{corpus}/splits.tsv",
        "leakage": "results/{corpus}/leakage.tsv",
        "conclusions": f"{evaluated}/conclusions.json",
        **{name: f"{evaluated}/{name}.tsv" for name in tables},
        "figures": all_figures(),
    }


def report_settings():
    """Return the params of the report: it shows the whole configuration."""
    return {
        "config": SETTINGS,
        "models": MODELS,
        "figures": figure_names(),
    }


def graph_shape():
    """Return what the graph of the rules depends on."""
    return {
        "corpus": CORPUS_RULES,
        "families": sorted({settings["family"] for settings in MODELS.values()}),
        "augmented": bool(AUGMENTED),
        "frequency": SETTINGS["features"]["frequency"],
        "types": FEATURE_TYPES,
    }
