"""torchvision, made importable: ``from serflow.networks.vision import datasets, transforms``.

Its wheel from PyPI is built against the CUDA torch, so beside a CPU torch its C++ library does not
load and ``import torchvision`` fails for want of two operators that nobody here calls. The jobs do
without it, because it takes longer to import than a shard's images to read.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import torch

_declared: list[torch.library.Library] = []


def _declare_missing_operators() -> None:
    """Declare the operators that torchvision's Python code annotates, if its library fails."""
    if "torchvision" in sys.modules:
        return
    spec = importlib.util.find_spec("torchvision")
    folders = spec.submodule_search_locations if spec else None
    for library in sorted(Path((folders or [""])[0]).glob("_C.*")):
        try:
            torch.ops.load_library(library)  # type: ignore[no-untyped-call]
            return
        except OSError:
            continue
    namespace = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        schema = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
        namespace.define(schema)  # type: ignore[no-untyped-call]
    _declared.append(namespace)


_declare_missing_operators()

from torchvision import datasets, transforms  # noqa: E402
from torchvision.transforms import functional  # noqa: E402

__all__ = ["datasets", "functional", "transforms"]
