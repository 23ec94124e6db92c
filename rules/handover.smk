# What the job of a shard's mel spectrograms hands to the job of its images: one transform serves both.
#
# They stay two rules, so that a changed key of the images leaves the features alone. Everything here
# is a param that Snakemake does not track: images that were not handed over are made from the WAVs.

from serflow.sound import handover as handover_files


def image_settings(shard):
    """Return the tracked param of a shard's images."""
    return stage(
        "image_shard",
        *SPECTROGRAM,
        "images",
        clips=clips_of((*AUDIO, "label"), shard),
    )


def image_handover(shard):
    """Return the file in which a shard's images wait, named by clips, settings and code."""
    made_from = {"images": image_settings(shard), "script": fileprint(SCRIPTS / "spectrograms.py")}
    return str(handover_files.place(placed(f"{RESULTS}/handover"), shard, made_from))


def handed_over(shard):
    """Return where to leave a shard's images, and how to make them; None where they are made."""
    path = image_handover(shard)
    if handover_files.begun(Path(path)):
        return None
    return {"path": path, "images": SETTINGS["images"]}
