"""Fingerprints of the library code that a script uses."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest

from serflow.codeprint import LIBRARY, codeprint, modules

FILES = {
    "__init__.py": '"""The package."""\n__version__ = "1"\n',
    "errors.py": "class Wrong(Exception):\n    pass\n",
    "used.py": "from lib.errors import Wrong\nfrom lib.deep import inner\n",
    "unused.py": "x = 1\n",
    "deep/__init__.py": "",
    "deep/inner.py": "from ..late import value\nfrom . import sibling\n",
    "deep/sibling.py": "import lib.circle\n",
    "circle.py": "import lib.used\n",
    "late.py": '"""Doc."""\n\n\ndef value():\n    """Doc."""\n    return 1\n',
}
SCRIPT = "import os\n\n\ndef main():\n    from lib import used\n"
_numbers = count()


@pytest.fixture
def made(tmp_path: Path):
    """Return a function that writes the package anew, with some files changed."""

    def make(script: str = SCRIPT, changed: dict[str, str] | None = None) -> tuple[Path, Path]:
        # Files are read once a process, so each version has a folder of its own.
        library = tmp_path / str(next(_numbers)) / "lib"
        for name, text in {**FILES, **(changed or {})}.items():
            (library / name).parent.mkdir(parents=True, exist_ok=True)
            (library / name).write_text(text)
        (library.parent / "script.py").write_text(script)
        return library.parent / "script.py", library

    return make


def test_modules_are_followed_through_others_and_round_a_circle(made):
    script, library = made()
    assert {path.relative_to(library).as_posix() for path in modules(script, library)} == {
        "__init__.py",
        "used.py",
        "errors.py",
        "deep/__init__.py",
        "deep/inner.py",
        "deep/sibling.py",
        "circle.py",
        "late.py",
    }


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("import numpy\n", set()),
        ("import library_of_others, libx\n", set()),
        ("import lib\n", {"__init__.py"}),
        ("import lib.unused as u\n", {"__init__.py", "unused.py"}),
        ("from lib import unused\n", {"__init__.py", "unused.py"}),
        ("from lib.unused import x\n", {"__init__.py", "unused.py"}),
        ("from lib.errors import Wrong\n", {"__init__.py", "errors.py"}),
        *(
            (text, {"__init__.py", "unused.py"})
            for text in (
                "if x:\n    pass\nelse:\n    import lib.unused\n",
                "for x in y:\n    pass\nelse:\n    import lib.unused\n",
                "while x:\n    import lib.unused\n",
                "with x:\n    import lib.unused\n",
                "try:\n    import lib.unused\nfinally:\n    pass\n",
                "try:\n    pass\nexcept ValueError:\n    import lib.unused\n",
                "try:\n    pass\nexcept* ValueError:\n    import lib.unused\n",
                "try:\n    pass\nfinally:\n    import lib.unused\n",
                "match x:\n    case 1:\n        import lib.unused\n",
                "class A:\n    def a(self):\n        import lib.unused\n",
                "async def a():\n    import lib.unused\n",
                "x = lambda: 1\ny = 1 if x else 2\nimport lib.unused\n",
            )
        ),
    ],
)
def test_every_way_to_import(made, script: str, found: set[str]):
    path, library = made(script)
    assert {file.relative_to(library).as_posix() for file in modules(path, library)} == found


def test_the_same_code_elsewhere_has_the_same_print(made):
    one, two = codeprint(*made()), codeprint(*made())
    assert one == two
    assert re.fullmatch("[0-9a-f]{12}", one)


@pytest.mark.parametrize(
    "changed",
    [
        {"late.py": '"""Other words."""\n# why\ndef value():\n    """More."""\n\n    return (1)\n'},
        {"late.py": "def value(): return 1\n"},
        {"unused.py": "x = 2\n"},
        {"new.py": "y = 3\n"},
    ],
    ids=["words", "layout", "another module", "a new module"],
)
def test_what_costs_no_rerun(made, changed: dict[str, str]):
    assert codeprint(*made(changed=changed)) == codeprint(*made())


@pytest.mark.parametrize(
    "changed",
    [
        {"late.py": "def value():\n    return 2\n"},
        {"late.py": "def value():\n    x = 'text'\n    return 1\n"},
        {"errors.py": "class Wrong(Exception):\n    code = 1\n"},
        {"deep/__init__.py": "z = 1\n"},
        {"circle.py": "import lib.used\nimport lib.unused\n"},
    ],
    ids=["a number", "a string that is no docstring", "far away", "a package", "a new import"],
)
def test_what_does(made, changed: dict[str, str]):
    assert codeprint(*made(changed=changed)) != codeprint(*made())


def test_the_script_itself_is_left_to_snakemake(made):
    assert codeprint(*made(SCRIPT + "    print(1)\n")) == codeprint(*made())


def test_the_scripts_of_the_workflow_use_the_library(root: Path):
    scripts = sorted((root / "workflow" / "scripts").glob("*.py"))
    assert scripts
    for script in scripts:
        assert LIBRARY / "process.py" in modules(script)
    used = {path.name for path in modules(root / "workflow" / "scripts" / "train_svm.py")}
    assert {"svm.py", "errors.py", "features.py"} <= used
    assert not {"training.py", "networks.py"} & used


def test_modules_apart_do_not_count_nor_what_only_they_import(made):
    script, library = made()
    assert {
        path.relative_to(library).as_posix() for path in modules(script, library, ["deep/inner.py"])
    } == {"__init__.py", "used.py", "errors.py", "deep/__init__.py"}
    whole, before = codeprint(script, library), codeprint(script, library, ["deep/inner.py"])
    for name, counts in (("deep/inner.py", False), ("late.py", False), ("errors.py", True)):
        changed, other = made(changed={name: FILES[name] + "\nADDED = 1\n"})
        assert codeprint(changed, other) != whole
        assert (codeprint(changed, other, ["deep/inner.py"]) != before) is counts
