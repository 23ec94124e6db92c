# The library on Python's path, and a look at the configuration files as they were written. No rules.
#
# Another workflow may use this one as a module (docs/module.md). `workflow.basedir` is that workflow's
# folder then, its configuration files are none of ours, and our paths may lie below a prefix.

import os
import sys
from pathlib import Path

if not isinstance(workflow.current_basedir, os.PathLike):
    sys.exit(
        f"SERflow: {workflow.current_basedir}: its rules import the library beside them, so they have "
        "to lie on a disk: clone the repository and give the module the path of its Snakefile "
        "(docs/module.md)"
    )

# Scripts import the library of this very checkout, here and on a cluster's nodes.
PROJECT = Path(workflow.current_basedir).parent
LIBRARY = PROJECT / "workflow"
sys.path.insert(0, str(LIBRARY))
os.environ.update(
    PYTHONPATH=os.pathsep.join([str(LIBRARY), *filter(None, [os.environ.get("PYTHONPATH")])])
)

from serflow import configuration_files
from serflow.errors import UserError

DEFAULT_CONFIGURATION = "config/config.yaml"
IS_MODULE = not workflow.modifier.is_main_snakefile()
PATHS = workflow.modifier.path_modifier


def placed(path):
    """Return where `path` lies, as it stands in an output: below the prefix of a module.

    Snakemake puts the prefix before inputs, outputs, logs and benchmarks by itself, and only there.
    """
    return PATHS.replace_prefix(path)


def check_files():
    """Refuse configuration files in words where Snakemake would say little, or nothing."""
    try:
        for path in workflow.configfiles or [DEFAULT_CONFIGURATION]:
            configuration_files.check(path)
    except UserError as error:
        sys.exit(f"SERflow: {error}")


if IS_MODULE:
    if not config:
        sys.exit(
            "SERflow: as a module it needs a whole configuration: say `config: config` in the "
            'module, or `config: config["…"]` with the key that holds it (docs/module.md)'
        )
# A job's configuration is what its run found good.
elif workflow.is_main_process:
    check_files()
