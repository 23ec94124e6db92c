# The checked configuration, the clip table, and what follows from them for every stage. No rules.

import gc
import os
import re
import sys
from pathlib import Path

from snakemake.logging import logger

from serflow import configuration, consistency, disk, feature_types, model_list, targets
from serflow.splitting import protocols, splits
from serflow.corpora import checking, kept, shards, table
from serflow.corpora.layout import label_folder
from serflow.errors import UserError

ENVIRONMENT = str(LIBRARY / "envs" / "serflow.yaml")
SCRIPTS = LIBRARY / "scripts"


def checked():
    """Return the completed configuration, the clip table, the models, and the number of folds.

    And why the corpus cannot be read, where the table is an earlier run's: see `manifest`.
    """
    notices, absent = [], None
    try:
        settings = configuration.complete(config, notices=notices)
        models = model_list.expand(settings["models"])
        labelled = any(targets.of(model) is None for model in models.values())
        handed_over = os.environ.get(kept.variable(results_of(settings)), "")
        if workflow.is_main_process or not os.path.isfile(handed_over):
            clip_table, absent = built(settings, labelled)
        else:
            clip_table = kept.read(handed_over)
        folds = protocols.fold_count(settings["protocol"], clip_table.rows)
        consistency.check(settings, models, clip_table.rows, folds)
        if workflow.is_main_process:
            splits.check_training(clip_table.rows, settings["protocol"])
            # Whoever takes away a lock is not about to run anything.
            if settings["clips"]["on_error"] == "stop" and "--unlock" not in sys.argv:
                earlier = f"{results_of(settings)}/excluded.tsv"
                checking.require_mended(clip_table.rows, earlier)
    except UserError as error:
        # Not an exception of Snakemake's: these are printed with the places in the Snakefile they came by.
        sys.exit("\n".join(f"SERflow: {one}" for one in (absent, error) if one))
    for notice in notices:
        logger.warning(f"Configuration: {notice}.")
    return settings, clip_table, models, folds, absent


def built(settings, labelled):
    """Return the clip table; where the corpus cannot be read, that of an earlier run, and why it cannot."""
    corpus = settings["corpus"]
    try:
        return table.build(corpus, made_folder(corpus), labelled), None
    except UserError as error:
        earlier = table.of_run(f"{results_of(settings)}/clips.tsv")
        if earlier is None:
            raise
        return earlier, error


def manifest():
    """Return the manifest of made recordings, for what every stage but the predictions begins with.

    While the rules are read nobody knows what is asked. Models of an earlier run can be asked without
    their corpus; of everything else this is where its absence is told.
    """
    require_corpus()
    return MADE_MANIFEST


def require_corpus():
    """End in words where the corpus cannot be read; return no files, as the input of who reads none."""
    if ABSENT:
        sys.exit(f"SERflow: {ABSENT}")
    return []


def results_of(settings):
    """Return where the results lie. RESULTS, in inputs and outputs, is the same without a prefix."""
    return placed(f"results/{settings['corpus']['name']}")


def made_folder(corpus):
    """Return where made recordings lie: downloads outlive `make clean`, synthetic ones need not."""
    if corpus["adapter"] == "ravdess":
        return placed("resources/ravdess/wavs")
    return placed(f"results/{corpus['name']}/wavs")


SETTINGS, TABLE, MODELS, FOLDS, ABSENT = checked()
# What is asked of finished models is no part of the run: no stage, and no report, may hang on it.
ASKED = {"recordings": SETTINGS.pop("recordings"), **SETTINGS.pop("predict")}
# What is there by now stays. Python would look through all of it for garbage again and again while the
# graph is built, which took a fifth of a dry run's time.
gc.freeze()

CORPUS = SETTINGS["corpus"]["name"]
RESULTS = f"results/{CORPUS}"
WRITTEN = [placed(RESULTS), placed(f"logs/{CORPUS}")]
LABELS = TABLE.labels
SHARDS = shards.deal(TABLE.rows, SETTINGS["shards"])
FEATURE_TYPES = sorted({*SETTINGS["features"]["types"], *model_list.feature_types(MODELS.values())})
TYPE_PATTERN = "|".join([feature_types.PATTERN, *SETTINGS["features"]["custom"]])
MADE_MANIFEST = [f"{RESULTS}/corpus.tsv"] if TABLE.made else []
CORPUS_RULES = {
    "demo": "rules/corpus_demo.smk",
    "ravdess": "rules/corpus_ravdess.smk",
}.get(SETTINGS["corpus"]["adapter"] if TABLE.made else "", "rules/corpus_local.smk")
CORPUS_PATTERN = re.escape(CORPUS)

if workflow.is_main_process:
    # Before Snakemake looks for results, which a file in their folder's place ends with a traceback.
    obstacle = disk.misplaced(WRITTEN)
    if obstacle:
        sys.exit(f"SERflow: {obstacle}")
    logger.info(table.describe(TABLE, CORPUS))
    if ABSENT:
        logger.warning(f"That is what an earlier run has found, enough to predict: {ABSENT}")
    unsuited = shards.advice(len(TABLE.rows), SETTINGS["shards"])
    if unsuited:
        logger.warning(f"Configuration: {unsuited}.")


def all_shards(pattern):
    """Return `pattern` for every shard; other wildcards stay."""
    return expand(pattern, shard=list(SHARDS), allow_missing=True)


def kept_or_temporary(path):
    """Mark the spectrograms' folder for deletion after use where the configuration says so."""
    folder = directory(path)
    return folder if SETTINGS["spectrogram"]["keep"] else temp(folder)
