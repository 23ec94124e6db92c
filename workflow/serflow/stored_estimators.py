"""`skops.io`, which stores scikit-learn's estimators without pickle, imported without torch.

When skops is imported it lists scikit-learn's estimators. For that scikit-learn imports every
package inside itself, and one of these, an adapter that no estimator of ours needs, imports torch:
half the life of a job that trains a support vector machine, and more memory than the training.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


@contextmanager
def absent(package: str) -> Iterator[None]:
    """Let ``import package`` fail inside the block as if the package were not installed.

    A package that is imported already costs nothing more and stays.
    """
    finder = _Finder(package)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Denies that there is a package."""

    # Not None in `sys.modules`, which would do as well: scipy looks there for torch and takes
    # whatever it finds for the package.
    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        """Raise for the package, and leave every other to the finders that follow."""
        if name == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


with absent("torch"):
    from skops import io as skops_io

__all__ = ["absent", "skops_io"]
