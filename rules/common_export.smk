# What the exported models and their cards are made of. No rules.

# Tables of the corpus that a card tells of.
CARD_TABLES = ("clips", "recordings", "splits", "leakage")


def exported(model, name):
    """Return a file beside a network's ONNX files; nothing for an SVM, of which there are none."""
    return f"{RESULTS}/export/{model}/{name}" if model in NETWORKS else []


def card_inputs():
    """Return what every model's card is made of, by name."""
    evaluated = "results/{corpus}/evaluation"
    tables = ["regression"] if REGRESSIONS else []
    if CLASSIFIERS:
        tables += ["models", "per_class", "per_speaker", "per_attribute", "per_fold"]
        tables += ["confusion", "comparisons"]
    return {
        **{name: f"results/{{corpus}}/{name}.tsv" for name in CARD_TABLES},
        "provenance": "results/{corpus}/provenance.json",
        **{name: f"{evaluated}/{name}.tsv" for name in tables},
    }


def all_exports():
    """Return the files of the exported models: a card each, and of a network its ONNX files."""
    return [
        *(f"{RESULTS}/export/{model}/README.md" for model in MODELS),
        *all_runs("export", "onnx", NETWORKS),
    ]
