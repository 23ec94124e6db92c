# Changed copies of the clips, for networks whose `augmentations` change the sound: beside the plain arrays
# and like them, one file a shard and copy, in a folder that is called as theirs with ~{sound}.{number} behind.


rule signal_copies:
    input:
        array="results/{corpus}/signals/{rate}/{shard}.npy",
        clips="results/{corpus}/signals/{rate}/{shard}.tsv",
        # Signals at their own rate do not tell it.
        recordings=lambda w: f"{RESULTS}/recordings.tsv" if w.rate == "native" else [],
    output:
        array=ensure("results/{corpus}/signals/{rate}~{sound}.{number}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/signals/{rate}~{sound}.{number}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/signals/{rate}~{sound}.{number}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/signals/{rate}~{sound}.{number}/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=stage("signal_copies"),
    message:
        "Changed signals of shard {wildcards.shard}: {wildcards.sound}, copy {wildcards.number}"
    script:
        "../workflow/scripts/signal_copies.py"


use rule views as view_copies with:
    input:
        array=lambda w: view_signals(w, "npy"),
        clips=lambda w: view_signals(w, "tsv"),
    output:
        array=ensure("results/{corpus}/views/{view}~{sound}.{number}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/views/{view}~{sound}.{number}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/views/{view}~{sound}.{number}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/views/{view}~{sound}.{number}/{shard}.tsv"
    message:
        "Spectrograms {wildcards.view} of shard {wildcards.shard}: {wildcards.sound}, copy {wildcards.number}"


rule pixel_copies:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        array=ensure("results/{corpus}/pixels/{size}~{sound}.{number}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/pixels/{size}~{sound}.{number}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/pixels/{size}~{sound}.{number}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/pixels/{size}~{sound}.{number}/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage("pixel_copies", *SPECTROGRAM, "images", clips=clips_of(AUDIO, w.shard)),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "Changed images of shard {wildcards.shard}: {wildcards.sound}, copy {wildcards.number}"
    script:
        "../workflow/scripts/pixel_copies.py"
