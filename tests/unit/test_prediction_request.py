"""What is asked of finished models, as the workflow knows it before any job."""

from __future__ import annotations

import os
import string
from pathlib import Path

import pytest

from serflow.errors import UserError
from serflow.files import write_json
from serflow.prediction import found, origin, request, unusable
from serflow.tables import write_tsv

SETTINGS = {"model": None, "same_speaker": False, "own_code": None, "audio": True}


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(path: str, text: str = "x") -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def test_what_is_given_is_a_list():
    assert request.given(None) == []
    assert request.given("a, b.wav") == ["a, b.wav"]
    assert request.given(["a.wav", "b.wav"]) == ["a.wav", "b.wav"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["my.wav"], "my"),
        (["takes/Grüße, mein Anruf (2).wav"], "Grue_mein_Anruf_2"),
        (["録音.wav"], "recordings"),
        (["takes/"], "takes"),
        (["../a b/*.wav"], "recordings"),
        (["x" * 300 + ".wav"], "x" * 40),
    ],
)
def test_a_request_has_a_name_that_any_file_system_takes(asked: list[str], words: str):
    name = request.name(asked, SETTINGS)
    assert set(name) <= set(string.ascii_letters + string.digits + "_-")
    start, _, digest = name.rpartition("-")
    assert (start, len(digest)) == (words, 8)


def test_the_same_request_has_the_same_name_and_another_another():
    one = request.name(["my.wav"], SETTINGS)
    assert request.name(["my.wav"], dict(reversed(SETTINGS.items()))) == one
    others = [
        request.name(["./my.wav"], SETTINGS),
        request.name(["my.wav", "b.wav"], SETTINGS),
        request.name(["my.wav"], {**SETTINGS, "model": "svm"}),
        request.name(["my.wav"], {**SETTINGS, "audio": False}),
    ]
    assert len({one, *others}) == 5


def test_recordings_that_are_not_there_are_told_by_name():
    put("a.wav")
    assert request.recordings(["a.wav"]) == ["a.wav"]
    gone = [f"{n}.wav" for n in range(7)]
    with pytest.raises(UserError, match=r"0\.wav, 1\.wav, .*, 4\.wav and 2 more cannot"):
        request.recordings(["a.wav", *gone])
    put("sheet.csv", "path\na.wav\nmissing.wav\n")
    with pytest.raises(UserError, match=r"`recordings`: missing\.wav cannot be found"):
        request.recordings(["sheet.csv"])
    with pytest.raises(UserError, match="`recordings` is not given; say which"):
        request.recordings([])


def test_models_are_found_by_name_and_never_trained():
    with pytest.raises(UserError, match=r"results/x: no model is there yet, and a prediction does"):
        request.model_files("results/x", None)
    file = put("results/x/models/svm/fold0_seed0.skops")
    put("results/x/models/svm.random/fold0_seed0.skops")
    put("results/x/models/unfinished/fold0_seed0.json")
    assert found.trained("results/x") == ["svm"]
    assert request.model_files("results/x", "svm") == [file]
    for name in ("svm.random", "unfinished", "../x", "cnn"):
        with pytest.raises(UserError, match="was given, but results/x/models has svm; name one"):
            request.model_files("results/x", name)
    with pytest.raises(UserError, match=r"models.tsv: is not there, so no model is known to be"):
        request.model_files("results/x", None)


def test_code_of_ones_own_that_is_not_there_is_told():
    with pytest.raises(UserError, match=r"`predict\.own_code`: own\.py is no file; give"):
        request.code_file("own.py")
    put("own.py")
    assert request.code_file("own.py") == "own.py"


def test_a_fingerprint_tells_name_size_and_time():
    path = put("a.wav")
    os.utime(path, ns=(1, 1))
    first = request.fingerprint([path])
    assert request.fingerprint([str(path)]) == first
    os.utime(path, ns=(2, 2))
    second = request.fingerprint([path])
    path.write_text("xx", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    third = request.fingerprint([path])
    os.rename("a.wav", "b.wav")
    assert len({first, second, third, request.fingerprint(["b.wav"])}) == 4


def test_a_model_file_from_elsewhere_tells_its_folder_alone():
    file = put("somewhere/fold0_seed0.skops")
    assert origin.of([file, file]) == {"model": "somewhere", "trainings": 2}


def test_a_run_tells_corpus_and_score():
    file = put("results/x/models/svm/fold0_seed0.skops")
    told = {
        "configuration": {"corpus": {"adapter": "demo"}, "evaluation": {"confidence": 0.9}},
        "corpus": {"name": "x", "clips": 9, "unusable": 1, "speakers": 2, "labels": ["a"]},
    }
    write_json("results/x/provenance.json", told)
    scores = {"model": "svm", "uar": 0.5, "uar_low": 0.25, "uar_high": None}
    counts = {"clips": 8, "speakers": 2, "folds": 2}
    write_tsv("results/x/evaluation/models.tsv", [{**scores, **counts}], [*scores, *counts])
    known = origin.of([file])
    # The clips that could be used.
    told_of_it = {"name": "x", "adapter": "demo", "clips": 8, "speakers": 2, "labels": ["a"]}
    assert known["corpus"] == told_of_it
    assert known["confidence"] == 0.9
    score = known["score"]
    assert (score["name"], score["value"], score["low"]) == ("UAR", 0.5, 0.25)
    # Not known: not a number, which is none of the numbers.
    assert score["high"] != score["high"]
    assert {key: score[key] for key in counts} == counts
    put("results/x/provenance.json", "{}")
    with pytest.raises(UserError, match=r"provenance\.json: cannot be read .*delete it"):
        origin.of([file])


def test_what_could_not_be_used_ends_the_run_in_words():
    rows = [{"recording": f"{n}.wav", "reason": "is empty; fetch it"} for n in range(7)]
    write_tsv("unusable.tsv", [], ["recording", "reason"])
    unusable.require_all("unusable.tsv", "page.html")
    write_tsv("unusable.tsv", rows, ["recording", "reason"])
    with pytest.raises(UserError) as told:
        unusable.require_all("unusable.tsv", "page.html")
    text = str(told.value)
    assert text.startswith("7 of the recordings could not be used; what is said of the others is")
    assert "page.html\n  - 0.wav: is empty; fetch it\n" in text
    assert text.endswith("  and 2 more in unusable.tsv")
