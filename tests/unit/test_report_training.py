"""What the report says of splits, validation, refit and inputs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from small_report import LABELS, MODELS, SPEAKERS, Assemble, cells, section_of


def splits(validation: Callable[[str, str], bool]) -> list[dict[str, str]]:
    """Two folds of the small corpus; `validation` takes fold and clip."""
    rows = []
    for fold in ("0", "1"):
        for speaker in SPEAKERS:
            for place in range(len(LABELS)):
                for turn in (0, 1):
                    clip = f"{speaker}/{place}{turn}"
                    tested = (speaker < "03") == (fold == "0")
                    role = "test" if tested else "validation" if validation(fold, clip) else "train"
                    rows.append({"clip": clip, "fold": fold, "role": role})
    return rows


def by_speaker(fold: str, clip: str) -> bool:
    return clip[:2] in ("02", "04")


def by_clip(fold: str, clip: str) -> bool:
    return clip.endswith("1")


def validation_told(assembled: dict[str, Any]) -> str:
    [told] = [
        item["text"] for item in assembled["facts"][1]["items"] if item["term"] == "Validation"
    ]
    assert f"Validation: {told}." in section_of(assembled, "separation")["blocks"][0]["text"]
    return str(told)


class TestTraining:
    SPEAKERS_TOLD = "25\u202f% of the training speakers in each fold"
    CLIPS_TOLD = "25\u202f% of each label's training clips, whoever speaks"

    def test_validation_by_speakers(self, assemble: Assemble) -> None:
        assert validation_told(assemble(splits=splits(by_speaker))) == self.SPEAKERS_TOLD

    def test_validation_by_clips_of_training_speakers(self, assemble: Assemble) -> None:
        assert (
            validation_told(assemble(splits=splits(by_clip))) == f"{self.CLIPS_TOLD}, in each fold"
        )

    def test_validation_with_unknown_speakers_is_by_clips(self, assemble: Assemble) -> None:
        clips = [
            {"clip": row["clip"], "label": LABELS[int(row["clip"][3])], "speaker": ""}
            for row in splits(by_speaker)[:16]
        ]
        assembled = assemble(splits=splits(by_speaker), clips=clips)
        assert validation_told(assembled) == f"{self.CLIPS_TOLD}, in each fold"

    def test_validation_of_unknown_speakers_alone_is_by_clips(self, assemble: Assemble) -> None:
        clips = [
            {
                "clip": row["clip"],
                "label": LABELS[int(row["clip"][3])],
                "speaker": "" if by_speaker("0", row["clip"]) else row["clip"][:2],
            }
            for row in splits(by_speaker)[:16]
        ]
        told = validation_told(assemble(splits=splits(by_speaker), clips=clips))
        assert told == f"{self.CLIPS_TOLD}, in each fold"

    def test_validation_by_speakers_in_one_fold_only(self, assemble: Assemble) -> None:
        mixed = splits(lambda fold, clip: (by_clip if fold == "1" else by_speaker)(fold, clip))
        told = validation_told(assemble(splits=mixed))
        assert told == f"{self.SPEAKERS_TOLD}; in 1 of 2 folds {self.CLIPS_TOLD}"

    def test_no_validation(self, assemble: Assemble) -> None:
        assert validation_told(assemble()) == "none"

    def captions(self, assembled: dict[str, Any], name: str) -> str:
        return " ".join(
            item["caption"]
            for block in section_of(assembled, name)["blocks"]
            if block["kind"] == "figures"
            for item in block["items"]
            if item["caption"].startswith("Learning")
        )

    def test_refit_is_told_with_curves_and_scores(self, assemble: Assemble) -> None:
        models = {
            name: {**own, "refit": True} if own["family"] != "svm" else own
            for name, own in MODELS.items()
        }
        assembled = assemble(models=models, splits=splits(by_speaker))
        last = self.captions(assembled, "cnn1d-curves")
        assert "curves are of the first network, trained without the validation clips" in last
        assert "together for as many epochs (refit)" in last
        assert "Dots" not in last
        for name in ("cnn2d-curves", "variants"):
            best = self.captions(assembled, name)
            assert "Dots: the epoch that the validation set chose." in best
            assert "together up to the epoch of the dot (refit)" in best
            assert "weights were kept" not in best
        for name in ("cnn1d-results", "cnn2d-results", "separation"):
            assert "the scores are of a second one" in json.dumps(section_of(assembled, name))
        assert "the time of both trainings" in json.dumps(section_of(assembled, "cost"))

    def test_without_refit_the_dots_are_the_weights_kept(self, assemble: Assemble) -> None:
        assembled = assemble(splits=splits(by_speaker))
        assert "Dots: the epoch whose weights were kept" in self.captions(assembled, "cnn2d-curves")
        assert "second one" not in json.dumps(assembled)

    def test_refit_without_validation_clips_is_no_second_training(self, assemble: Assemble) -> None:
        models = {"cnn1d": {**MODELS["cnn1d"], "refit": True}}
        assert "second one" not in json.dumps(assemble(models=models, conclusions=[])["sections"])

    def test_scaling_by_speaker_is_named(self, assemble: Assemble) -> None:
        models = {**MODELS, "svm_sbe": {**MODELS["svm_sbe"], "scaling": "speaker"}}
        assembled = assemble(models=models)
        for block in (assembled["summary"][0], section_of(assembled, "features")["blocks"][2]):
            given = {row[0]: row[2] for row in cells(block)}
            assert given["svm_sbe"] == "sbe, standardised per speaker"
            assert given["svm_sc"] == "sc"
        told = [
            block["text"]
            for block in section_of(assembled, "features")["blocks"]
            if block["kind"] == "paragraph"
        ]
        assert "model svm_sbe (standardised per speaker, accuracy 0.610" in told[0]
        assert told[1].startswith("Standardised per speaker: svm_sbe.")
        assert "standardised per speaker" not in json.dumps(assemble()).lower()

    def test_many_alternatives_are_shortened(self, assemble: Assemble) -> None:
        types = [f"mfcc{number}" for number in range(10, 21)]
        models = {**MODELS, "svm_sc": {**MODELS["svm_sc"], "features": types}}
        given = {row[0]: row[2] for row in cells(assemble(models=models)["summary"][0])}
        assert given["svm_sc"] == "one of 11: mfcc10 … mfcc20"
        models["svm_sc"] = {**MODELS["svm_sc"], "features": ["sc", "sc+sbw"]}
        given = {row[0]: row[2] for row in cells(assemble(models=models)["summary"][0])}
        assert given["svm_sc"] == "sc | sc+sbw"
