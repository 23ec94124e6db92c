"""Unpacking ZIP archives: ordinary, damaged and hostile ones."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serflow.corpora import archive
from serflow.corpora.archive import unpack
from serflow.errors import UserError

GOOD = {"Actor_01/a.wav": b"first", "Actor_02/b.wav": b"second", "README.txt": b"read me"}


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            moment = (2018, 4, 5, 12, 30, 20)
            made.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return pack(tmp_path / "good.zip", GOOD)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out" / "corpus"


def refused(zip_path: Path, folder: Path, **limits: float) -> str:
    """Unpack in vain; return the message after checking that nothing was left."""
    with pytest.raises(UserError) as caught:
        unpack(zip_path, folder, **limits)
    assert not folder.exists()
    assert not folder.parent.exists() or list(folder.parent.iterdir()) == []
    return str(caught.value)


def test_everything_is_unpacked(good, folder):
    assert unpack(good, folder) == sorted(folder / name for name in GOOD)
    assert tree(folder) == GOOD
    assert list(folder.parent.iterdir()) == [folder]


def test_files_carry_the_archives_dates(good, folder):
    unpack(good, folder)
    assert (folder / "README.txt").stat().st_mtime == 1_522_931_420  # 2018-04-05 12:30:20 UTC


def test_only_what_is_wanted(good, folder):
    found = unpack(good, folder, wanted=lambda name: name.endswith(".wav"))
    assert found == [folder / "Actor_01/a.wav", folder / "Actor_02/b.wav"]
    assert not (folder / "README.txt").exists()


def test_nothing_wanted_is_an_error(good, folder):
    with pytest.raises(UserError, match=r"good\.zip: none of its 3 files is wanted"):
        unpack(good, folder, wanted=lambda name: False)
    assert not folder.exists()


def test_folders_in_the_archive_are_no_files(tmp_path, folder):
    path = pack(tmp_path / "x.zip", {"./": b"", "a/": b"", "./a/x.wav": b"x"})
    assert unpack(path, folder) == [folder / "a/x.wav"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.wav", "leads out of the folder"),
        ("a/../../evil.wav", "leads out of the folder"),
        ("a/..", "leads out of the folder"),
        ("/tmp/evil.wav", "has an absolute path"),
        ("//host/share/evil.wav", "has an absolute path"),
        ("C:/evil.wav", "has an absolute path"),
        ("c:evil.wav", "has an absolute path"),
        ("..\\evil.wav", "backslash"),
    ],
)
def test_paths_that_leave_the_folder_are_refused(tmp_path, folder, name, reason):
    message = refused(pack(tmp_path / "x.zip", GOOD | {name: b"evil"}), folder)
    assert repr(name) in message
    assert reason in message
    assert "nothing was unpacked" in message
    assert not list(tmp_path.rglob("evil*"))


def test_a_hostile_member_that_is_not_wanted_counts(tmp_path, folder):
    path = pack(tmp_path / "x.zip", GOOD | {"../evil.wav": b"evil"})
    with pytest.raises(UserError, match="evil"):
        unpack(path, folder, wanted=lambda name: name in GOOD)


def test_a_null_character_does_not_hide_the_rest_of_a_name(tmp_path, folder):
    path = pack(tmp_path / "x.zip", {"good.wav_../../evil": b"evil"})
    path.write_bytes(path.read_bytes().replace(b"good.wav_", b"good.wav\0"))
    assert "null character" in refused(path, folder)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "neither"), (stat.S_IFBLK, "neither")],
)
def test_links_and_devices_are_refused(tmp_path, folder, kind, reason):
    info = zipfile.ZipInfo("Actor_01/link.wav")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        made.writestr(info, "/etc/passwd")
    message = refused(tmp_path / "x.zip", folder)
    assert "'Actor_01/link.wav'" in message
    assert reason in message


def test_a_tightly_packed_bomb_is_refused(tmp_path, folder):
    path = pack(tmp_path / "x.zip", {"bomb.wav": bytes(1 << 22)})
    message = refused(path, folder)
    assert "'bomb.wav' unpacks to" in message
    assert "times its size" in message


def test_an_archive_too_large_is_refused(good, folder):
    message = refused(good, folder, max_bytes=10)
    assert "'Actor_02/b.wav' brings the unpacked size to more than 10 bytes" in message


def test_a_member_larger_than_declared_does_not_get_through(tmp_path, folder):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.wav", b"x" * 1000)
    # The central directory's sizes, 20 and 24 bytes into its record, say 10 instead of 1000.
    data = bytearray(path.read_bytes())
    record = data.index(b"PK\1\2")
    data[record + 24 : record + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refused(path, folder)


def test_an_encrypted_member_is_refused(tmp_path, folder, good):
    data = bytearray(good.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(data)
    assert "'Actor_01/a.wav' is encrypted" in refused(tmp_path / "x.zip", folder)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused(tmp_path, folder):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as made:
        made.writestr("a.wav", b"one")
        made.writestr("./a.wav", b"two")
    assert "is there twice" in refused(tmp_path / "x.zip", folder)


def test_a_file_as_folder_is_refused(tmp_path, folder):
    path = pack(tmp_path / "x.zip", {"a": b"file", "a/b.wav": b"inside"})
    assert "'a/b.wav' lies in a folder that is a file too" in refused(path, folder)


def test_no_archive_and_no_zip(tmp_path, folder):
    assert "no such file" in refused(tmp_path / "absent.zip", folder)
    (tmp_path / "page.zip").write_text("<html>")
    message = refused(tmp_path / "page.zip", folder)
    assert "page.zip: the archive is damaged" in message
    assert "fetch it again" in message


def test_a_damaged_member_leaves_nothing(tmp_path, folder):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.wav", b"sound")
        made.writestr("b.wav", b"other sound")
    path.write_bytes(path.read_bytes().replace(b"other sound", b"other_sound"))
    assert "damaged (Bad CRC-32" in refused(path, folder)


def _packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in GOOD.items():
            made.writestr(name, content)
    return buffer.getvalue()


PACKED = _packed()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PACKED) - 1), st.integers(0, 255))
def test_any_damaged_byte_is_harmless_or_told(tmp_path_factory, place, value):
    work = tmp_path_factory.mktemp("damaged")
    damaged = bytearray(PACKED)
    damaged[place] = value
    (work / "x.zip").write_bytes(damaged)
    try:
        unpack(work / "x.zip", work / "out" / "corpus")
    except UserError:
        assert not (work / "out" / "corpus").exists()
    else:
        # A damaged directory can hide members, but what is unpacked is what was packed.
        assert set(tree(work / "out" / "corpus").values()) <= set(GOOD.values())


def test_an_earlier_unpacking_is_replaced(tmp_path, folder, good):
    unpack(good, folder)
    (folder / "README.txt").unlink()
    (folder / "Actor_01/a.wav").write_bytes(b"half")
    unpack(good, folder, wanted=lambda name: name.startswith("Actor"))
    assert tree(folder) == {name: GOOD[name] for name in GOOD if name.startswith("Actor")}
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_with_other_files_is_not_touched(folder, good):
    folder.mkdir(parents=True)
    (folder / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match=r"holds thesis\.tex, which is not from it"):
        unpack(good, folder)
    assert tree(folder) == {"thesis.tex": b"years of work"}


def test_a_file_in_the_folders_place_is_not_touched(folder, good):
    folder.parent.mkdir()
    folder.write_text("years of work")
    with pytest.raises(UserError, match="not a file or a link"):
        unpack(good, folder)
    assert folder.read_text() == "years of work"


def test_an_interruption_leaves_no_folder_and_does_not_hinder(monkeypatch, folder, good):
    done = []
    extract = archive._extract

    def interrupted(*arguments: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(extract(*arguments))

    monkeypatch.setattr(archive, "_extract", interrupted)
    # A killed process cleans nothing up.
    monkeypatch.setattr(archive.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        unpack(good, folder)
    monkeypatch.undo()
    assert not folder.exists()
    assert list(folder.parent.iterdir()) != []
    unpack(good, folder)
    assert tree(folder) == GOOD
    assert list(folder.parent.iterdir()) == [folder]


def test_a_full_disk_is_told_before_unpacking(monkeypatch, folder, good):
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 3}))
    with pytest.raises(UserError, match="the disk has 0 MB free"):
        unpack(good, folder)
    assert not folder.exists()
