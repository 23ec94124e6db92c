"""The project's files that name packages agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def pins(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {normal(name): version for name, version in pairs}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, list[str]]:
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"base": table["dependencies"], **table["optional-dependencies"]}


def test_every_dependency_is_pinned(pins: dict[str, str], project: dict[str, list[str]]):
    wanted = [name for names in project.values() for name in names]
    assert [name for name in wanted if normal(name) not in pins] == []


def test_torch_is_pinned_exactly(pins: dict[str, str]):
    assert pins["torch"] == "2.13.0"


def test_the_conda_environment_has_the_same_pins(
    root: Path, pins: dict[str, str], project: dict[str, list[str]]
):
    text = (root / "workflow" / "envs" / "serflow.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)["dependencies"][-1]["pip"]
    wanted = [*project["base"], *project["demo"], *project["export"]]
    assert sorted(listed) == sorted(f"{name}=={pins[normal(name)]}" for name in wanted)


def test_every_dependency_has_its_reason(root: Path, project: dict[str, list[str]]):
    reasons = (root / "docs" / "decisions.md").read_text(encoding="utf-8")
    named = [name for part in ("base", "demo", "export") for name in project[part]]
    assert [name for name in named if not re.search(rf"\b{re.escape(name)}\b", reasons)] == []


def test_the_commands_of_the_readme_exist(root: Path):
    targets = set(
        re.findall(r"^(\w+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:^|`)make (\w+)", readme, re.MULTILINE)) <= targets
    for link in re.findall(r"\]\(((?!http)[^)#]+)\)", readme):
        assert (root / link).exists(), link
