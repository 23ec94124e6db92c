# What the report is made of, and what it tells of the run. No rules.

import collections

from serflow.codeprint import fileprint
from serflow.evaluation import claims
from serflow.report.page_files import page_files

# Files of the project are told by their content, in params: as inputs they would make a project stale
# that was moved, or checked out anew.
PAGE = LIBRARY / "report" / "report.html.j2"
PRINT = LIBRARY / "report" / "report.typ"
SNAKEFILE = PROJECT / "Snakefile"
RULE_FILES = [SNAKEFILE, *sorted(PROJECT.joinpath("rules").glob("*.smk"))]
# What the corpus tells of a clip beyond what every corpus does.
ATTRIBUTES = [column for column in TABLE.columns if column not in (*table.FIXED, *table.MEASURED)]
# Where a given split tests fewer speakers than there are, the figure says that it shows nothing.
ENOUGH_TO_RANK = (
    len(CLASSIFIERS) >= claims.FEWEST_MODELS
    and len({row["speaker"] for row in TABLE.rows} - {""}) >= claims.FEWEST_SPEAKERS
)
# Sections of the page that `snakemake --report` makes, and whether this run has results for them.
_SECTIONS = {
    "Report": True,
    "Comparison": bool(CLASSIFIERS),
    "Models": True,
    "Random splits": bool(PREMIUM),
    "Few labels": bool(GANS),
    "Estimated numbers": bool(REGRESSIONS),
    "Clips": True,
    "Splits": True,
    "Workflow": True,
}
# Numbered, those with results first, because its menu is sorted by name.
SECTIONS = {
    name: f"{number}. {name}"
    for number, name in enumerate(sorted(_SECTIONS, key=lambda name: not _SECTIONS[name]), start=1)
}


def figure_names():
    """Return the figures' names: their paths below the folder without the suffix."""
    names = ["spectrograms", "images"]
    names += ["ranking", "calibration"] if CLASSIFIERS else []
    names += ["critical_difference"] if ENOUGH_TO_RANK else []
    names += [f"confusion/{model}" for model in CLASSIFIERS]
    names += [f"curves/{model}" for model in NETWORKS]
    names += [f"augmentation/{model}" for model in AUGMENTED]
    names += [f"regression/{model}" for model in REGRESSIONS]
    names += [f"label_shares/{model}" for model in SHARED]
    names += [f"gan_samples/{model}" for model in GANS]
    names += [f"explanation/{model}" for model in EXPLAINED]
    names += ["importance"] if WEIGHED else []
    return names + (["random_premium"] if PREMIUM else [])


def all_figures():
    """Return the figures' files, in the order of their names."""
    pixels = ("spectrograms", "images", "gan_samples", "explanation")
    return [
        f"{RESULTS}/figures/{name}.{'png' if Path(name).parts[0] in pixels else 'svg'}"
        for name in figure_names()
    ]


def benchmarked():
    """Return (stage, benchmark file) of every job whose cost the report tells."""
    path = f"{RESULTS}/benchmarks"
    made = [("corpus", f"{path}/corpus.tsv")] if TABLE.made else []
    folders = dict.fromkeys(["recordings", "images"])
    # Only what the models read: listing a stage's cost makes the stage run.
    for kind in model_list.feature_types(MODELS.values()):
        *made_by, last = feature_types.rules(kind)
        # One's own types are told apart.
        last = last if feature_types.built_in(kind) else f"{last}/{kind}"
        folders.update(dict.fromkeys([*made_by, last]))
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
    tables = ["costs"]
    if CLASSIFIERS:
        tables += ["models", "per_class", "per_speaker", "per_attribute", "per_fold"]
        tables += ["comparisons", "ranks", "choices", "alternatives"]
    tables += ["random_premium"] if PREMIUM else []
    tables += ["label_shares"] if SHARED else []
    tables += ["regression"] if REGRESSIONS else []
    tables += ["importance"] if WEIGHED else []
    concluded = {"conclusions": f"{evaluated}/conclusions.json"} if CLASSIFIERS else {}
    return {
        "clips": "results/{corpus}/clips.tsv",
        "recordings": "results/{corpus}/recordings.tsv",
        "splits": "results/{corpus}/splits.tsv",
        "leakage": "results/{corpus}/leakage.tsv",
        "provenance": "results/{corpus}/provenance.json",
        **concluded,
        **{name: f"{evaluated}/{name}.tsv" for name in tables},
        "rulegraph": "results/{corpus}/dag/rulegraph.svg",
        "jobs": "results/{corpus}/dag/jobs.tsv",
        "figures": all_figures(),
        "explanations": [f"{RESULTS}/explanations/{model}.json" for model in EXPLAINED],
        **shown_inputs(),
    }


def shown_inputs():
    """Return what the section on single clips is made of; nothing where it is left out."""
    if not SETTINGS["report"]["clips"]:
        return {}
    shown = "results/{corpus}/shown"
    return {"shown": f"{shown}/clips.json", "shown_files": f"{shown}/files"}


def report_settings():
    """Return the params of the report: it shows the whole configuration."""
    return {
        "config": SETTINGS,
        "models": MODELS,
        "figures": figure_names(),
        "explained": EXPLAINED,
    }


def graph_shape():
    """Return what the graph of the rules, and how many jobs each has, depends on."""
    settings = [MODELS[model] for model in NETWORKS]
    arrays = {network_inputs.folder(of) for of in settings}
    arrays |= {folder for of in settings for folder in network_inputs.copy_folders(of)}
    return {
        "corpus": CORPUS_RULES,
        "shards": len(SHARDS),
        "trainings": sorted(collections.Counter(model for model, _, _ in runs(MODELS)).items()),
        "arrays": sorted(folder.split("/")[0] for folder in arrays),
        "figures": figure_names(),
        "random_premium": len(PREMIUM),
        "clips": SETTINGS["report"]["clips"],
        "explained": bool(EXPLAINED),
        "weighed": bool(WEIGHED),
        "frequency": SETTINGS["features"]["frequency"],
        "types": model_list.feature_types(MODELS.values()),
    }
