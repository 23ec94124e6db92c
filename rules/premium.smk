# The random-split premium: what chosen models would have claimed under random folds. Nothing here
# takes part in the evaluation of the models.


rule random_splits:
    input:
        excluded="results/{corpus}/excluded.tsv",
        checked="results/{corpus}/checked.txt",
    output:
        ensure("results/{corpus}/splits_random.tsv", non_empty=True),
    log:
        "logs/{corpus}/random_splits.log",
    benchmark:
        "results/{corpus}/benchmarks/random_splits.tsv"
    group:
        table_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=stage(
            "splits",
            protocol=premium.random_folds(SETTINGS["protocol"], FOLDS),
            clips=clips_of(SPLITTING),
        ),
        rows=lambda w, input: rows_of(),
    message:
        "Splitting the clips at random"
    script:
        "../workflow/scripts/splits.py"


rule random_premium:
    input:
        independent=all_runs("predictions", "tsv", PREMIUM),
        random=all_runs("predictions", "tsv", map(premium.training_name, PREMIUM)),
    output:
        report(
            ensure("results/{corpus}/evaluation/random_premium.tsv", non_empty=True),
            caption="../workflow/report/captions/random_premium.rst",
            category=SECTIONS["Random splits"],
            labels={"result": "random-split premium", "kind": "table"},
        ),
    log:
        "logs/{corpus}/random_premium.log",
    benchmark:
        "results/{corpus}/benchmarks/random_premium.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000, per_clip=predictions_mb(PREMIUM, times=2)),
        runtime=minutes(evaluation_seconds),
    params:
        cfg=stage("random_premium", "evaluation"),
        runs=lambda w, input: runs(PREMIUM),
    message:
        "What a random split would have claimed"
    script:
        "../workflow/scripts/random_premium.py"


rule figure_random_premium:
    input:
        "results/{corpus}/evaluation/random_premium.tsv",
    output:
        report(
            "results/{corpus}/figures/random_premium.svg",
            caption="../workflow/report/captions/random_premium.rst",
            category=SECTIONS["Random splits"],
            labels={"result": "random-split premium", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/random_premium.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/random_premium.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage(
            "figure_random_premium",
            labels=len(LABELS),
            colours={name: COLOURS[name] for name in PREMIUM},
        ),
    message:
        "Figure: what a random split would have claimed"
    script:
        "../workflow/scripts/figure_random_premium.py"
