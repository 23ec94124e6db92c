# What models looked at: networks in a few clips of the first fold, SVMs by what each sub-band is worth.


rule explanation:
    input:
        model=lambda w: first_fold([w.model])[0][2],
        predictions=lambda w: f"{RESULTS}/predictions/{w.model}/fold0_seed{seeds_of(w.model)[0]}.tsv",
        arrays=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.npy"),
        clips=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.tsv"),
        recordings="results/{corpus}/recordings.tsv",
    output:
        figure=report(
            "results/{corpus}/figures/explanation/{model}.png",
            caption="../workflow/report/captions/explanation.rst",
            category=SECTIONS["Models"],
            subcategory="{model}",
            labels={"result": "explanation", "kind": "figure", "model": "{model}"},
        ),
        facts="results/{corpus}/explanations/{model}.json",
    log:
        "logs/{corpus}/explanations/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/explanations/{model}.tsv"
    wildcard_constraints:
        model=names_pattern(EXPLAINED),
    group:
        asking_group
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory(network_mb),
        runtime=minutes(600),
    params:
        cfg=lambda w: stage(
            "explanation",
            *(
                ("spectrogram.n_mels", *WINDOW)
                if network_inputs.kind(MODELS[w.model]) == "image"
                else ()
            ),
            # An edit to a network trains it again, and that is what makes this stale.
            apart=EVERY_NETWORK,
        ),
        rows=lambda w, input: rows_of(),
        own_code=lambda w, input: MODELS[w.model].get("file"),
    message:
        "What {wildcards.model} looked at"
    script:
        "../workflow/scripts/explanation.py"


rule importance:
    input:
        models=[
            f"{RESULTS}/models/{model}/fold{fold}_seed{seed}.skops"
            for model, fold, seed in runs(WEIGHED)
        ],
        features=[f"{RESULTS}/features/{kind}.npz" for kind in classifier_features()],
        splits="results/{corpus}/splits.tsv",
        recordings="results/{corpus}/recordings.tsv",
    output:
        report(
            "results/{corpus}/evaluation/importance.tsv",
            caption="../workflow/report/captions/importance.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "importance of sub-bands", "kind": "table"},
        ),
    log:
        "logs/{corpus}/importance.log",
    benchmark:
        "results/{corpus}/benchmarks/importance.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000, per_clip=0.2),
        runtime=minutes(lambda w: 600 + 0.05 * len(TABLE.rows) * len(WEIGHED)),
    params:
        cfg=stage(
            "importance",
            "evaluation",
            "features.bands",
            "features.frequency",
            "spectrogram.n_mels",
        ),
        kinds=lambda w, input: classifier_features(),
        trained=lambda w, input: [(model, fold) for model, fold, _ in runs(WEIGHED)],
    message:
        "What each sub-band is worth to the SVMs"
    script:
        "../workflow/scripts/importance.py"


rule figure_importance:
    input:
        "results/{corpus}/evaluation/importance.tsv",
    output:
        report(
            "results/{corpus}/figures/importance.svg",
            caption="../workflow/report/captions/importance.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "importance of sub-bands", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/importance.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/importance.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_importance", colours={name: COLOURS[name] for name in WEIGHED}),
    message:
        "Figure: what each sub-band is worth to the SVMs"
    script:
        "../workflow/scripts/figure_importance.py"
