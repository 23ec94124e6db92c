# The demonstration corpus: synthetic emotional speech.


rule synthesize:
    output:
        wavs=directory("results/{corpus}/wavs"),
        manifest=ensure("results/{corpus}/corpus.tsv", non_empty=True),
    log:
        "logs/{corpus}/synthesize.log",
    benchmark:
        "results/{corpus}/benchmarks/corpus.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(60),
    params:
        cfg=stage("synthesize", corpus=recorded()),
    message:
        "Synthesizing the demonstration corpus (synthetic speech)"
    script:
        "../workflow/scripts/synthesize.py"
