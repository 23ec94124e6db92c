"""What Snakemake says of the number of shards before anything runs."""

from __future__ import annotations

import pytest
from project import Project


@pytest.mark.parametrize(
    ("shards", "said"),
    [("3", None), ("37", "`shards`: there are more shards (37) than clips (36)")],
)
def test_shards_that_suit_badly_are_told(shards: str, said: str | None, finished: Project) -> None:
    run = finished.snakemake("--list-rules", "--config", f"shards={shards}")
    assert run.code == 0, run.output
    assert "Corpus tiny: 36 clips" in run.output
    assert ("`shards`" in run.output) == (said is not None)
    assert (said or "") in run.output
