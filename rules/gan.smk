# Generative adversarial networks on the training clips' images, whose discriminators start classifiers; and what
# that is worth where only some clips have labels.


rule train_gan:
    input:
        arrays=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.npy"),
        clips=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.tsv"),
        copies=lambda w: network_copies(w.model, "npy"),
        copied=lambda w: network_copies(w.model, "tsv"),
        splits=lambda w: splits_of(w.model),
        gate="results/{corpus}/gate.txt",
    output:
        model="results/{corpus}/models/{model}/fold{fold}_seed{seed}.safetensors",
        record="results/{corpus}/models/{model}/fold{fold}_seed{seed}.json",
        curve="results/{corpus}/curves/{model}/fold{fold}_seed{seed}.tsv",
        predictions="results/{corpus}/predictions/{model}/fold{fold}_seed{seed}.tsv",
        gan_curve="results/{corpus}/gan/curves/{model}/fold{fold}_seed{seed}.tsv",
        samples="results/{corpus}/gan/samples/{model}/fold{fold}_seed{seed}.npz",
        scores="results/{corpus}/label_shares/scores/{model}/fold{fold}_seed{seed}.tsv",
        answers="results/{corpus}/label_shares/answers/{model}/fold{fold}_seed{seed}.tsv",
    log:
        "logs/{corpus}/models/{model}/fold{fold}_seed{seed}.log",
    benchmark:
        "results/{corpus}/benchmarks/models/{model}/fold{fold}_seed{seed}.tsv"
    wildcard_constraints:
        model=names_pattern(trainings(GANS)),
    group:
        network_group
    conda:
        ENVIRONMENT
    # One thread, as the other networks.
    threads: 1
    resources:
        mem_mb=memory(network_mb, per_clip=0.002),
        runtime=minutes(training_seconds),
        gpu=GPU,
    params:
        cfg=lambda w: stage(
            "train_gan",
            "device",
            model=gan_settings(w.model),
            clips=clips_of(IDENTITY),
            **network_code(w.model),
        ),
        rows=lambda w, input: rows_of(),
        extraction=lambda w, input: extraction_of(w.model),
        # No output: Snakemake would delete it where a killed job has to go on.
        checkpoint=lambda w, input: placed(
            f"{RESULTS}/checkpoints/{w.model}/fold{w.fold}_seed{w.seed}.pt"
        ),
    message:
        "Training {wildcards.model} with its GAN, fold {wildcards.fold}, seed {wildcards.seed}"
    script:
        "../workflow/scripts/train_gan.py"


if SHARED:

    rule label_shares:
        input:
            scores=all_runs("label_shares/scores", "tsv", SHARED),
            answers=all_runs("label_shares/answers", "tsv", SHARED),
            splits="results/{corpus}/splits.tsv",
        output:
            report(
                ensure("results/{corpus}/evaluation/label_shares.tsv", non_empty=True),
                caption="../workflow/report/captions/label_shares.rst",
                category=SECTIONS["Few labels"],
                labels={"result": "shares of the labels", "kind": "table"},
            ),
        log:
            "logs/{corpus}/label_shares.log",
        benchmark:
            "results/{corpus}/benchmarks/label_shares.tsv"
        group:
            report_group
        conda:
            ENVIRONMENT
        resources:
            # Answers of both starts at every share.
            mem_mb=memory(
                1000,
                per_clip=sum(
                    2 * len(MODELS[m]["label_shares"]) * predictions_mb([m]) for m in SHARED
                ),
            ),
            runtime=minutes(evaluation_seconds),
        params:
            cfg=stage("label_shares", "evaluation", clips=clips_of(("clip", "label"))),
            runs=lambda w, input: runs(SHARED),
            rows=lambda w, input: rows_of(),
        message:
            "What a GAN's weights are worth at few labels"
        script:
            "../workflow/scripts/label_shares.py"

    rule figure_label_shares:
        input:
            "results/{corpus}/evaluation/label_shares.tsv",
        output:
            report(
                "results/{corpus}/figures/label_shares/{model}.svg",
                caption="../workflow/report/captions/label_shares.rst",
                category=SECTIONS["Few labels"],
                labels={"result": "shares of the labels", "kind": "figure", "model": "{model}"},
            ),
        log:
            "logs/{corpus}/figures/label_shares/{model}.log",
        benchmark:
            "results/{corpus}/benchmarks/figures/label_shares/{model}.tsv"
        group:
            report_group
        conda:
            ENVIRONMENT
        resources:
            mem_mb=memory(1000),
            runtime=minutes(10),
        params:
            cfg=lambda w: stage("figure_label_shares", labels=len(LABELS), colour=COLOURS[w.model]),
        message:
            "Figure: {wildcards.model} by share of the labels"
        script:
            "../workflow/scripts/figure_label_shares.py"


rule figure_gan_samples:
    input:
        # One fold and seed show what all do.
        lambda w: all_runs("gan/samples", "npz", [w.model])[0],
    output:
        report(
            "results/{corpus}/figures/gan_samples/{model}.png",
            caption="../workflow/report/captions/gan_samples.rst",
            category=SECTIONS["Few labels"],
            labels={"result": "images of the generator", "kind": "figure", "model": "{model}"},
        ),
    log:
        "logs/{corpus}/figures/gan_samples/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/gan_samples/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_gan_samples"),
    message:
        "Figure: images that the generator of {wildcards.model} makes"
    script:
        "../workflow/scripts/figure_gan_samples.py"
