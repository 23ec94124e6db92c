# What models of an earlier run say of recordings of one's own. Nothing is trained for it: neither
# models nor recordings are inputs, their names, sizes and times stand in the param.


rule prediction:
    output:
        table=ensure("results/{corpus}/predict/{request}/predictions.tsv", non_empty=True),
        windows=ensure("results/{corpus}/predict/{request}/windows.tsv", non_empty=True),
        unusable=ensure("results/{corpus}/predict/{request}/unusable.tsv", non_empty=True),
        # In no `snakemake --report`: it holds recordings that are nobody else's business.
        page=ensure("results/{corpus}/predict/{request}/prediction.html", non_empty=True),
    log:
        "logs/{corpus}/predict/{request}.log",
    benchmark:
        "results/{corpus}/benchmarks/predict/{request}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(2000),
        runtime=minutes(prediction_seconds),
    params:
        cfg=lambda w: stage("prediction", **prediction_settings()),
        recordings=lambda w, input: asked_recordings(),
        models=lambda w, input: [str(path) for path in asked_models()],
        own_code=lambda w, input: prediction_code(),
    message:
        "What a model of an earlier run says of the recordings"
    script:
        "../workflow/scripts/prediction.py"


# A rule of its own: a failing job's outputs are deleted, and the answers must stay.
rule prediction_check:
    input:
        unusable="results/{corpus}/predict/{request}/unusable.tsv",
        page="results/{corpus}/predict/{request}/prediction.html",
    output:
        ensure("results/{corpus}/predict/{request}/checked.txt", non_empty=True),
    log:
        "logs/{corpus}/predict/{request}_check.log",
    benchmark:
        "results/{corpus}/benchmarks/predict/{request}_check.tsv"
    # It would say the same again.
    retries: 0
    # In no group: Snakemake deletes the outputs of all jobs of a group that fails.
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(5),
    params:
        cfg=stage("prediction_check"),
    message:
        "Whether all recordings could be used; the page: {input.page}"
    script:
        "../workflow/scripts/prediction_check.py"
