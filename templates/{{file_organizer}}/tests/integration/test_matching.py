"""Which rule takes which file."""

import os
import time
import unicodedata
from pathlib import Path

import pytest

from file_organizer.organizer import plan_folder
from file_organizer.rules import load_rules

DAY = 86_400


def targets(folder: Path, rules: str) -> dict[str, str]:
    """Where each file would go, by its name."""
    path = folder.parent / "these.toml"
    path.write_text(rules)
    plan = plan_folder(folder, load_rules(path).book)
    return {move.source: move.target for move in plan.moves}


def one_rule(*conditions: str, target: str = "T") -> str:
    lines = "\n".join(f"match.{condition}" for condition in conditions)
    return f'[[rules]]\nname = "R"\n{lines}\ntarget = "{target}"\n'


@pytest.mark.parametrize(
    ("condition", "matching", "others"),
    [
        ('extension = ["pdf", ".DOC"]', ["a.pdf", "b.PDF", "c.doc"], ["pdf", "d.pdfx", "e.txt"]),
        ('extension = "tar.gz"', ["a.tar.gz", "B.TAR.GZ"], ["c.gz", "tar.gz"]),
        ('extension = "größe"', ["a.GRÖSSE"], ["b.grosse"]),
        ('name = ["Thumbs.db", "desktop.ini"]', ["thumbs.DB", "Desktop.ini"], ["xthumbs.db"]),
        ('glob = "report-*.pdf"', ["report-1.pdf", "REPORT-x.PDF"], ["a report-1.pdf"]),
        ('glob = ["a?c", "[xy]*"]', ["abc", "x", "Yes"], ["ac", "z"]),
        ("regex = '^[0-9]{4}-'", ["2026-x"], ["x 2026-x", "26-x"]),
        ("regex = 'Case'", ["MyCase"], ["mycase"]),
        ("regex = '(?i)case'", ["MyCase", "mycase"], ["cas"]),
    ],
)
def test_conditions_on_names(
    folder: Path, condition: str, matching: list[str], others: list[str]
) -> None:
    for name in matching + others:
        (folder / name).touch()
    assert sorted(targets(folder, one_rule(condition))) == sorted(matching)


def test_names_are_compared_in_one_normal_form(folder: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "café.txt")
    (folder / decomposed).touch()
    for condition in ('name = "CAFÉ.txt"', 'glob = "caf?.txt"', "regex = '^café'"):
        assert list(targets(folder, one_rule(condition))) == [decomposed]


def test_conditions_on_size(folder: Path) -> None:
    for size in (999, 1000, 1001):
        (folder / str(size)).write_bytes(bytes(size))
    assert list(targets(folder, one_rule('larger_than = "1 kB"'))) == ["1001"]
    assert list(targets(folder, one_rule('smaller_than = "1 kB"'))) == ["999"]


def test_conditions_on_age(folder: Path) -> None:
    now = time.time()
    for name, days in (("old", 31), ("new", 1), ("ancient", 60 * 365)):
        (folder / name).touch()
        os.utime(folder / name, (now, now - days * DAY))
    assert sorted(targets(folder, one_rule('older_than = "30 days"'))) == ["ancient", "old"]
    assert sorted(targets(folder, one_rule('newer_than = "30 days"'))) == ["new"]


def test_all_conditions_must_be_true(folder: Path) -> None:
    (folder / "invoice.pdf").write_bytes(bytes(10))
    (folder / "invoice.txt").write_bytes(bytes(10))
    (folder / "letter.pdf").write_bytes(bytes(10))
    (folder / "invoice-big.pdf").write_bytes(bytes(2000))
    rules = one_rule('extension = "pdf"', 'glob = "invoice*"', 'smaller_than = "1 kB"')
    assert list(targets(folder, rules)) == ["invoice.pdf"]


def test_the_first_rule_that_matches_decides(folder: Path) -> None:
    rules = (
        one_rule('glob = "a*"', target="First")
        + one_rule('extension = "txt"', target="Second").replace('"R"', '"S"')
        + one_rule('glob = "*"', target="Third").replace('"R"', '"T"')
    )
    for name in ("a.txt", "b.txt", "c.pdf"):
        (folder / name).touch()
    assert targets(folder, rules) == {
        "a.txt": "First/a.txt",
        "b.txt": "Second/b.txt",
        "c.pdf": "Third/c.pdf",
    }


def test_placeholders_come_from_date_name_rule_and_regex(folder: Path) -> None:
    (folder / "acme - offer.PDF").touch()
    moment = time.mktime((2026, 2, 3, 12, 0, 0, 0, 0, -1))
    os.utime(folder / "acme - offer.PDF", (moment, moment))
    rules = one_rule(
        "regex = '^(?P<client>[a-z]+) - (?P<draft>draft)?'",
        target="{rule}/{client}/{draft}/{year}-{month}-{day}/{ext}/{stem}",
    )
    assert targets(folder, rules) == {
        "acme - offer.PDF": "R/acme/_/2026-02-03/pdf/acme - offer/acme - offer.PDF"
    }


def test_size_and_content_of_a_link_say_nothing(folder: Path) -> None:
    (folder.parent / "outside.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "link").symlink_to(folder.parent / "outside.png")
    assert targets(folder, one_rule('mime = "image/*"')) == {}
    assert targets(folder, one_rule('smaller_than = "1 GB"')) == {}
    assert targets(folder, one_rule('glob = "*"')) == {"link": "T/link"}


def test_folders_and_what_is_in_them_stay(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").touch()
    (folder / "b.txt").touch()
    assert list(targets(folder, one_rule('glob = "*"'))) == ["b.txt"]


def test_pipes_and_sockets_are_not_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    assert targets(folder, one_rule('glob = "*"')) == {}
