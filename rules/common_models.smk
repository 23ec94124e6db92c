# The trainings: what they are called, what they read and what they write. No rules.

from serflow import network_inputs, targets
from serflow.figures.colours import palette
from serflow.prediction import extraction
from serflow.splitting import premium

# How much is kept of each clip.
WINDOW = ("spectrogram.hop_seconds", "spectrogram.frames")
NETWORKS = [name for name in MODELS if MODELS[name]["family"] in model_list.NETWORKS]
SVMS = [name for name in MODELS if name not in NETWORKS]
# Models that estimate a number, by the column that holds it; all others recognise labels, and only
# these are ranked and compared.
TARGETS = {name: target for name in MODELS if (target := targets.of(MODELS[name])) is not None}
REGRESSIONS = list(TARGETS)
CLASSIFIERS = [name for name in MODELS if name not in TARGETS]
# Networks whose rule is gan.smk's.
GANS = [name for name in NETWORKS if MODELS[name]["family"] == "gan_cnn2d"]
# Of these, those that are compared with random weights by share of the labels.
SHARED = [name for name in GANS if MODELS[name]["label_shares"]]
AUGMENTED = sorted(
    {
        settings["variant_of"]
        for name, settings in MODELS.items()
        if name in NETWORKS
        and name not in TARGETS
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
# Spectrograms for networks, by the name of their folder.
VIEWS = {
    network_inputs.folder(MODELS[name]).removeprefix("views/"): view
    for name in NETWORKS
    if (view := network_inputs.view(MODELS[name]))
}
MODEL_PATTERN = "|".join(map(re.escape, MODELS))
# Trained once more under random folds (premium.smk), in the order of the models.
PREMIUM = [name for name in MODELS if name in SETTINGS["protocol"]["random_premium"]]
# Slices by what a training's files are called: the models, and those under random folds.
TRAININGS = {**MODELS, **{premium.training_name(name): MODELS[name] for name in PREMIUM}}


def runs(models):
    """Return (model, fold, seed) of every training; a model without randomness has one seed."""
    return [
        (model, fold, seed) for model in models for fold in range(FOLDS) for seed in seeds_of(model)
    ]


def seeds_of(model):
    """Return a model's seeds; one without randomness has seed 0, whatever the networks' are."""
    family = TRAININGS[model]["family"]
    return SETTINGS["seeds"] if family in model_list.NETWORKS else [0]


def splits_of(training):
    """Return the table of the folds that a training goes by."""
    return f"{RESULTS}/{'splits' if training in MODELS else 'splits_random'}.tsv"


def trainings(models):
    """Return what the trainings of some models are called, those under random folds included."""
    return [*models, *(premium.training_name(name) for name in models if name in PREMIUM)]


def all_runs(folder, suffix, models=None):
    """Return one file a training, in the order of `runs`."""
    return [
        f"{RESULTS}/{folder}/{model}/fold{fold}_seed{seed}.{suffix}"
        for model, fold, seed in runs(MODELS if models is None else models)
    ]


def network_arrays(model):
    """Return the folder of the arrays that a network reads, one file a shard in it."""
    return f"{RESULTS}/{network_inputs.folder(TRAININGS[model])}"


def network_copies(model, suffix):
    """Return the files of the changed copies that a network reads, copy by copy."""
    folders = network_inputs.copy_folders(TRAININGS[model])
    return [
        file for folder in folders for file in all_shards(f"{RESULTS}/{folder}/{{shard}}.{suffix}")
    ]


def view_signals(wildcards, suffix):
    """Return the file of the signals that a view, plain or of a changed copy, is made of."""
    w = wildcards
    changed = f"~{w.sound}.{w.number}" if hasattr(w, "sound") else ""
    return f"{RESULTS}/signals/{VIEWS[w.view]['rate']}{changed}/{w.shard}.{suffix}"


def network_code(model):
    """Return what a network's training depends on beside the script that all networks share."""
    settings = TRAININGS[model]
    own = {"network": own_code(settings["file"])} if settings["family"] == "custom" else {}
    return {"apart": network_inputs.others(settings["family"]), **own}


def extraction_of(model):
    """Return what the inputs of a training are made by: its model file tells it, for new recordings.

    The inputs themselves are stale where any of it changes, so it is no tracked param.
    """
    settings = TRAININGS[model]
    if settings["family"] in model_list.NETWORKS:
        return ordered(picked(extraction.network_keys(settings)))
    types = "+".join(model_list.feature_types([settings]))
    return ordered(picked(extraction.feature_keys(types)))


def target_columns(model):
    """Return the columns of the clip table that a training reads beside those that all do."""
    target = targets.of(TRAININGS[model])
    return () if target is None else (target,)


def loss_of(model):
    """Return the loss by which a regression's curve is drawn; nothing of a classifier."""
    return {"loss": MODELS[model]["loss"]} if model in TARGETS else {}


def gan_settings(training):
    """Return the slice of a training with a GAN; shares of the labels are no matter of random folds."""
    settings = TRAININGS[training]
    return settings if training in MODELS else {**settings, "label_shares": []}


def augmentations_of(base):
    """Return the augmentation of each variant of a network."""
    return {
        name: MODELS[name]["augmentation"]
        for name in NETWORKS
        if MODELS[name]["variant_of"] == base and name != base
    }


def names_pattern(names):
    """Return a pattern for exactly these names; of none, one that nothing matches."""
    return "|".join(map(re.escape, names)) or "(?!)"
