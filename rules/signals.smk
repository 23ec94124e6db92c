# Signals of fixed length at one rate: decoded and resampled once.


rule signals:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
        # Only signals at their own rate hang on all clips having the same.
        all=lambda w: f"{RESULTS}/recordings.tsv" if w.rate == "native" else [],
    output:
        array=ensure("results/{corpus}/signals/{rate}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/signals/{rate}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/signals/{rate}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/signals/{rate}/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage(
            "signals",
            "spectrogram.hop_seconds",
            "spectrogram.frames",
            clips=clips_of(AUDIO, w.shard),
        ),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "Signals of shard {wildcards.shard} at {wildcards.rate} Hz"
    script:
        "../workflow/scripts/signals.py"
