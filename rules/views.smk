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
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        cfg=lambda w: stage("views", view=VIEWS[w.view]),
    message:
        "Spectrograms {wildcards.view} of shard {wildcards.shard}"
    script:
        "../workflow/scripts/views.py"
