# The trainings: what they are called, what they read and what they write. No rules.

from serflow.figures.colours import palette

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
MODEL_PATTERN = "|".join(map(re.escape, MODELS))


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
