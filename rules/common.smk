# The checked configuration, the clip table, slices of both, and input functions; no rules.

import functools
import os
import re
import sys
from pathlib import Path

from snakemake.logging import logger

# Scripts import the library of this very checkout, here and on a cluster's nodes.
LIBRARY = Path(workflow.basedir, "workflow")
sys.path.insert(0, str(LIBRARY))
os.environ.update(
    PYTHONPATH=os.pathsep.join([str(LIBRARY), *filter(None, [os.environ.get("PYTHONPATH")])])
)

from serflow import configuration, consistency, model_list
from serflow.splitting import protocols
from serflow.codeprint import codeprint, fileprint
from serflow.corpora import shards, table
from serflow.corpora.layout import label_folder
from serflow.errors import UserError
from serflow.figures.colours import palette

ENVIRONMENT = str(LIBRARY / "envs" / "serflow.yaml")
SCRIPTS = LIBRARY / "scripts"

# Files of the project are told by their content, in params: as inputs they would make a project stale
# that was moved, or checked out anew.
PAGE = LIBRARY / "report" / "report.html.j2"
PRINT = LIBRARY / "report" / "report.typ"
SNAKEFILE = Path(workflow.basedir, "Snakefile")
RULE_FILES = [SNAKEFILE, *sorted(Path(workflow.basedir, "rules").glob("*.smk"))]

# Columns of the clip table that a stage reads: what makes it stale.
AUDIO = ("clip", "path", "bytes", "mtime")
IDENTITY = ("clip", "label", "speaker")
# What a split is made of; gender only balances.
SPLITTING = ("clip", "label", "speaker", "split", "gender")

# Keys that every mel spectrogram hangs on, whatever its exponent.
SPECTROGRAM = tuple(f"spectrogram.{key}" for key in ("n_fft", "hop_seconds", "n_mels", "frames"))


def checked():
    """Return the completed configuration, the clip table, the models and the number of folds."""
    notices = []
    try:
        settings = configuration.complete(config, notices=notices)
        clip_table = table.build(settings["corpus"], made_folder(settings["corpus"]))
        models = model_list.expand(settings["models"])
        folds = protocols.fold_count(settings["protocol"], clip_table.rows)
        consistency.check(settings, models, clip_table.rows, folds)
    except UserError as error:
        # Not an exception of Snakemake's: these are printed with the places in the Snakefile they came by.
        sys.exit(f"SERflow: {error}")
    for notice in notices:
        logger.warning(f"Configuration: {notice}.")
    return settings, clip_table, models, folds


def made_folder(corpus):
    """Return where made recordings lie: downloads outlive `make clean`, synthetic ones need not."""
    if corpus["adapter"] == "ravdess":
        return "resources/ravdess/wavs"
    return f"results/{corpus['name']}/wavs"


SETTINGS, TABLE, MODELS, FOLDS = checked()
CORPUS = SETTINGS["corpus"]["name"]
RESULTS = f"results/{CORPUS}"
LABELS = TABLE.labels
SHARDS = shards.deal(TABLE.rows, SETTINGS["shards"])
FEATURE_TYPES = sorted({*SETTINGS["features"]["types"], *model_list.feature_types(MODELS.values())})
NETWORKS = [name for name in MODELS if MODELS[name]["family"] in model_list.NETWORKS]
SVMS = [name for name in MODELS if name not in NETWORKS]
AUGMENTED = sorted(
    {
        settings["variant_of"]
        for name, settings in MODELS.items()
        if name in NETWORKS
        and settings["augmentation"] != "none"
        and settings["variant_of"] in MODELS
    }
)
COLOURS = palette(
    MODELS,
    {
        name: settings["variant_of"]
        for name, settings in MODELS.items()
        if settings.get("variant_of", name) != name
    },
)
MADE_MANIFEST = [f"{RESULTS}/corpus.tsv"] if TABLE.made else []
CORPUS_RULES = {
    "demo": "rules/corpus_demo.smk",
    "ravdess": "rules/corpus_ravdess.smk",
}.get(SETTINGS["corpus"]["adapter"] if TABLE.made else "", "rules/corpus_local.smk")
CORPUS_PATTERN = re.escape(CORPUS)
MODEL_PATTERN = "|".join(map(re.escape, MODELS))

if workflow.is_main_process:
    logger.info(table.describe(TABLE, CORPUS))


def stage(script, *keys, **more):
    """Return the one tracked param: what a rule reads of the configuration, and its code.

    `keys` are dotted paths into the configuration. Everything is plain and sorted, because Snakemake
    compares the text of the values, and only their values: one dict keeps the names beside them.
    """
    picked = {"code": code_of(script), **more}
    for key in keys:
        value = SETTINGS
        for part in key.split("."):
            value = value[part]
        picked[key] = value
    return ordered(picked)


# Snakemake asks for the params of every waiting job again and again while it schedules.
@functools.cache
def code_of(script):
    return codeprint(SCRIPTS / f"{script}.py")


def ordered(value):
    """Return plain data with the keys of every dict sorted."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [ordered(item) for item in value]
    return value


@functools.cache
def clips_of(columns, shard=None):
    """Return the fingerprint of `columns` of one shard's clips, or of all."""
    rows = TABLE.rows if shard is None else SHARDS[shard]
    # Recordings still to be made have no size or time; what makes them stands for both.
    made = origin() if TABLE.made and "mtime" in columns else ""
    return f"{shards.fingerprint(rows, columns)}{made}"


def origin():
    """Return what the sound of made recordings comes from, beside their names."""
    corpus = SETTINGS["corpus"]
    if corpus["adapter"] == "ravdess":
        return corpus["archive"]["md5"]
    return ordered({key: corpus[key] for key in ("rate", "seed")})


def rows_of(shard=None):
    return TABLE.rows if shard is None else SHARDS[shard]


def all_shards(pattern):
    """Return `pattern` for every shard; other wildcards stay."""
    return expand(pattern, shard=list(SHARDS), allow_missing=True)


def runs(models):
    """Return (model, fold, seed) of every training; a model without randomness has one seed."""
    return [
        (model, fold, seed) for model in models for fold in range(FOLDS) for seed in seeds_of(model)
    ]


def seeds_of(model):
    """Return a model's seeds; one without randomness has seed 0, whatever the networks' are."""
    return SETTINGS["seeds"] if model in NETWORKS else [0]


def all_runs(folder, suffix, models=None):
    """Return one file a training, in the order of `runs`."""
    return [
        f"{RESULTS}/{folder}/{model}/fold{fold}_seed{seed}.{suffix}"
        for model, fold, seed in runs(MODELS if models is None else models)
    ]


def network_arrays(model):
    """Return the folder of the arrays that a network reads, one file a shard in it."""
    settings = MODELS[model]
    if settings["family"] == "cnn1d":
        return f"{RESULTS}/signals/{settings['rate'] or 'native'}"
    height, width = settings["size"]
    return f"{RESULTS}/pixels/{height}x{width}"


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


def augmentations_of(base):
    """Return the augmentation of each variant of a network."""
    return {
        name: MODELS[name]["augmentation"]
        for name in NETWORKS
        if MODELS[name]["variant_of"] == base and name != base
    }


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


def kept_or_temporary(path):
    """Mark the spectrograms' folder for deletion after use where the configuration says so."""
    folder = directory(path)
    return folder if SETTINGS["spectrogram"]["keep"] else temp(folder)


def feature_shard(kind):
    return "cepstra.npz" if kind.startswith("mfcc") else "bands.npz"


def feature_keys(kind):
    """Return the keys of the configuration that a feature type comes from; its file tells them."""
    if kind.startswith("mfcc"):
        return ("spectrogram.hop_seconds", "spectrogram.frames")
    return (*SPECTROGRAM, "spectrogram.power", "features.bands", "features.frequency")


def names_pattern(names):
    """Return a pattern for exactly these names; of none, one that nothing matches."""
    return "|".join(map(re.escape, names)) or "(?!)"


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
