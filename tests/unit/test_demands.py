"""What jobs ask of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serflow import demands
from serflow.model_list import NETWORKS

SVM = {"family": "svm", "features": "sc", "C": 1, "kernel": "rbf", "inner_folds": 4}
NET = {"family": "cnn2d", "epochs": 40, "members": 1, "refit": False}
GAN = {
    "family": "gan_cnn2d",
    "epochs": 20,
    "members": 1,
    "refit": False,
    "gan_epochs": 40,
    "label_shares": [],
}


def test_each_attempt_asks_for_twice_as_much():
    assert [demands.memory_mb(500, 0, attempt) for attempt in (1, 2, 3)] == [900, 1800, 3600]
    # 3 minutes and ten times half a minute.
    assert [demands.runtime_minutes(30, attempt) for attempt in (1, 2, 3)] == [8, 16, 32]


def test_long_jobs_ask_for_less_of_a_margin():
    hours = [demands.runtime_minutes(60 * 60 * hours, 1) / 60 for hours in (0.5, 1, 10, 24)]
    # Ten times half an hour; then five hours and twice as long. Three minutes are for the start.
    assert hours == [pytest.approx(h + 0.05) for h in (5, 7, 25, 53)]


def test_the_evaluation_of_a_large_corpus_asks_for_minutes():
    # Ten models, 100,000 clips: 8 s were measured.
    assert 8 < demands.evaluation_seconds(1_000_000) < 80


def test_a_gpu_needs_main_memory_too():
    assert demands.network_mb(NET, gpu=True) == demands.network_mb(NET) + 3000


def test_a_prediction_takes_longer_with_more_sound_and_more_models():
    # Two minutes at 22050 Hz, four trainings: 2 to 7 s were measured.
    seconds = demands.asking_seconds(5_300_000, 4)
    assert 7 < seconds < 30
    assert demands.asking_seconds(10_600_000, 4) > seconds
    assert demands.asking_seconds(5_300_000, 120) > seconds


def test_a_large_corpus_asks_for_room_for_its_clip_table():
    # 0.002 MB a clip, for both of a job's Snakemake processes together.
    assert demands.memory_mb(500, 100_000, 1) == 500 + 400 + 200


@pytest.mark.parametrize(
    ("changed", "times"),
    # A changed copy stands in for its clip.
    [({"epochs": 80}, 2), ({"members": 5}, 5), ({"refit": True}, 2), ({"copies": 3}, 1)],
)
def test_a_networks_time_grows_with_what_it_goes_through(changed: dict[str, int], times: int):
    alone = demands.training_seconds(NET, 1000) - demands.START
    assert alone == pytest.approx(1000 * 40 * 0.0007)
    more = demands.training_seconds({**NET, **changed}, 1000) - demands.START
    assert more == pytest.approx(times * alone)


def test_an_svms_time_grows_with_the_square_of_the_clips():
    alone = demands.training_seconds(SVM, 1000) - demands.START
    assert demands.training_seconds(SVM, 10_000) - demands.START == pytest.approx(100 * alone)


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        # Each inner fold of k is fitted to (k - 1) / k of the clips, and once all of them are.
        ({}, 1 + 4 * 0.75**2),
        ({"inner_folds": 2}, 1 + 2 * 0.5**2),
        ({"inner_folds": 10}, 1 + 10 * 0.9**2),
        # Only what is chosen is fitted to all.
        ({"features": ["sc", "sbe"], "C": [1, 10, 100]}, 1 + 6 * 4 * 0.75**2),
        ({"kernel": ["rbf", "linear"], "inner_folds": 10}, 1 + 2 * 10 * 0.9**2),
    ],
)
def test_an_svm_is_fitted_to_each_inner_fold_with_each_alternative(
    changed: dict[str, Any], fits: float
):
    seconds = demands.training_seconds({**SVM, **changed}, 1000) - demands.START
    assert seconds == pytest.approx(fits * demands.SVM)


def test_a_gans_own_epochs_count():
    assert demands.training_seconds(GAN, 576) < 120  # 82 s were measured
    more = demands.training_seconds({**GAN, "gan_epochs": 80}, 1000)
    seconds = more - demands.training_seconds(GAN, 1000)
    assert seconds == pytest.approx(1000 * 40 * demands.GAN_EPOCH)


def test_each_share_of_the_labels_is_trained_from_both_starts():
    shared = {**GAN, "label_shares": [0.05, 0.1, 0.25, 0.5, 1]}
    seconds = demands.training_seconds(shared, 1000) - demands.training_seconds(GAN, 1000)
    assert seconds == pytest.approx(1000 * 20 * demands.EPOCH["gan_cnn2d"] * 5 * 2)


@pytest.mark.parametrize("family", NETWORKS)
def test_every_family_has_its_estimates(family: str):
    assert family in demands.EPOCH
    assert family in demands.NETWORK_MB


def test_a_family_that_nobody_has_measured_counts_as_ones_own():
    new, own = ({**NET, "family": family} for family in ("new", "custom"))
    assert demands.training_seconds(new, 100) == demands.training_seconds(own, 100)
    assert demands.network_mb(new) == demands.network_mb(own)


def test_short_jobs_go_together_and_long_ones_alone():
    names = [demands.group("svm", seconds) for seconds in (1, 4.9, 5, 19.9, 20, 1e6)]
    assert names == [*["svm_16"] * 2, *["svm_4"] * 2, None, None]


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 3))
def test_more_clips_never_ask_for_less(some: int, more: int, attempt: int):
    few, many = sorted((some, more))
    for asked in (
        lambda clips: demands.memory_mb(500, clips, attempt),
        lambda clips: demands.runtime_minutes(demands.extraction_seconds(clips), attempt),
        lambda clips: demands.runtime_minutes(demands.table_seconds(clips), attempt),
        lambda clips: demands.runtime_minutes(demands.training_seconds(NET, clips), attempt),
    ):
        assert asked(few) <= asked(many)


def test_the_profile_puts_as_many_together_as_the_names_say(root: Path):
    profile = yaml.safe_load((root / "profiles" / "slurm" / "config.yaml").read_text("utf-8"))
    components = dict(entry.split("=") for entry in profile["group-components"])
    assert components.pop("report") == "16"
    stages = ("checks", "extraction", "tables", "svm", "network")
    assert set(components) == {f"{s}_{n}" for s in stages for n in demands.TOGETHER}
    assert all(name.endswith(f"_{number}") for name, number in components.items())
