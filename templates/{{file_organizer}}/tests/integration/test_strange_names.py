"""Names that break careless programs, there and back again."""

import os
import unicodedata
from pathlib import Path

import pytest
from support import contents, names, tree

from file_organizer.organizer import run_folder, undo_run
from file_organizer.rules import RuleBook

STRANGE = [
    "two\nlines.txt",
    "-rf.txt",
    "--help.txt",
    " leading space.txt",
    "trailing space .txt",
    "tab\t.txt",
    "\x1b[31mred.txt",
    "[red]markup.txt",
    ":smile:.txt",
    "👩\u200d🔬.txt",
    "\u202egnp.txt",
    "שלום.txt",
    "* ? \" < > | \\ '.txt",
    "$(reboot).txt",
    "%s {year}.txt",
    "CON.txt",
    "x" * 251 + ".txt",
    "ü" * 125 + "x.txt",
    "😀" * 62 + "xyz.txt",
    "~.txt",
    "#.txt",
    "a..txt",
]
INVALID = os.fsdecode(b"inv\xff\xfealid.txt")
PAIRS = ["case.txt", "CASE.txt", "é.txt", unicodedata.normalize("NFD", "é.txt")]


def test_strange_names_go_there_and_back(folder: Path, book: RuleBook) -> None:
    for name in [*STRANGE, INVALID]:
        (folder / name).write_bytes(os.fsencode(name))
    before = tree(folder)
    result = run_folder(folder, book)
    assert result.left == ()
    assert names(folder) == sorted(f"Docs/{name}" for name in [*STRANGE, INVALID])
    assert undo_run().left == ()
    assert tree(folder) == before


def test_strange_names_that_are_taken_get_numbers_that_fit(folder: Path, book: RuleBook) -> None:
    (folder / "Docs").mkdir()
    for name in [*STRANGE, INVALID]:
        (folder / name).write_bytes(b"new " + os.fsencode(name))
        (folder / "Docs" / name).write_bytes(b"old " + os.fsencode(name))
    before = contents(folder)
    result = run_folder(folder, book)
    assert result.left == ()
    assert contents(folder) == before
    assert len(os.listdir(folder / "Docs")) == 2 * (len(STRANGE) + 1)
    assert all(len(os.fsencode(name)) <= 255 for name in os.listdir(folder / "Docs"))
    assert undo_run().left == ()
    assert sorted(os.listdir(folder)) == sorted(["Docs", INVALID, *STRANGE])


def test_pairs_that_some_file_systems_confuse_stay_apart(folder: Path, book: RuleBook) -> None:
    for name in PAIRS:
        (folder / name).write_bytes(os.fsencode(name))
    before = contents(folder)
    run_folder(folder, book)
    assert contents(folder) == before
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names(folder)}
    assert len(folded) == 4
    undo_run()
    assert sorted(os.listdir(folder)) == sorted(PAIRS)


@pytest.mark.parametrize("text", ["missing", "loop.txt", "/etc/hostname", "../outside", "."])
def test_links_are_moved_as_they_are_and_never_followed(
    folder: Path, book: RuleBook, tmp_path: Path, text: str
) -> None:
    (tmp_path / "outside").write_text("outside")
    (folder / "loop.txt").symlink_to(text)
    run_folder(folder, book)
    assert tree(folder) == {"Docs": "/", "Docs/loop.txt": f"-> {text}"}
    undo_run()
    assert tree(folder) == {"loop.txt": f"-> {text}"}
    assert (tmp_path / "outside").read_text() == "outside"


def test_absurd_dates_and_sizes_are_no_obstacle(folder: Path, book: RuleBook) -> None:
    for name, seconds in (("future.txt", 2**33), ("past.txt", -(2**31))):
        (folder / name).write_text(name)
        os.utime(folder / name, (seconds, seconds))
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(1 << 40)
    run_folder(folder, book)
    assert undo_run().left == ()
    assert sorted(os.listdir(folder)) == ["future.txt", "past.txt", "sparse.txt"]


def test_a_folder_may_be_named_through_a_link_and_have_a_strange_name(
    tmp_path: Path, book: RuleBook
) -> None:
    real = tmp_path / os.fsdecode(b"r\xff\n[red]")
    real.mkdir()
    (real / "a.txt").write_text("a")
    (tmp_path / "link").symlink_to(real)
    result = run_folder(tmp_path / "link", book)
    assert result.folder == str(real)
    assert undo_run().folder == str(real)
    assert tree(real) == {"a.txt": "a"}
