"""Folds: every clip tested once, no shared speakers, validation made of training speakers."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serflow.errors import UserError
from serflow.splitting.splits import assign, check_training, deal_speakers


def corpus(speakers=6, labels="abc", repetitions=2, genders=True):
    rows = []
    for speaker in range(speakers):
        for label in labels:
            for repetition in range(repetitions):
                row = {
                    "clip": f"s{speaker:02}/{label}{repetition}",
                    "label": label,
                    "speaker": f"s{speaker:02}",
                    "split": "test" if speaker < 2 else "train",
                }
                if genders:
                    row["gender"] = "female" if speaker % 2 else "male"
                rows.append(row)
    return rows


def roles(assigned):
    """Return {fold: {role: set of clips}}."""
    found = defaultdict(lambda: defaultdict(set))
    for row in assigned:
        found[row["fold"]][row["role"]].add(row["clip"])
    return found


def split_of(rows, protocol):
    return list(assign(rows, protocol))


@st.composite
def clip_tables(draw):
    """Corpora of 4 to 9 speakers with unequal numbers of clips, each with every label."""
    rows = []
    for speaker in range(draw(st.integers(4, 9))):
        gender = draw(st.sampled_from(["female", "male"]))
        for label in "ab":
            for repetition in range(draw(st.integers(1, 4))):
                rows.append(
                    {
                        "clip": f"{speaker}/{label}{repetition}",
                        "label": label,
                        "speaker": str(speaker),
                        "split": "",
                        "gender": gender,
                    }
                )
    return rows


@st.composite
def speaker_protocols(draw, rows):
    speakers = sorted({row["speaker"] for row in rows})
    kind = draw(st.sampled_from(["loso", "group-k-fold", "speakers"]))
    protocol = {
        "type": kind,
        "validation": draw(st.sampled_from([0, 0.1, 0.2, 0.34, 0.5])),
        "seed": draw(st.integers(0, 99)),
    }
    if kind == "group-k-fold":
        # Two folds of four speakers may be three and one, and one training speaker is refused.
        protocol["folds"] = draw(st.integers(3, len(speakers) - 1))
    if kind == "speakers":
        protocol["test_speakers"] = [speakers[0::4], speakers[1::4]]
    return protocol


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_speaker_protocols_share_no_speaker_and_test_each_clip_once(data):
    rows = data.draw(clip_tables())
    protocol = data.draw(speaker_protocols(rows))
    speaker = {row["clip"]: row["speaker"] for row in rows}
    assigned = split_of(rows, protocol)
    tested = Counter()
    for by_role in roles(assigned).values():
        assert sum(map(len, by_role.values())) == len(rows)
        voices = [{speaker[clip] for clip in clips} for clips in by_role.values()]
        assert sum(map(len, voices)) == len(set().union(*voices))
        assert {clip[-2] for clip in by_role["train"]} == {"a", "b"}
        assert by_role["test"]
        assert bool(by_role["validation"]) == (protocol["validation"] > 0)
        tested.update(by_role["test"])
    listed = {name for fold in protocol.get("test_speakers", []) for name in fold}
    wanted = {clip for clip in speaker if not listed or speaker[clip] in listed}
    assert tested == Counter(wanted)


@given(clip_tables(), st.integers(0, 99), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(rows, seed, shuffler):
    protocol = {"type": "group-k-fold", "folds": 3, "validation": 0.2, "seed": seed}
    shuffled = rows.copy()
    shuffler.shuffle(shuffled)
    assigned = split_of(rows, protocol)
    assert split_of(shuffled, protocol) == assigned
    assert assigned == sorted(assigned, key=lambda row: (row["fold"], row["clip"]))


@given(clip_tables(), st.integers(2, 4), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_random_folds_are_stratified(rows, folds, seed):
    protocol = {
        "type": "random",
        "folds": folds,
        "validation": 0.2,
        "seed": seed,
        "allow_speaker_overlap": True,
    }
    tested = Counter()
    per_label = defaultdict(list)
    for by_role in roles(split_of(rows, protocol)).values():
        tested.update(by_role["test"])
        for label in "ab":
            per_label[label].append(sum(clip[-2] == label for clip in by_role["test"]))
    assert tested == Counter(row["clip"] for row in rows)
    for counts in per_label.values():
        assert max(counts) - min(counts) <= 1


def test_a_given_split_is_kept():
    by_role = roles(split_of(corpus(), {"type": "given", "validation": 0.25}))
    assert list(by_role) == [0]
    assert {clip[:3] for clip in by_role[0]["test"]} == {"s00", "s01"}
    assert len({clip[:3] for clip in by_role[0]["validation"]}) == 1


def test_loso_tests_one_speaker_a_fold_in_order():
    by_role = roles(split_of(corpus(), {"type": "loso"}))
    assert [{clip[:3] for clip in by_role[fold]["test"]} for fold in range(6)] == [
        {f"s{speaker:02}"} for speaker in range(6)
    ]


def test_listed_folds_train_on_unlisted_speakers():
    protocol = {"type": "speakers", "test_speakers": [["s01"], ["s03", "s04"]]}
    by_role = roles(split_of(corpus(), protocol))
    assert {clip[:3] for clip in by_role[1]["test"]} == {"s03", "s04"}
    assert {clip[:3] for clip in by_role[1]["train"]} == {"s00", "s01", "s02", "s05"}


def test_groups_balance_genders_and_clips():
    home = deal_speakers(corpus(speakers=24), folds=6, seed=3)
    dealt = defaultdict(list)
    for speaker, fold in home.items():
        dealt[fold].append(int(speaker[1:]) % 2)
    assert {fold: sorted(genders) for fold, genders in dealt.items()} == {
        fold: [0, 0, 1, 1] for fold in range(6)
    }


def test_groups_put_a_large_speaker_by_itself():
    rows = corpus(speakers=5, genders=False)
    rows += [{**row, "clip": f"{row['clip']}+{n}"} for n in range(4) for row in rows[:6]]
    home = deal_speakers(rows, folds=2, seed=0)
    assert [speaker for speaker in home if home[speaker] == home["s00"]] == ["s00"]


def test_groups_depend_on_the_seed():
    rows = corpus(speakers=12)
    assert len({tuple(sorted(deal_speakers(rows, 4, seed).items())) for seed in range(5)}) > 1


def test_validation_speakers_are_balanced_by_gender():
    for by_role in roles(
        split_of(corpus(speakers=10), {"type": "loso", "validation": 0.45, "seed": 1})
    ).values():
        voices = sorted({int(clip[1:3]) % 2 for clip in by_role["validation"]})
        assert voices == [0, 1]
        # 0.45 of 9 speakers is 4.05: two of each gender
        assert Counter(int(s[1:]) % 2 for s in {c[:3] for c in by_role["validation"]}) == {
            0: 2,
            1: 2,
        }


def test_validation_keeps_a_label_that_one_speaker_has_in_training():
    rows = corpus(speakers=6)
    rows.append({**rows[-1], "clip": "s05/d0", "label": "d"})
    for seed in range(10):
        protocol = {
            "type": "speakers",
            "test_speakers": [["s00"]],
            "validation": 0.4,
            "seed": seed,
        }
        assert "s05/d0" in roles(split_of(rows, protocol))[0]["train"]


def test_without_speakers_validation_is_stratified_by_clip():
    rows = [{**row, "speaker": ""} for row in corpus()]
    protocol = {"type": "given", "validation": 0.25, "allow_speaker_overlap": True}
    held = roles(split_of(rows, protocol))[0]["validation"]
    # 8 training clips a label
    assert Counter(clip[-2] for clip in held) == {"a": 2, "b": 2, "c": 2}


def test_one_training_speaker_cannot_be_split():
    rows = corpus(speakers=2)
    with pytest.raises(UserError, match=r"protocol.validation.*one speaker only \(s01\)"):
        split_of(rows, {"type": "loso", "validation": 0.2})
    allowed = {"type": "loso", "validation": 0.2, "allow_speaker_overlap": True}
    assert len(roles(split_of(rows, allowed))[0]["validation"]) == 3


@pytest.mark.parametrize(
    ("protocol", "key"),
    [
        ({"type": "loso"}, "protocol.type"),
        ({"type": "speakers", "test_speakers": [["s00"], ["s05"]]}, "protocol.test_speakers"),
        ({"type": "group-k-fold", "folds": 6}, "protocol.folds"),
    ],
)
def test_a_label_without_training_clips_is_an_error(protocol, key):
    rows = corpus()
    rows.append({**rows[-1], "clip": "s05/d0", "label": "d"})
    for refuse in (split_of, check_training):
        with pytest.raises(UserError, match=f"{key}.*no training clip of label 'd' .the only one"):
            refuse(rows, protocol)


@given(st.data())
def test_what_no_fold_trains_on_is_known_beforehand(data):
    """In the same words as `assign` has, which is what a job would end with."""
    row = st.fixed_dictionaries(
        {
            "label": st.sampled_from("abcd"),
            "speaker": st.sampled_from("1234"),
            "split": st.sampled_from(["train", "test"]),
        }
    )
    rows = data.draw(st.lists(row, min_size=6, max_size=14))
    rows = [{**row, "clip": f"{place:02}"} for place, row in enumerate(rows)]
    protocol = data.draw(
        st.sampled_from(
            [
                {"type": "loso"},
                {"type": "group-k-fold", "folds": 2, "seed": 3},
                {"type": "given", "allow_speaker_overlap": True},
                {"type": "speakers", "test_speakers": [["1"], ["2", "3"]]},
                {"type": "random", "folds": 3, "allow_speaker_overlap": True},
            ]
        )
    )
    found = refusal(split_of, rows, protocol)
    # Another protocol's mistakes are `fold_count`'s to tell.
    if not found or "no training clip" in found:
        beforehand = refusal(check_training, rows, protocol)
        assert beforehand.partition(":")[0] == found.partition(":")[0]


def refusal(function, rows, protocol):
    """Return the words in which `function` refuses, nothing where it does not."""
    try:
        function(rows, protocol)
    except UserError as error:
        return str(error)
    return ""


def test_a_test_fold_may_lack_a_label():
    rows = [row for row in corpus() if not (row["speaker"] == "s02" and row["label"] == "a")]
    assert len(roles(split_of(rows, {"type": "loso"}))) == 6


def test_validation_that_takes_a_label_whole_is_an_error():
    # Each of two training speakers has a label of its own.
    rows = [
        {"clip": f"{speaker}{label}", "label": label, "speaker": speaker, "split": ""}
        for speaker, label in [("x", "a"), ("x", "b"), ("y", "a"), ("z", "b")]
    ]
    with pytest.raises(UserError, match=r"`protocol\.validation`: fold 0"):
        split_of(rows, {"type": "speakers", "test_speakers": [["x"]], "validation": 0.2})


def test_ten_thousand_clips_and_many_folds_are_quick():
    rows = [
        {"clip": f"c{n}", "label": str(n % 4), "speaker": str(n % 97), "split": ""}
        for n in random.Random(0).sample(range(10_000), 10_000)
    ]
    protocol = {"type": "group-k-fold", "folds": 5, "validation": 0.2}
    assert len(split_of(rows, protocol)) == 50_000
