# SERflow: labelled WAV recordings in, a comparative report of emotion recognisers out.
#
#     snakemake --cores 8 report                                    the demonstration corpus
#     snakemake --cores 8 report --configfile config/ravdess.yaml   RAVDESS
#     snakemake -n report --config 'models={"svm_sc": {"C": 1}}'    what one changed key makes stale
#     snakemake --cores 1 predict --config recordings=my.wav        what a finished model says of one's own recording

from snakemake.utils import min_version

min_version("9.0")


include: "rules/common_library.smk"


# A file given by --configfile is a whole configuration, so the default one does not shine through.
if not IS_MODULE and not workflow.configfiles:

    configfile: DEFAULT_CONFIGURATION


include: "rules/common.smk"
include: "rules/common_params.smk"
include: "rules/common_models.smk"
include: "rules/common_shown.smk"
include: "rules/common_resources.smk"
include: "rules/common_report.smk"
include: "rules/common_export.smk"
include: "rules/common_predict.smk"


report: "workflow/report/captions/workflow.rst"


wildcard_constraints:
    corpus=CORPUS_PATTERN,
    shard="[0-9]+",
    model=MODEL_PATTERN,
    fold="[0-9]+",
    seed="[0-9]+",
    rate="[0-9]+|native",
    size="[0-9]+x[0-9]+",
    view=names_pattern(VIEWS),
    sound="[a-z_+]+",
    number="[0-9]+",
    request=re.escape(REQUEST),
    type=TYPE_PATTERN,


onstart:
    # Snakemake would tell it by a traceback of its own, for each job.
    refused = disk.refusal(WRITTEN)
    if refused:
        sys.exit(f"SERflow: {refused}")
    # Which executor it is, Snakemake does not know before.
    if not workflow.local_exec:
        whose = results_of(SETTINGS)
        os.environ[kept.variable(whose)] = str(kept.keep(TABLE, ".snakemake/serflow", whose))


# The first rule is the target of a plain `snakemake`.
rule report:
    input:
        expand(f"{RESULTS}/report/report.{{suffix}}", suffix=["html", "pdf"]),


rule corpus:
    input:
        lambda w: manifest(),


rule clips:
    input:
        f"{RESULTS}/clips.tsv",


rule features:
    input:
        f"{RESULTS}/clips.tsv",
        expand(f"{RESULTS}/features/{{type}}.npz", type=FEATURE_TYPES),


rule images:
    input:
        f"{RESULTS}/clips.tsv",
        f"{RESULTS}/images.tsv",


rule models:
    input:
        f"{RESULTS}/clips.tsv",
        all_runs("models", "json"),


rule evaluation:
    input:
        f"{RESULTS}/clips.tsv",
        [f"{RESULTS}/evaluation/random_premium.tsv"] if PREMIUM else [],
        [f"{RESULTS}/evaluation/regression.tsv"] if REGRESSIONS else [],
        [f"{RESULTS}/evaluation/label_shares.tsv"] if SHARED else [],
        [f"{RESULTS}/evaluation/models.tsv"] if CLASSIFIERS else [],
        [f"{RESULTS}/evaluation/conclusions.json"] if CLASSIFIERS else [],


rule figures:
    input:
        all_figures(),


rule export:
    input:
        f"{RESULTS}/clips.tsv",
        all_exports(),


rule predict:
    input:
        lambda w: prediction_files(),


rule dag:
    input:
        expand(f"{RESULTS}/dag/rulegraph.{{suffix}}", suffix=["svg", "png"]),


include: CORPUS_RULES
include: "rules/handover.smk"
include: "rules/clips.smk"
include: "rules/features.smk"
include: "rules/images.smk"
include: "rules/signals.smk"
include: "rules/views.smk"
include: "rules/copies.smk"
include: "rules/splits.smk"
include: "rules/models.smk"


if GANS:

    include: "rules/gan.smk"


include: "rules/evaluation.smk"


if PREMIUM:

    include: "rules/premium.smk"


if REGRESSIONS:

    include: "rules/regression.smk"


include: "rules/figures.smk"


if SETTINGS["report"]["clips"]:

    include: "rules/shown.smk"


if EXPLAINED or WEIGHED:

    include: "rules/explanations.smk"


include: "rules/report.smk"
include: "rules/export.smk"
include: "rules/predict.smk"
include: "rules/closing.smk"
