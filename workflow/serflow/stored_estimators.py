"""`skops.io`, which stores scikit-learn's estimators without pickle, imported without torch.

When skops is imported it lists scikit-learn's estimators. For that scikit-learn imports every
package inside itself, and one of these, an adapter that no estimator of ours needs, imports torch:
half the life of a job that trains a support vector machine, and more memory than the training.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any


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

__all__ = ["absent", "dump", "skops_io"]

_SCHEMA = "schema.json"
# Addresses of the objects in the memory of the process that stored them.
_ADDRESSES = re.compile(r'(?<="__id__": )\d+|(?<="file": ")\d+')
# The earliest that a ZIP archive can tell.
_TIME = (1980, 1, 1, 0, 0, 0)


def dump(value: Any, path: str | Path) -> None:
    """Store `value` as `skops.io.dump` does, but the same value always as the same bytes.

    skops calls objects by where they lie in memory and notes the time. Here they are numbered in
    the order in which they occur.
    """
    skops_io.dump(value, path)
    with zipfile.ZipFile(path) as stored:
        schema = stored.read(_SCHEMA).decode("utf-8")
        arrays = {Path(name).stem: (name, stored.read(name)) for name in stored.namelist()}
    del arrays[Path(_SCHEMA).stem]
    numbers: dict[str, str] = {}
    for address in _ADDRESSES.findall(schema):
        numbers.setdefault(address, str(len(numbers)))
    with zipfile.ZipFile(path, "w") as again:
        for address in sorted(arrays, key=lambda address: int(numbers[address])):
            name, content = arrays[address]
            number = f"{numbers[address]}{Path(name).suffix}"
            again.writestr(zipfile.ZipInfo(number, _TIME), content)
        schema = _ADDRESSES.sub(lambda match: numbers[match.group()], schema)
        again.writestr(zipfile.ZipInfo(_SCHEMA, _TIME), schema)
