# Mel spectrograms of each clip, the handcrafted features of each shard, and one matrix a feature type.


rule spectrograms:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        kept_or_temporary("results/{corpus}/spectrograms/{shard}"),
    log:
        "logs/{corpus}/spectrograms/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/spectrograms/{shard}.tsv"
    # Before the images of the same clips, for which it leaves what the same transform gives.
    priority: 1
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage(
            "spectrograms",
            *SPECTROGRAM,
            "spectrogram.power",
            # What is handed over is named by the code that makes it.
            apart=("sound/handover.py", "sound/images.py"),
            clips=clips_of(AUDIO, w.shard),
        ),
        rows=lambda w, input: rows_of(w.shard),
        handover=lambda w, input: handed_over(w.shard),
    message:
        "Mel spectrograms of shard {wildcards.shard}"
    script:
        "../workflow/scripts/spectrograms.py"


rule band_features:
    input:
        spectrograms="results/{corpus}/spectrograms/{shard}",
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        ensure("results/{corpus}/features/shards/{shard}/bands.npz", non_empty=True),
    log:
        "logs/{corpus}/band_features/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/band_features/{shard}.tsv"
    # Before the next shard's spectrograms: those that are not kept then go at once.
    priority: 2
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.1),
        runtime=minutes(extraction_seconds),
    params:
        cfg=stage(
            "band_features",
            "features.bands",
            "features.frequency",
            "spectrogram.frames",
            "spectrogram.n_mels",
        ),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "SC, SBW and SBE of shard {wildcards.shard}"
    script:
        "../workflow/scripts/band_features.py"


rule cepstra:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        ensure("results/{corpus}/features/shards/{shard}/cepstra.npz", non_empty=True),
    log:
        "logs/{corpus}/cepstra/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/cepstra/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.1),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: stage(
            "cepstra",
            "spectrogram.hop_seconds",
            "spectrogram.frames",
            clips=clips_of(AUDIO, w.shard),
        ),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "MFCC of shard {wildcards.shard}"
    script:
        "../workflow/scripts/cepstra.py"


rule cepstral_statistics:
    input:
        "results/{corpus}/features/shards/{shard}/cepstra.npz",
    output:
        ensure("results/{corpus}/features/shards/{shard}/cepstral_statistics.npz", non_empty=True),
    log:
        "logs/{corpus}/cepstral_statistics/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/cepstral_statistics/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.1),
        runtime=minutes(extraction_seconds),
    params:
        cfg=stage("cepstral_statistics"),
    message:
        "Statistics of the MFCC of shard {wildcards.shard}"
    script:
        "../workflow/scripts/cepstral_statistics.py"


rule custom_features:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        ensure("results/{corpus}/features/shards/{shard}/custom/{type}.npz", non_empty=True),
    log:
        "logs/{corpus}/custom_features/{type}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/custom_features/{type}/{shard}.tsv"
    wildcard_constraints:
        type=names_pattern(SETTINGS["features"]["custom"]),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(2000),
        runtime=minutes(own_extraction_seconds),
    params:
        cfg=lambda w: stage(
            "custom_features",
            custom=SETTINGS["features"]["custom"][w.type],
            content=own_code(SETTINGS["features"]["custom"][w.type]["file"]),
            clips=clips_of(AUDIO, w.shard),
        ),
        rows=lambda w, input: rows_of(w.shard),
    message:
        "Features {wildcards.type} of shard {wildcards.shard}"
    script:
        "../workflow/scripts/custom_features.py"


rule feature_table:
    input:
        shards=lambda w: all_shards(
            f"results/{{corpus}}/features/shards/{{shard}}/{feature_types.shard_file(w.type)}"
        ),
        excluded="results/{corpus}/excluded.tsv",
        checked="results/{corpus}/checked.txt",
    output:
        ensure("results/{corpus}/features/{type}.npz", non_empty=True),
    log:
        "logs/{corpus}/feature_table/{type}.log",
    benchmark:
        "results/{corpus}/benchmarks/feature_table/{type}.tsv"
    group:
        table_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.05),
        runtime=minutes(table_seconds),
    params:
        cfg=lambda w: stage(
            "feature_table",
            *feature_keys(w.type),
            type=w.type,
            clips=clips_of(IDENTITY),
        ),
        rows=lambda w, input: rows_of(),
    message:
        "Gathering the features {wildcards.type}"
    script:
        "../workflow/scripts/feature_table.py"
