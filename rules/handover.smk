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
    """Return the file in which a shard's images wait, named by all that they depend on."""
    return str(handover_files.place(f"{RESULTS}/handover", shard, image_settings(shard)))


def handed_over(shard):
    """Return where to leave a shard's images, and how to make them; None where there are images.

    A corpus that has images already seldom needs new ones when it needs new spectrograms.
    """
    if any(Path(RESULTS, "images", label_folder(label), shard).exists() for label in LABELS):
        return None
    return {"path": image_handover(shard), "images": SETTINGS["images"]}
