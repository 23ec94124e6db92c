# Models that estimate a number, evaluated apart from those that recognise labels.


rule evaluate_regression:
    input:
        predictions=all_runs("predictions", "tsv", REGRESSIONS),
        records=all_runs("models", "json", REGRESSIONS),
        splits="results/{corpus}/splits.tsv",
    output:
        models=report(
            ensure("results/{corpus}/evaluation/regression.tsv", non_empty=True),
            caption="../workflow/report/captions/regression.rst",
            category=SECTIONS["Estimated numbers"],
            labels={"result": "regression", "kind": "table"},
        ),
        per_fold=report(
            ensure("results/{corpus}/evaluation/regression_per_fold.tsv", non_empty=True),
            caption="../workflow/report/captions/regression_per_fold.rst",
            category=SECTIONS["Estimated numbers"],
            labels={"result": "regression by fold and seed", "kind": "table"},
        ),
    log:
        "logs/{corpus}/evaluate_regression.log",
    benchmark:
        "results/{corpus}/benchmarks/evaluate_regression.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000, per_clip=predictions_mb(REGRESSIONS)),
        runtime=minutes(evaluation_seconds),
    params:
        cfg=stage(
            "evaluate_regression",
            "evaluation",
            targets=TARGETS,
            clips=clips_of(("clip", *sorted(set(TARGETS.values())))),
        ),
        runs=lambda w, input: runs(REGRESSIONS),
        rows=lambda w, input: rows_of(),
    message:
        "Evaluating the models that estimate a number"
    script:
        "../workflow/scripts/evaluate_regression.py"


rule figure_estimates:
    input:
        lambda w: all_runs("predictions", "tsv", [w.model]),
    output:
        report(
            "results/{corpus}/figures/regression/{model}.svg",
            caption="../workflow/report/captions/estimates.rst",
            category=SECTIONS["Estimated numbers"],
            labels={"result": "estimates", "kind": "figure", "model": "{model}"},
        ),
    log:
        "logs/{corpus}/figures/regression/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/regression/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000, per_clip=predictions_mb(REGRESSIONS)),
        runtime=minutes(10),
    params:
        cfg=lambda w: stage("figure_estimates", target=TARGETS[w.model], colour=COLOURS[w.model]),
        runs=lambda w, input: runs([w.model]),
    message:
        "Figure: estimates of {wildcards.model}"
    script:
        "../workflow/scripts/figure_estimates.py"
