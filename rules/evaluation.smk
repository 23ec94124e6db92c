# From predictions to tables and sentences.


rule evaluate:
    input:
        predictions=all_runs("predictions", "tsv", CLASSIFIERS),
        records=all_runs("models", "json", CLASSIFIERS),
        splits="results/{corpus}/splits.tsv",
    output:
        models=report(
            ensure("results/{corpus}/evaluation/models.tsv", non_empty=True),
            caption="../workflow/report/captions/models.rst",
            category="Comparison",
            labels={"table": "models"},
        ),
        per_class="results/{corpus}/evaluation/per_class.tsv",
        per_speaker="results/{corpus}/evaluation/per_speaker.tsv",
        per_attribute="results/{corpus}/evaluation/per_attribute.tsv",
        per_fold="results/{corpus}/evaluation/per_fold.tsv",
        confusion="results/{corpus}/evaluation/confusion.tsv",
        calibration="results/{corpus}/evaluation/calibration.tsv",
        comparisons=report(
            "results/{corpus}/evaluation/comparisons.tsv",
            caption="../workflow/report/captions/comparisons.rst",
            category="Comparison",
            labels={"table": "comparisons"},
        ),
        ranks="results/{corpus}/evaluation/ranks.tsv",
        choices="results/{corpus}/evaluation/choices.tsv",
        alternatives="results/{corpus}/evaluation/alternatives.tsv",
        conclusions="results/{corpus}/evaluation/conclusions.json",
    log:
        "logs/{corpus}/evaluate.log",
    benchmark:
        "results/{corpus}/benchmarks/evaluate.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000, per_clip=predictions_mb(MODELS)),
        runtime=minutes(evaluation_seconds),
    params:
        cfg=stage(
            "evaluate",
            "evaluation",
            models={name: MODELS[name] for name in CLASSIFIERS},
            clips=clips_of(("clip", "label", *ATTRIBUTES)),
        ),
        runs=lambda w, input: runs(CLASSIFIERS),
        rows=lambda w, input: rows_of(),
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
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("costs"),
        stages=lambda w, input: [stage for stage, _ in benchmarked()],
    message:
        "Adding up what each stage cost"
    script:
        "../workflow/scripts/costs.py"
