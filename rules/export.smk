# Models made ready for use elsewhere: networks as ONNX, and a card beside each model.


# All networks of a model in one job, because importing torch takes longer than writing one of them.
rule export_networks:
    input:
        models=lambda w: all_runs("models", "safetensors", [w.model]),
        predictions=lambda w: all_runs("predictions", "tsv", [w.model]),
        arrays=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.npy"),
        clips=lambda w: all_shards(f"{network_arrays(w.model)}/{{shard}}.tsv"),
        recordings="results/{corpus}/recordings.tsv",
    output:
        # Every network has the same folds and seeds.
        networks=expand(
            "results/{{corpus}}/export/{{model}}/fold{fold}_seed{seed}.onnx",
            fold=range(FOLDS),
            seed=SETTINGS["seeds"],
        ),
        preprocessing="results/{corpus}/export/{model}/preprocessing.json",
        check="results/{corpus}/export/{model}/check.tsv",
    log:
        "logs/{corpus}/export/networks/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/export/networks/{model}.tsv"
    wildcard_constraints:
        model=names_pattern(NETWORKS),
    group:
        asking_group
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory(network_mb, per_clip=0.002),
        runtime=minutes(30),
    params:
        cfg=lambda w: stage(
            "export_networks",
            model=MODELS[w.model],
            licence=about.about(SETTINGS["corpus"]).licence,
            **network_code(w.model),
        ),
        rows=lambda w, input: rows_of(),
    message:
        "Exporting the networks of {wildcards.model}"
    script:
        "../workflow/scripts/export_networks.py"


rule model_card:
    input:
        **card_inputs(),
        # What an SVM is exported as is the model file itself.
        check=lambda w: exported(w.model, "check.tsv"),
        preprocessing=lambda w: exported(w.model, "preprocessing.json"),
        records=lambda w: all_runs("models", "json", [w.model]),
    output:
        ensure("results/{corpus}/export/{model}/README.md", non_empty=True),
    log:
        "logs/{corpus}/export/card/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/export/card/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.004),
        runtime=minutes(10),
    params:
        cfg=lambda w: stage("model_card", config=SETTINGS, models=MODELS),
    message:
        "Writing the card of {wildcards.model}"
    script:
        "../workflow/scripts/model_card.py"
