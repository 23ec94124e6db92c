# What the sections on single clips and on explanations show, and of which models. No rules.

from serflow.corpora import about, copying
from serflow.evaluation.network_conclusions import networks_of, plain_variant

# Of each network the model without augmentation, or the first where all have one; and all SVMs.
STANDING = [
    *(name for name in CLASSIFIERS if name in SVMS),
    *(
        plain_variant(MODELS, variants)
        for variants in networks_of({name: MODELS[name] for name in CLASSIFIERS}).values()
    ),
]
EXPLAINED = [name for name in STANDING if name in NETWORKS and SETTINGS["report"]["explanations"]]
# SVMs whose sub-bands, coefficients or types are told apart.
WEIGHED = [name for name in STANDING if name in SVMS and SETTINGS["report"]["explanations"]]
EVERY_NETWORK = tuple(sorted(set(network_inputs.MODULES.values())))


def audio_shown():
    """Return whether recordings may stand in the report."""
    wanted = SETTINGS["report"]["audio"]
    known = about.about(SETTINGS["corpus"])
    by_licence = known.synthetic or copying.may_be_copied(known.licence)
    return {"always": True, "never": False}.get(wanted, by_licence)


def first_fold(models):
    """Return (model, seed, file) of the trained models of the first fold."""
    return [
        (model, seed, f"{RESULTS}/models/{model}/fold0_seed{seed}.{suffix}")
        for model in models
        for suffix in ("skops" if model in SVMS else "safetensors",)
        for seed in seeds_of(model)
    ]


def stored_input(model):
    """Return the folder of a network's arrays below the results; None of an SVM."""
    return None if model in SVMS else network_inputs.folder(MODELS[model])


def classifier_features():
    """Return the feature types that the SVMs read."""
    return model_list.feature_types([MODELS[name] for name in CLASSIFIERS if name in SVMS])


def classifier_arrays():
    """Return the files of the arrays that networks read, and of the lists of their clips, by folder."""
    folders = dict.fromkeys(stored_input(name) for name in CLASSIFIERS if name in NETWORKS)
    return {
        folder: [all_shards(f"{RESULTS}/{folder}/{{shard}}.{suffix}") for suffix in ("npy", "tsv")]
        for folder in folders
    }
