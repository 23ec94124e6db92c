# What is asked of the models of an earlier run: they are found, never made. No rules.

from serflow.prediction import origin as model_origin, request

GIVEN = request.given(ASKED["recordings"])
# Two requests do not overwrite each other's answers.
REQUEST = request.name(GIVEN, {key: ASKED[key] for key in ASKED if key != "recordings"})
PREDICTED = f"{RESULTS}/predict/{REQUEST}"
PREDICTION_PAGE = LIBRARY / "report" / "prediction.html.j2"


def prediction_files():
    """Return what `predict` makes; only now it is looked whether that can be done."""
    recordings = told_at_once(asked_recordings)
    models = told_at_once(asked_models)
    prediction_code()
    files = [f"{PREDICTED}/prediction.html", f"{PREDICTED}/checked.txt"]
    if workflow.is_main_process:
        told_where(len(recordings), models[0].parent.name)
    return files


@functools.cache
def told_where(count, model):
    """Say what is asked and where the answers are, also where nothing is to be done."""
    logger.info(f"Recordings: {count}; model: {model}; predictions: {placed(PREDICTED)}/")


def told_at_once(function):
    """Return what a function returns, or end in words where the user has made a mistake."""
    try:
        return function()
    except UserError as error:
        sys.exit(f"SERflow: {error}")


@functools.cache
def asked_recordings():
    return request.recordings(GIVEN)


@functools.cache
def asked_models():
    return request.model_files(placed(RESULTS), ASKED["model"])


def prediction_settings():
    """Return what a prediction hangs on beside the code: recordings, models and their run's report.

    None of these is an input, for Snakemake would train what it can.
    """
    models = told_at_once(asked_models)
    code = prediction_code()
    files = [code] if isinstance(code, str) else sorted(set(code.values()))
    return {
        "recordings": request.fingerprint(told_at_once(asked_recordings)),
        "models": request.fingerprint(models),
        "origin": told_at_once(lambda: model_origin.of(models)),
        "own_code": {path: own_code(path) for path in files},
        "template": fileprint(*page_files(PREDICTION_PAGE)),
        **{key: ASKED[key] for key in ("same_speaker", "audio")},
    }


def prediction_seconds(wildcards):
    size = sum(os.stat(path).st_size for path in asked_recordings())
    return demands.asking_seconds(size, len(asked_models()))


def prediction_code():
    """Return the user's own Python file that the model is or reads; of several, by feature type."""
    settings = MODELS.get(told_at_once(asked_models)[0].parent.name, {})
    if ASKED["own_code"]:
        return told_at_once(lambda: request.code_file(ASKED["own_code"]))
    if settings.get("family") == "custom":
        return settings["file"]
    return {kind: own["file"] for kind, own in SETTINGS["features"]["custom"].items()}
