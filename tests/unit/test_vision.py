"""torchvision beside a CPU torch."""

from __future__ import annotations

import subprocess
import sys


def test_import_works_in_a_fresh_process_before_or_after_torch() -> None:
    code = (
        "from serflow.networks.vision import transforms; import torchvision, torch;"
        "assert hasattr(torch.ops.torchvision, 'nms'); import importlib, serflow.networks.vision;"
        "importlib.reload(serflow.networks.vision)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
