"""An entry for each model, and the graph of how the report was made."""

from __future__ import annotations

from typing import Any

import pytest
from small_report import MODELS, Assemble, of_kind, section_of

from serflow.report import html


def entries(assembled: dict[str, Any]) -> dict[str, dict[str, Any]]:
    [block] = [
        one for one in section_of(assembled, "each-model")["blocks"] if one["kind"] == "models"
    ]
    return {item["name"]: item for item in block["items"]}


def test_each_model_has_one_the_best_first(assemble: Assemble) -> None:
    found = entries(assemble())
    assert list(found) == ["cnn2d_time_shift", "cnn2d", "svm_sbe", "cnn1d", "svm_sc"]
    told = {fact["term"]: fact["text"] for fact in found["cnn1d"]["facts"]}
    assert told == {
        "UAR": "0.550 [0.450, 0.650]",
        "Recall by label": "0.500",
        "UAR by speaker": "0.300 (01) to 0.600 (04)",
        "Cost": "12\u202f345 parameters, 1.25 s to train a fold and seed, 0.500 ms a clip",
    }


@pytest.mark.parametrize("model", MODELS)
def test_its_figures_are_its_own(assemble: Assemble, model: str) -> None:
    assembled = assemble()
    name = {
        item["number"]: item["name"]
        for block in of_kind(assembled, "figures")
        for item in block["items"]
    }
    numbers = entries(assembled)[model]["figures"]
    kinds = {name[number].split("/")[0] for number in numbers}
    assert all(name[number].endswith(f"/{model}") for number in numbers)
    assert kinds >= ({"confusion"} if model.startswith("svm") else {"confusion", "curves"})


def test_settings_are_told_in_words(assemble: Assemble) -> None:
    svm = {"family": "svm", "features": "sc", "C": [1.0, 10.0], "kernel": "rbf"}
    network = {
        **MODELS["cnn2d"],
        "epochs": 40,
        "batch_size": 8,
        "optimizer": "adamw",
        "learning_rate": 0.003,
        "members": 5,
        "refit": True,
    }
    found = entries(assemble(models={**MODELS, "svm_sc": svm, "cnn2d": network}))
    assert found["svm_sc"]["what"] == (
        "SVM on sc; C\u00a01 or 10, chosen on the training speakers, kernel rbf"
    )
    assert found["cnn2d"]["what"] == (
        "2D\u00a0CNN on signal; 40 epochs, batches of 8, AdamW at 0.003, mean of 5 networks, the "
        "best epoch of the validation set kept, trained once more with the validation clips (refit)"
    )
    assert found["cnn2d_time_shift"]["what"].startswith(
        "2D\u00a0CNN on signal; augmented by time shift"
    )


def test_links_of_the_page_lead_to_the_figures(root: Any, assemble: Assemble) -> None:
    assembled = assemble()
    page = html.render(assembled, root / "workflow" / "report" / "report.html.j2")
    for number in entries(assembled)["cnn2d"]["figures"]:
        assert f'href="#figure-{number}"' in page
        assert f'id="figure-{number}"' in page


def test_the_graph_tells_how_many_jobs_there_were(assemble: Assemble) -> None:
    told, drawn = section_of(assemble(), "made")["blocks"]
    assert told["text"].startswith("SERflow made this report in 5 jobs of 2 rules.")
    assert "evaluate 1, train_svm 4" in drawn["items"][0]["alternative"]
