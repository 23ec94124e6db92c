# The library on Python's path, and a look at the configuration files as they were written. No rules.

import os
import sys
from pathlib import Path

# Scripts import the library of this very checkout, here and on a cluster's nodes.
LIBRARY = Path(workflow.basedir, "workflow")
sys.path.insert(0, str(LIBRARY))
os.environ.update(
    PYTHONPATH=os.pathsep.join([str(LIBRARY), *filter(None, [os.environ.get("PYTHONPATH")])])
)

from serflow import configuration_files
from serflow.errors import UserError

DEFAULT_CONFIGURATION = "config/config.yaml"


def check_files():
    """Refuse configuration files in words where Snakemake would say little, or nothing."""
    try:
        for path in workflow.configfiles or [DEFAULT_CONFIGURATION]:
            configuration_files.check(path)
    except UserError as error:
        sys.exit(f"SERflow: {error}")


# A job's configuration is what its run found good.
if workflow.is_main_process:
    check_files()
