# The library on Python's path, and a look at the configuration files as they were written. No rules.
#
# Another workflow may use this one as a module (docs/module.md). `workflow.basedir` is that workflow's
# folder then, its configuration files are none of ours, and our paths may lie below a prefix.

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


def checkout(basedir):
    """Return the folder that this file's folder lies in.

    Of a repository that a module names by `github(…)` Snakemake fetches single files, but scripts
    import the library: its commit is unpacked, once, where all nodes of a cluster find it.
    """
    if isinstance(basedir, os.PathLike):
        return Path(basedir).parent
    repository = basedir.hosted_repo.repo
    commit = repository.commit(basedir.ref).hexsha
    folder = Path(".snakemake", "serflow", f"code-{commit}").absolute()
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as part:
            archive, whole = Path(part, "code.zip"), Path(part, "code")
            repository.git.archive(commit, output=str(archive))
            # No tar: a safe way to unpack one came with Python 3.11.4.
            shutil.unpack_archive(archive, whole)
            # Another process may have been first.
            with suppress(OSError):
                whole.rename(folder)
    return folder


# Scripts import the library of this very checkout, here and on a cluster's nodes.
PROJECT = checkout(workflow.current_basedir)
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
