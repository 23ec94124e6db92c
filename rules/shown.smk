# Clips to look at and to listen to: one job for all of them, because starting one takes longer than a clip.


rule shown_clips:
    input:
        MADE_MANIFEST,
        splits="results/{corpus}/splits.tsv",
        images="results/{corpus}/images.tsv",
        predictions=all_runs("predictions", "tsv", CLASSIFIERS),
        models=[file for *_, file in first_fold(CLASSIFIERS)],
        features=[f"{RESULTS}/features/{kind}.npz" for kind in classifier_features()],
        arrays=[file for files in classifier_arrays().values() for of in files for file in of],
    output:
        clips=ensure("results/{corpus}/shown/clips.json", non_empty=True),
        files=report(
            directory("results/{corpus}/shown/files"),
            patterns=["{shown}.png"],
            caption="../workflow/report/captions/shown_clips.rst",
            category=SECTIONS["Clips"],
            labels={"result": "clip", "kind": "figure", "clip": "{shown}"},
        ),
    log:
        "logs/{corpus}/shown_clips.log",
    benchmark:
        "results/{corpus}/benchmarks/shown_clips.tsv"
    group:
        report_group
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory(1500, per_clip=predictions_mb(CLASSIFIERS)),
        runtime=minutes(30),
    params:
        cfg=stage(
            "shown_clips",
            *SPECTROGRAM,
            # An edit to a network trains it again, and that is what makes this stale.
            apart=EVERY_NETWORK,
            audio=audio_shown(),
            models=CLASSIFIERS,
            standing=STANDING,
            clips=clips_of((*AUDIO, *IDENTITY)),
        ),
        rows=lambda w, input: rows_of(),
        runs=lambda w, input: runs(CLASSIFIERS),
        kinds=lambda w, input: classifier_features(),
        arrays=lambda w, input: {
            folder: [list(map(placed, files)) for files in of]
            for folder, of in classifier_arrays().items()
        },
        heard=lambda w, input: [
            (model, stored_input(model), MODELS[model].get("file"))
            for model, *_ in first_fold(CLASSIFIERS)
        ],
    message:
        "Clips to look at and to listen to"
    script:
        "../workflow/scripts/shown_clips.py"
