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
            category=SECTIONS["Comparison"],
            labels={"result": "models", "kind": "table"},
        ),
        per_class=report(
            "results/{corpus}/evaluation/per_class.tsv",
            caption="../workflow/report/captions/per_class.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "by label", "kind": "table"},
        ),
        per_speaker=report(
            "results/{corpus}/evaluation/per_speaker.tsv",
            caption="../workflow/report/captions/per_speaker.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "by speaker", "kind": "table"},
        ),
        per_attribute=report(
            "results/{corpus}/evaluation/per_attribute.tsv",
            caption="../workflow/report/captions/per_attribute.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "by attribute", "kind": "table"},
        ),
        per_fold=report(
            "results/{corpus}/evaluation/per_fold.tsv",
            caption="../workflow/report/captions/per_fold.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "by fold and seed", "kind": "table"},
        ),
        confusion=report(
            "results/{corpus}/evaluation/confusion.tsv",
            caption="../workflow/report/captions/confusions.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "confusion matrices", "kind": "table"},
        ),
        calibration=report(
            "results/{corpus}/evaluation/calibration.tsv",
            caption="../workflow/report/captions/calibration.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "calibration", "kind": "table"},
        ),
        comparisons=report(
            "results/{corpus}/evaluation/comparisons.tsv",
            caption="../workflow/report/captions/comparisons.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "comparisons", "kind": "table"},
        ),
        ranks=report(
            "results/{corpus}/evaluation/ranks.tsv",
            caption="../workflow/report/captions/ranks.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "mean ranks", "kind": "table"},
        ),
        choices=report(
            "results/{corpus}/evaluation/choices.tsv",
            caption="../workflow/report/captions/choices.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "what SVMs chose", "kind": "table"},
        ),
        alternatives=report(
            "results/{corpus}/evaluation/alternatives.tsv",
            caption="../workflow/report/captions/alternatives.rst",
            category=SECTIONS["Models"],
            subcategory="all models",
            labels={"result": "what SVMs could choose", "kind": "table"},
        ),
        conclusions=report(
            "results/{corpus}/evaluation/conclusions.json",
            caption="../workflow/report/captions/conclusions.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "conclusions", "kind": "text"},
        ),
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
        report(
            ensure("results/{corpus}/evaluation/costs.tsv", non_empty=True),
            caption="../workflow/report/captions/costs.rst",
            category=SECTIONS["Workflow"],
            labels={"result": "costs of the stages", "kind": "table"},
        ),
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
