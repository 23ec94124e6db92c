# What a job is given of the configuration, the clip table and the code: what makes it stale. No rules.

import functools

from serflow.codeprint import codeprint, fileprint
from serflow.corpora import about

# Columns of the clip table that a stage reads: what makes it stale.
AUDIO = ("clip", "path", "bytes", "mtime")
IDENTITY = ("clip", "label", "speaker")
# What a split is made of; gender only balances.
SPLITTING = ("clip", "label", "speaker", "split", "gender")

# Keys that every mel spectrogram hangs on, whatever its exponent.
SPECTROGRAM = tuple(f"spectrogram.{key}" for key in ("n_fft", "hop_seconds", "n_mels", "frames"))


def stage(script, *keys, apart=(), **more):
    """Return the one tracked param: what a rule reads of the configuration, and its code.

    `keys` are dotted paths into the configuration. Everything is plain and sorted, because Snakemake
    compares the text of the values, and only their values: one dict keeps the names beside them.
    Modules in `apart` are imported by the script, but have no part in its outputs.
    """
    return ordered({"code": code_of(script, apart), **more, **picked(keys)})


def picked(keys):
    """Return the values of dotted paths into the configuration, by path."""
    found = {}
    for key in keys:
        value = SETTINGS
        for part in key.split("."):
            value = value[part]
        found[key] = value
    return found


# Snakemake asks for the params of every waiting job again and again while it schedules.
@functools.cache
def code_of(script, apart=()):
    return codeprint(SCRIPTS / f"{script}.py", apart=apart)


@functools.cache
def own_code(path):
    """Return what a user's own Python file stands for: its text, and the library code it imports."""
    return {"file": fileprint(path), "library": codeprint(path)}


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


def recorded():
    """Return the configuration of the corpus without what is only said of its recordings."""
    return {key: value for key, value in SETTINGS["corpus"].items() if key not in about.KEYS}


def rows_of(shard=None):
    return TABLE.rows if shard is None else SHARDS[shard]


def feature_keys(kind):
    """Return the keys of the configuration that a feature type comes from; its file tells them."""
    if not feature_types.built_in(kind):
        return (f"features.custom.{kind}",)
    if kind not in feature_types.SPECTRAL:
        return ("spectrogram.hop_seconds", "spectrogram.frames")
    return (*SPECTROGRAM, "spectrogram.power", "features.bands", "features.frequency")
