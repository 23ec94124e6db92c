# From predictions to tables and sentences.


rule evaluate:
    input:
        predictions=all_runs("predictions", "tsv"),
        records=all_runs("models", "json"),
    output:
        models=report(
            ensure("results/{corpus}/evaluation/models.tsv", non_empty=True),
            caption="../workflow/report/captions/models.rst",
            category="Comparison",
            labels={"table": "models"},
        ),
        per_class="results/{corpus}/evaluation/per_class.tsv",
        per_speaker="results/{corpus}/evaluation/per_speaker.tsv",
        per_fold="results/{corpus}/evaluation/per_fold.tsv",
        confusion="results/{corpus}/evaluation/confusion.tsv",
        comparisons=report(
            "results/{corpus}/evaluation/comparisons.tsv",
            caption="../workflow/report/captions/comparisons.rst",
            category="Comparison",
            labels={"table": "comparisons"},
        ),
        choices="results/{corpus}/evaluation/choices.tsv",
        alternatives="results/{corpus}/evaluation/alternatives.tsv",
        conclusions="results/{corpus}/evaluation/conclusions.json",
    log:
        "logs/{corpus}/evaluate.log",
    benchmark:
        "results/{corpus}/benchmarks/evaluate.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        cfg=stage("evaluate", "evaluation", models=MODELS),
        runs=lambda w, input: runs(MODELS),
    message:
        "Evaluating the models"
    script:
        "../workflow/scripts/evaluate.py"


rule costs:
    input:
        [file for _, file in benchmarked()],
    output:
        ensure("results/{corpus}/evaluation/costs.tsv", non_empty=True),
    log:
        "logs/{corpus}/costs.log",
    benchmark:
        "results/{corpus}/benchmarks/costs.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=500,
        runtime=10,
    params:
        cfg=stage("costs"),
        stages=lambda w, input: [stage for stage, _ in benchmarked()],
    message:
        "Adding up what each stage cost"
    script:
        "../workflow/scripts/costs.py"
