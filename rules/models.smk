# Training: one job a model, fold and seed.


rule train_svm:
    input:
        features=lambda w: expand(
            "results/{corpus}/features/{type}.npz",
            corpus=w.corpus,
            type=model_list.feature_types([MODELS[w.model]]),
        ),
        splits="results/{corpus}/splits.tsv",
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
        model=names_pattern(SVMS),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        cfg=lambda w: stage("train_svm", model=MODELS[w.model]),
    message:
        "Training {wildcards.model}, fold {wildcards.fold}"
    script:
        "../workflow/scripts/train_svm.py"


rule train_network:
    input:
        arrays=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.npy"),
        clips=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.tsv"),
        splits="results/{corpus}/splits.tsv",
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
        model=names_pattern(NETWORKS),
    conda:
        ENVIRONMENT
    # One thread, so that the numbers do not depend on --cores; and several jobs of one thread finish
    # sooner than as many of two, one after the other (`make bench`, training).
    threads: 1
    resources:
        mem_mb=3000,
        runtime=240,
    params:
        cfg=lambda w: stage(
            "train_network", "device", model=MODELS[w.model], clips=clips_of(IDENTITY)
        ),
        rows=lambda w, input: rows_of(),
    message:
        "Training {wildcards.model}, fold {wildcards.fold}, seed {wildcards.seed}"
    script:
        "../workflow/scripts/train_network.py"
