# Spectrograms that networks read, made of the signals once: linear or mel bands in decibels, MFCC frames.


rule views:
    input:
        array=lambda w: view_signals(w, "npy"),
        clips=lambda w: view_signals(w, "tsv"),
    output:
        array=ensure("results/{corpus}/views/{view}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/views/{view}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/views/{view}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/views/{view}/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage("views", view=VIEWS[w.view]),
    message:
        "Spectrograms {wildcards.view} of shard {wildcards.shard}"
    script:
        "../workflow/scripts/views.py"
