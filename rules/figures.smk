# Figures of the report.


rule figure_spectrograms:
    input:
        # A few clips are computed anew: the spectrograms of all shards would have to be there.
        MADE_MANIFEST,
        splits="results/{corpus}/splits.tsv",
    output:
        report(
            "results/{corpus}/figures/spectrograms.png",
            caption="../workflow/report/captions/spectrograms.rst",
            category=SECTIONS["Clips"],
            labels={"result": "mel spectrograms", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/spectrograms.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/spectrograms.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage(
            "figure_spectrograms",
            *SPECTROGRAM,
            clips=clips_of((*AUDIO, *IDENTITY)),
        ),
        rows=lambda w, input: rows_of(),
    message:
        "Figure: mel spectrograms"
    script:
        "../workflow/scripts/figure_spectrograms.py"


rule figure_images:
    input:
        images="results/{corpus}/images.tsv",
        splits="results/{corpus}/splits.tsv",
    output:
        report(
            "results/{corpus}/figures/images.png",
            caption="../workflow/report/captions/images.rst",
            category=SECTIONS["Clips"],
            labels={"result": "images", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/images.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/images.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_images", clips=clips_of(IDENTITY)),
        rows=lambda w, input: rows_of(),
    message:
        "Figure: spectrogram images"
    script:
        "../workflow/scripts/figure_images.py"


rule figure_ranking:
    input:
        "results/{corpus}/evaluation/models.tsv",
    output:
        report(
            "results/{corpus}/figures/ranking.svg",
            caption="../workflow/report/captions/ranking.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "ranking", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/ranking.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/ranking.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_ranking", colours=COLOURS),
    message:
        "Figure: ranking of the models"
    script:
        "../workflow/scripts/figure_ranking.py"


rule figure_calibration:
    input:
        models="results/{corpus}/evaluation/models.tsv",
        calibration="results/{corpus}/evaluation/calibration.tsv",
    output:
        report(
            "results/{corpus}/figures/calibration.svg",
            caption="../workflow/report/captions/calibration.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "calibration", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/calibration.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/calibration.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_calibration", colours=COLOURS),
    message:
        "Figure: calibration of the models"
    script:
        "../workflow/scripts/figure_calibration.py"


rule figure_critical_difference:
    input:
        ranks="results/{corpus}/evaluation/ranks.tsv",
        comparisons="results/{corpus}/evaluation/comparisons.tsv",
    output:
        report(
            "results/{corpus}/figures/critical_difference.svg",
            caption="../workflow/report/captions/critical_difference.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "mean ranks", "kind": "figure"},
        ),
    log:
        "logs/{corpus}/figures/critical_difference.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/critical_difference.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=stage("figure_critical_difference", "evaluation.confidence", colours=COLOURS),
    message:
        "Figure: mean ranks of the models"
    script:
        "../workflow/scripts/figure_critical_difference.py"


rule figure_confusion:
    input:
        "results/{corpus}/evaluation/confusion.tsv",
    output:
        report(
            "results/{corpus}/figures/confusion/{model}.svg",
            caption="../workflow/report/captions/confusion.rst",
            category=SECTIONS["Models"],
            subcategory="{model}",
            labels={"result": "confusion matrix", "kind": "figure", "model": "{model}"},
        ),
    log:
        "logs/{corpus}/figures/confusion/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/confusion/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=lambda w: stage(
            "figure_confusion",
            seeds=len(seeds_of(w.model)),
            colour=COLOURS[w.model],
        ),
    message:
        "Figure: confusion matrix of {wildcards.model}"
    script:
        "../workflow/scripts/figure_confusion.py"


rule figure_curves:
    input:
        curves=lambda w: all_runs("curves", "tsv", [w.model]),
        records=lambda w: all_runs("models", "json", [w.model]),
    output:
        report(
            "results/{corpus}/figures/curves/{model}.svg",
            caption="../workflow/report/captions/curves.rst",
            category=SECTIONS["Models"],
            subcategory="{model}",
            labels={"result": "learning curves", "kind": "figure", "model": "{model}"},
        ),
    log:
        "logs/{corpus}/figures/curves/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/curves/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=lambda w: stage(
            "figure_curves",
            labels=len(LABELS),
            colour=COLOURS[w.model],
            select=MODELS[w.model]["select"],
            **loss_of(w.model),
        ),
        runs=lambda w, input: runs([w.model]),
    message:
        "Figure: learning curves of {wildcards.model}"
    script:
        "../workflow/scripts/figure_curves.py"


rule figure_augmentation:
    input:
        "results/{corpus}/evaluation/comparisons.tsv",
    output:
        report(
            "results/{corpus}/figures/augmentation/{model}.svg",
            caption="../workflow/report/captions/augmentation.rst",
            category=SECTIONS["Comparison"],
            labels={"result": "augmentation", "kind": "figure", "model": "{model}"},
        ),
    log:
        "logs/{corpus}/figures/augmentation/{model}.log",
    benchmark:
        "results/{corpus}/benchmarks/figures/augmentation/{model}.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1000),
        runtime=minutes(10),
    params:
        cfg=lambda w: stage(
            "figure_augmentation",
            "evaluation.confidence",
            variants=augmentations_of(w.model),
            colours=COLOURS,
        ),
    message:
        "Figure: augmentation of {wildcards.model}"
    script:
        "../workflow/scripts/figure_augmentation.py"
