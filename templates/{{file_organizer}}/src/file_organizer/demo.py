"""A folder full of small, messy files, to see the program at work without risking one's own."""

import os
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from file_organizer.errors import FailedError, UsageError

_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
_GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00"
)
_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
_MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x00" + bytes(64)
_MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(16)


def _pdf(text: str) -> bytes:
    return f"%PDF-1.4\n% {text}\ntrailer <<>>\n%%EOF\n".encode()


def _zip(name: str, text: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


# Each with the day of its last change. Some say nothing about themselves: no extension, capitals,
# a name that is taken, a name with brackets that a careless program would read as a colour.
_FILES: tuple[tuple[str, bytes, tuple[int, int, int]], ...] = (
    ("Invoice 2024-117.pdf", _pdf("invoice 117"), (2024, 3, 4)),
    ("receipt_bookshop.PDF", _pdf("receipt"), (2025, 11, 30)),
    ("Screenshot 2026-01-09 at 10.15.png", _PNG, (2026, 1, 9)),
    ("IMG_0042.JPG", _JPEG, (2023, 8, 19)),
    ("img_0042.jpeg", _JPEG + b"\n", (2023, 8, 20)),
    ("holiday (1).jpg", _JPEG + b"\n\n", (2023, 8, 21)),
    ("cat.gif", _GIF, (2025, 2, 2)),
    ("scan0001", _PNG + b"\n", (2024, 6, 1)),
    ("untitled", _pdf("a document without an extension"), (2024, 6, 2)),
    ("song.mp3", _MP3, (2022, 5, 5)),
    ("clip.mp4", _MP4, (2025, 7, 14)),
    ("report.pdf", _pdf("the new report"), (2026, 2, 1)),
    ("notes.txt", b"Buy milk.\n", (2026, 2, 3)),
    ("Überweisungen März.csv", b"Datum,Betrag\n2026-03-01,12.50\n", (2026, 3, 2)),
    ("[red]todo.md", b"# To do\n", (2026, 2, 4)),
    ("budget.xlsx", _zip("xl/workbook.xml", "<workbook/>"), (2025, 12, 31)),
    ("project-backup.tar.gz", b"\x1f\x8b\x08\x00" + bytes(16), (2024, 1, 15)),
    ("photos.zip", _zip("a.txt", "a"), (2024, 2, 15)),
    ("setup.exe", b"MZ" + bytes(62), (2021, 10, 1)),
    ("movie.mkv.part", bytes(100), (2026, 2, 5)),
    (".hidden-settings", b"colour = blue\n", (2020, 1, 1)),
    # Already sorted, so that the other report.pdf finds its name taken.
    ("Documents/report.pdf", _pdf("the old report"), (2025, 2, 1)),
)


def make_demo(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Make the folder and its files; refuse one that has anything in it. Returns the names."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if next(folder.iterdir(), None) is not None:
            raise UsageError(f"{folder} is not empty", "Name a folder that does not exist yet.")
        for name, content, day in _FILES:
            _write(folder / name, content, datetime(*day, hour=12).astimezone().timestamp())
    except FileExistsError:
        raise UsageError(
            f"{folder} exists and is not a folder", "Name a folder that does not exist yet."
        ) from None
    except OSError as error:
        raise FailedError(
            f"cannot make the demo in {folder}: {error.strerror}",
            "Name a folder in a place that you may write to.",
        ) from error
    return tuple(name for name, _, _ in _FILES)


def _write(path: Path, content: bytes, moment: float) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:  # "x": even here nothing is overwritten
        file.write(content)
    os.utime(path, (moment, moment))
