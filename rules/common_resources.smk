# What jobs ask of a cluster, and which go together there. No rules; on one machine none of it matters,
# unless `--resources mem_mb=…` or `gpu=…` says what the machine has.

from serflow import demands


def memory(own, per_clip=0):
    """Return the resource mem_mb: `own` MB, and `per_clip` for each clip of the job's shard, or of all."""

    def mem_mb(wildcards, attempt):
        megabytes = own(wildcards) if callable(own) else own
        clips = len(rows_of(wildcards.get("shard")))
        return demands.memory_mb(megabytes + per_clip * clips, len(TABLE.rows), attempt)

    return mem_mb


def minutes(estimate):
    """Return the resource runtime by an estimate: seconds, or a function of the wildcards."""

    def runtime(wildcards, attempt):
        seconds = estimate(wildcards) if callable(estimate) else estimate
        return demands.runtime_minutes(seconds, attempt)

    return runtime


def together(stage, estimate):
    """Return the group of a rule whose jobs are put together where they are short."""
    return lambda wildcards: known_group(demands.group(stage, estimate(wildcards)))


def known_group(name):
    """Return a group that the profile has; without groups the graph is built faster."""
    # Not known yet while the rules are read, only when jobs are made.
    return name if name in workflow.group_settings.group_components else None


def network_group(wildcards):
    """Return the group of a network's training.

    None on GPUs, which are quick and may have a partition of their own; and none for a user's own
    network, which is likelier to fail than others, because a job that fails takes its group along.
    """
    if GPU or TRAININGS[wildcards.model]["family"] == "custom":
        return None
    return known_group(demands.group("network", training_seconds(wildcards)))


def report_group(wildcards):
    """Return the group of all that follows the trainings: one job after the other, all in one."""
    return known_group("report")


def asking_group(wildcards):
    """Return the group of what asks a network once more: the report's, but none of a user's own."""
    return None if TRAININGS[wildcards.model]["family"] == "custom" else report_group(wildcards)


def extraction_seconds(wildcards):
    return demands.extraction_seconds(len(SHARDS[wildcards.shard]))


def own_extraction_seconds(wildcards):
    return demands.extraction_seconds(len(SHARDS[wildcards.shard]), own=True)


def table_seconds(wildcards):
    return demands.table_seconds(len(TABLE.rows))


def training_seconds(wildcards):
    return demands.training_seconds(gan_settings(wildcards.model), len(TABLE.rows))


def network_mb(wildcards):
    return demands.network_mb(TRAININGS[wildcards.model], gpu=bool(GPU))


def predictions_mb(models, times=1):
    """Return the MB a clip of what reads the predictions of some models, `times` over."""
    # Each clip is tested in one fold.
    return demands.PREDICTION_MB * times * len(runs(models)) / FOLDS


def evaluation_seconds(wildcards):
    return demands.evaluation_seconds(len(TABLE.rows) * len(runs(MODELS)) // FOLDS)


check_group = together("checks", extraction_seconds)
extraction_group = together("extraction", extraction_seconds)
table_group = together("tables", table_seconds)
svm_group = together("svm", training_seconds)
# Trainings ask for a GPU only where the configuration insists on one.
GPU = 1 if SETTINGS["device"] == "cuda" else 0
