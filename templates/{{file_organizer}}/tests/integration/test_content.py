"""What a file's content says about its kind."""

import io
import os
import zipfile
from pathlib import Path

import puremagic
import pytest

from file_organizer.content import StoppedError, content_type, digest, same_content
from file_organizer.places import Place


def a_zip(member: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    return buffer.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("picture.png", PNG, "image/png"),
        ("picture", PNG, "image/png"),
        ("renamed.txt", PNG, "image/png"),
        ("photo", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20), "image/jpeg"),
        ("paper", b"%PDF-1.4\n1 0 obj\n%%EOF\n", "application/pdf"),
        ("letter.docx", a_zip("word/document.xml"), DOCX),
        ("archive.zip", a_zip("a.txt"), "application/zip"),
        ("logs.gz", b"\x1f\x8b\x08\x00" + bytes(20), "application/gzip"),
        ("page.html", b"<!DOCTYPE html><html></html>", "text/html"),
        ("table.csv", b"a,b\n1,2\n", "text/csv"),
        ("data.json", b'{"a": 1}', "application/json"),
        ("note", "Grüße".encode(), "text/plain"),
        ("note.xyz", b"plain words", "text/plain"),
        ("BMW.txt", b"BMW is two letters of a signature", "text/plain"),
        ("ID3", b"ID3 is three of another", "text/plain"),
        ("colours.txt", b"\x1b[31mred\x1b[0m\n", "text/plain"),
        ("picture.jpg", b"just words", "text/plain"),
        ("cut.txt", b"x" * 65_535 + "ü".encode(), "text/plain"),
        ("noise", bytes(range(200, 256)) * 4, "application/octet-stream"),
        ("zeros", bytes(100), "application/octet-stream"),
        ("empty.pdf", b"", "application/x-empty"),
    ],
)
def test_the_kind_comes_from_the_content(
    folder: Path, name: str, content: bytes, kind: str
) -> None:
    (folder / name).write_bytes(content)
    with Place.open(str(folder)) as place:
        assert content_type(place, name) == kind


def test_a_file_of_the_same_name_elsewhere_is_not_opened(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4\n")
    monkeypatch.chdir(tmp_path)
    (folder / "x.pdf").write_bytes(PNG)
    with Place.open(str(folder)) as place:
        assert content_type(place, "x.pdf") == "image/png"


@pytest.mark.parametrize("error", ["PureError", "ValueError"])
def test_content_that_the_library_does_not_know_is_just_bytes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise puremagic.PureError if error == "PureError" else ValueError

    monkeypatch.setattr(puremagic, "magic_stream", fail)
    (folder / "picture.png").write_bytes(PNG)
    with Place.open(str(folder)) as place:
        assert content_type(place, "picture.png") == "application/octet-stream"


def test_a_link_is_never_read_through(folder: Path) -> None:
    (folder / "file").write_bytes(PNG)
    (folder / "link").symlink_to("file")
    with Place.open(str(folder)) as place, pytest.raises(OSError, match="symbolic links"):
        content_type(place, "link")


def test_reading_does_not_wait_for_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    with Place.open(str(folder)) as place:
        assert content_type(place, "pipe") == "application/x-empty"


def test_reading_stops_when_asked(folder: Path) -> None:
    (folder / "file").write_bytes(b"x")
    with Place.open(str(folder)) as place, pytest.raises(StoppedError):
        digest(place, "file", lambda: True)


def test_files_are_the_same_by_content_and_links_by_their_text(folder: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (folder / name).write_bytes(content)
    (folder / "l").symlink_to("a")
    (folder / "m").symlink_to("a")
    (folder / "n").symlink_to("b")
    with Place.open(str(folder)) as place:
        pairs = {
            one + other: same_content(place, one, place, other)
            for one, other in ("ab", "ac", "al", "lm", "ln", "ax", "xa")
        }
    assert pairs == {
        "ab": True,
        "ac": False,
        "al": False,
        "lm": True,
        "ln": False,
        "ax": False,
        "xa": False,
    }
