# Training: one job a model, fold and seed.
#
# Trainings under random folds (premium.smk) wait for the gate as well: what is wrong with the
# recordings stops them too, and that their own sides share speakers is meant.


rule train_svm:
    input:
        features=lambda w: expand(
            "results/{corpus}/features/{type}.npz",
            corpus=w.corpus,
            type=model_list.feature_types([TRAININGS[w.model]]),
        ),
        splits=lambda w: splits_of(w.model),
        gate="results/{corpus}/gate.txt",
    output:
        model="results/{corpus}/models/{model}/fold{fold}_seed{seed}.skops",
        record="results/{corpus}/models/{model}/fold{fold}_seed{seed}.json",
        predictions="results/{corpus}/predictions/{model}/fold{fold}_seed{seed}.tsv",
    log:
        "logs/{corpus}/models/{model}/fold{fold}_seed{seed}.log",
    benchmark:
        "results/{corpus}/benchmarks/models/{model}/fold{fold}_seed{seed}.tsv"
    wildcard_constraints:
        model=names_pattern(trainings(SVMS)),
    group:
        svm_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.1),
        runtime=minutes(training_seconds),
    params:
        cfg=lambda w: stage("train_svm", model=TRAININGS[w.model]),
        extraction=lambda w, input: extraction_of(w.model),
    message:
        "Training {wildcards.model}, fold {wildcards.fold}"
    script:
        "../workflow/scripts/train_svm.py"


rule train_network:
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
    log:
        "logs/{corpus}/models/{model}/fold{fold}_seed{seed}.log",
    benchmark:
        "results/{corpus}/benchmarks/models/{model}/fold{fold}_seed{seed}.tsv"
    wildcard_constraints:
        model=names_pattern(trainings([name for name in NETWORKS if name not in GANS])),
    group:
        network_group
    conda:
        ENVIRONMENT
    # One thread, so that the numbers do not depend on --cores; and several jobs of one thread finish
    # sooner than as many of two, one after the other (`make bench`, training).
    threads: 1
    resources:
        mem_mb=memory(network_mb, per_clip=0.002),
        runtime=minutes(training_seconds),
        gpu=GPU,
    params:
        cfg=lambda w: stage(
            "train_network",
            "device",
            model=TRAININGS[w.model],
            clips=clips_of((*IDENTITY, *target_columns(w.model))),
            **network_code(w.model),
        ),
        rows=lambda w, input: rows_of(),
        extraction=lambda w, input: extraction_of(w.model),
        # No output: Snakemake would delete it where a killed job has to go on.
        checkpoint=lambda w, input: placed(
            f"{RESULTS}/checkpoints/{w.model}/fold{w.fold}_seed{w.seed}.pt"
        ),
    message:
        "Training {wildcards.model}, fold {wildcards.fold}, seed {wildcards.seed}"
    script:
        "../workflow/scripts/train_network.py"
