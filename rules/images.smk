# PNG images of the spectrograms in a tree that torchvision's ImageFolder opens, and the small arrays
# that networks read: decoded and resized once.


rule image_shard:
    input:
        MADE_MANIFEST,
        recordings="results/{corpus}/recordings/{shard}.tsv",
    output:
        # One folder a label, so that what is gone from a shard is gone from the tree.
        [
            directory(f"results/{{corpus}}/images/{label_folder(label)}/{{shard}}")
            for label in LABELS
        ],
    log:
        "logs/{corpus}/images/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/images/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=lambda w: image_settings(w.shard),
        rows=lambda w, input: rows_of(w.shard),
        handover=lambda w, input: image_handover(w.shard),
    message:
        "Spectrogram images of shard {wildcards.shard}"
    script:
        "../workflow/scripts/image_shard.py"


rule image_table:
    input:
        folders=[
            folder
            for label in LABELS
            for folder in all_shards(f"results/{{corpus}}/images/{label_folder(label)}/{{shard}}")
        ],
        excluded="results/{corpus}/excluded.tsv",
        checked="results/{corpus}/checked.txt",
    output:
        ensure("results/{corpus}/images.tsv", non_empty=True),
    log:
        "logs/{corpus}/image_table.log",
    benchmark:
        "results/{corpus}/benchmarks/image_table.tsv"
    group:
        table_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500, per_clip=0.002),
        runtime=minutes(table_seconds),
    params:
        cfg=stage("image_table", "shards", clips=clips_of(IDENTITY)),
        rows=lambda w, input: rows_of(),
    message:
        "Listing the images"
    script:
        "../workflow/scripts/image_table.py"


rule pixels:
    input:
        [f"results/{{corpus}}/images/{label_folder(label)}/{{shard}}" for label in LABELS],
    output:
        array=ensure("results/{corpus}/pixels/{size}/{shard}.npy", non_empty=True),
        clips=ensure("results/{corpus}/pixels/{size}/{shard}.tsv", non_empty=True),
    log:
        "logs/{corpus}/pixels/{size}/{shard}.log",
    benchmark:
        "results/{corpus}/benchmarks/pixels/{size}/{shard}.tsv"
    group:
        extraction_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(500),
        runtime=minutes(extraction_seconds),
    params:
        cfg=stage("pixels"),
    message:
        "Resizing the images of shard {wildcards.shard} to {wildcards.size}"
    script:
        "../workflow/scripts/pixels.py"
