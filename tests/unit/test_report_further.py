"""The section on networks that the laboratory sheet does not ask for: its table and sentences."""

from __future__ import annotations

from typing import Any

import pytest
from small_report import MODELS, UAR, Assemble, cells, section_of

NETWORKS = ("crnn", "gru", "lstm", "m5", "m11")
MORE = (*NETWORKS, "m3", "m18")


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, name in enumerate(MORE):
        monkeypatch.setitem(UAR, name, 0.7 - place / 100)


def models(*networks: str, **svm: Any) -> dict[str, dict[str, Any]]:
    return {
        "svm_sc": MODELS["svm_sc"],
        "svm_sbe": {**MODELS["svm_sbe"], **svm},
        "cnn1d": MODELS["cnn1d"],
        **{
            name: {"family": name, "augmentation": "none", "variant_of": name, "select": "last"}
            for name in networks
        },
    }


def against(
    network: str,
    difference: float,
    p_holm: float,
    *,
    half: float = 0.03,
    kind: str = "all",
    reference: str = "svm_sbe",
) -> dict[str, Any]:
    """A conclusion on one network, as the evaluation leaves it at a confidence of 0.95."""
    low, high = difference - half, difference + half
    firm = (low > 0 or high < 0) and p_holm < 0.05
    numbers = {"difference": difference, "low": low, "high": high, "p_holm": p_holm}
    return {
        "id": f"network:{network}:{kind}",
        "text": f"{network} in a sentence of its own.",
        "evidence": {"model": network, "reference": reference, "firm": firm, **numbers},
    }


SAID = [
    against("crnn", 0.08, 0.01),
    against("gru", 0.05, 0.2),
    against("lstm", -0.02, 1.0),
    against("m5", -0.04, 0.06),
    against("m11", -0.09, 0.0004),
]


def items(section: dict[str, Any]) -> list[str]:
    return [
        item for block in section["blocks"] if block["kind"] == "list" for item in block["items"]
    ]


@pytest.mark.usefixtures("scores")
def test_one_table_has_what_each_network_reaches(assemble: Assemble) -> None:
    # Against the best spectral one as well, where another kind of features is better.
    spectral = against("m5", 0.1, 0.3, kind="spectral", reference="svm_sc")
    said = [*SAID, spectral]
    shown = section_of(assemble(models=models(*NETWORKS), conclusions=said), "further-networks")
    [table] = [block for block in shown["blocks"] if block["kind"] == "table"]
    titles = [column["title"] for column in table["columns"]]
    interval = "95\u202f% interval"
    assert titles == [
        *("Network", "Input", "UAR", interval),
        *("Difference to svm_sc", interval, "Told apart"),
        *("Difference to svm_sbe", interval, "Told apart"),
        *("Parameters", "Train (s)"),
    ]
    empty, size = ["", "", ""], ["12\u202f345", "1.25"]
    told = [
        ["+0.080", "[+0.050, +0.110]", "yes, p\u00a0=\u00a00.010"],
        ["+0.050", "[+0.020, +0.080]", "seems, p\u00a0=\u00a00.200"],
        ["−0.020", "[−0.050, +0.010]", "no, p\u00a0=\u00a01.000"],
        ["−0.040", "[−0.070, −0.010]", "seems, p\u00a0=\u00a00.060"],
        ["−0.090", "[−0.120, −0.060]", "yes, p\u00a0<\u00a00.001"],
    ]
    told_m5 = ["+0.100", "[+0.070, +0.130]", "seems, p\u00a0=\u00a00.300"]
    assert cells(table) == [
        ["crnn", "signal", "0.700", "[0.600, 0.800]", *empty, *told[0], *size],
        ["gru", "signal", "0.690", "[0.590, 0.790]", *empty, *told[1], *size],
        ["lstm", "signal", "0.680", "[0.580, 0.780]", *empty, *told[2], *size],
        ["m5", "signal", "0.670", "[0.570, 0.770]", *told_m5, *told[3], *size],
        ["m11", "signal", "0.660", "[0.560, 0.760]", *empty, *told[4], *size],
        ["chance", "–", "0.500", "", *empty, *empty, "–", "–"],
        ["majority", "–", "0.500", "", *empty, *empty, "–", "–"],
    ]
    firm = [[item["strong"] for item in row[7:10]] for row in table["rows"]]
    assert firm == [[one, False, one] for one in (True, False, False, False, True, False, False)]
    assert all(item["muted"] for row in table["rows"][-2:] for item in row)
    assert table["caption"].endswith("Over 16 test clips, 4 speakers, 2 folds and 2 seeds.")


@pytest.mark.usefixtures("scores")
def test_few_sentences_say_how_many_do_what(assemble: Assemble) -> None:
    shown = section_of(assemble(models=models(*NETWORKS), conclusions=SAID), "further-networks")
    # Pairs of eight models: 28.
    assert items(shown) == [
        "The best SVM on handcrafted features of any kind is svm_sbe (UAR 0.600 [0.500, 0.700]): "
        "of 5 further networks, 1 surpasses it (crnn), 1 seems to surpass it (gru), 1 falls short "
        "(m11), 1 seems to fall short (m5) and of 1 it cannot be told (lstm).",
        "What only seems so is not confirmed by the test corrected for 28 comparisons.",
    ]


@pytest.mark.usefixtures("scores")
def test_many_are_counted_and_not_named(assemble: Assemble) -> None:
    said = [against(name, -0.05, 0.01 if name == "m5" else 0.3) for name in MORE]
    said[0] = against("crnn", -0.02, 1.0)
    shown = section_of(assemble(models=models(*MORE), conclusions=said), "further-networks")
    assert items(shown)[0].endswith(
        ": of 7 further networks, none is seen to surpass it, 1 falls short (m5), 5 seem to fall "
        "short and of 1 it cannot be told (crnn)."
    )


@pytest.mark.usefixtures("scores")
def test_where_nothing_is_told_apart_one_sentence_says_so(assemble: Assemble) -> None:
    said = [against(name, -0.02, 1.0) for name in NETWORKS]
    shown = section_of(
        assemble(models=models(*NETWORKS, scaling="speaker"), conclusions=said), "further-networks"
    )
    assert items(shown) == [
        "The best SVM on handcrafted features of any kind is svm_sbe (UAR 0.600 [0.500, 0.700]): "
        "of 5 further networks, none can be told from it.",
        "svm_sbe standardises the input within each speaker, and so uses several clips of the "
        "test speaker, without their labels.",
    ]


@pytest.mark.usefixtures("scores")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        (against("crnn", 0.08, 0.01), "crnn surpasses it"),
        (against("crnn", -0.08, 0.01), "crnn falls short"),
        (against("crnn", -0.05, 0.2), "crnn seems to fall short"),
        (against("crnn", -0.02, 1.0), "whether crnn reaches it cannot be told"),
    ],
    ids=["above", "below", "seems below", "open"],
)
def test_a_single_network_is_named(assemble: Assemble, said: dict[str, Any], words: str) -> None:
    shown = section_of(assemble(models=models("crnn"), conclusions=[said]), "further-networks")
    sentence = items(shown)[0]
    assert sentence.endswith(f"): {words}.")


@pytest.mark.usefixtures("scores")
def test_without_an_svm_there_is_nothing_to_compare_with(assemble: Assemble) -> None:
    alone = {name: own for name, own in models("crnn").items() if own["family"] != "svm"}
    shown = section_of(assemble(models=alone, conclusions=[]), "further-networks")
    assert items(shown) == []
    [table] = [block for block in shown["blocks"] if block["kind"] == "table"]
    titles = [column["title"] for column in table["columns"]]
    assert titles == ["Network", "Input", "UAR", "95\u202f% interval", "Parameters", "Train (s)"]
    assert "Told apart" not in table["caption"]
