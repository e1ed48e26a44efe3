"""What a person types and the whole of what comes back."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support import TEXTS_TO_DOCS, Organize, Result, make_files, names, tree

from file_organizer import commands, organizer
from file_organizer.rules import load_rules


def document(result: Result, code: int = 0) -> Any:
    """The JSON of a result; nothing else may be on stdout, and nothing on stderr."""
    assert (result.code, result.err) == (code, "")
    return json.loads(result.out)


@pytest.fixture
def mixed(folder: Path) -> Path:
    """A folder with something of everything."""
    make_files(folder, "a.txt", "b.txt", ".c.txt", "d.pdf", "Docs/a.txt")
    (folder / "Docs/b.txt").write_bytes((folder / "b.txt").read_bytes())
    return folder


@pytest.fixture
def skipping(tmp_path: Path) -> Path:
    path = tmp_path / "skipping.toml"
    path.write_text('identical = "skip"\n' + TEXTS_TO_DOCS)
    return path


STAYS = """\
Left where they are
  .c.txt: hidden files stay; rule 'Texts' would match
Skipped, the same content is there
  b.txt = Docs/b.txt
"""


def test_plan_shows_what_would_happen(organize: Organize, mixed: Path, skipping: Path) -> None:
    before = tree(mixed)
    assert organize("plan", mixed, "--rules", skipping) == Result(
        0,
        "Docs/  1 file\n  a.txt -> a (1).txt\n"
        + STAYS
        + "1 file would move, 1 would be left, 1 skipped, 1 without a rule.\n"
        "Nothing was changed.\n",
        "",
    )
    assert tree(mixed) == before


def test_run_does_it_and_says_how_to_take_it_back(
    organize: Organize, mixed: Path, skipping: Path
) -> None:
    assert organize("run", mixed, "--rules", skipping) == Result(
        1,
        "Docs/  1 file\n  a.txt -> a (1).txt\n"
        + STAYS
        + "1 file moved, 1 left, 1 skipped, 1 without a rule.\n"
        "To take it back: organize undo 1\n",
        "",
    )
    assert names(mixed) == [
        ".c.txt",
        "Docs/a (1).txt",
        "Docs/a.txt",
        "Docs/b.txt",
        "b.txt",
        "d.pdf",
    ]


def test_undo_puts_it_back(organize: Organize, mixed: Path, rules_file: Path) -> None:
    before = tree(mixed)
    organize("run", mixed, "--rules", rules_file)
    assert organize("undo") == Result(0, "2 files put back.\n", "")
    assert tree(mixed) == before


def test_undo_says_what_it_could_not_do(organize: Organize, folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt")
    organize("run", folder, "--rules", rules_file)
    (folder / "a.txt").write_text("new")
    assert organize("undo", 1) == Result(
        1,
        "Left where they are\n  Docs/a.txt: there is another a.txt by now\n"
        "0 files put back, 1 left.\nTo go on with the rest: organize undo 1\n",
        "",
    )


def test_history_lists_the_runs(organize: Organize, folder: Path, rules_file: Path) -> None:
    assert organize("history") == Result(0, "", "There are no runs yet.\n")
    make_files(folder, "a.txt")
    organize("run", folder, "--rules", rules_file)
    organize("undo")
    organize("run", folder, "--rules", rules_file)
    result = organize("history")
    lines = [re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "WHEN", line) for line in result.out.split("\n")]
    assert [line.split() for line in lines] == [
        ["Run", "Started", "State", "Files", "Left", "Folder"],
        ["2", "WHEN", "done", "1", "0", str(folder)],
        ["1", "WHEN", "undone", "1", "0", str(folder)],
        [],
    ]


def test_rules_shows_the_rules_in_force(organize: Organize, rules_file: Path) -> None:
    result = organize("rules", "--rules", rules_file)
    assert [line.split() for line in result.out.splitlines()] == [
        ["Rule", "Matches", "Target"],
        ["1", "Texts", "extension:", "txt", "Docs"],
        f"From {rules_file}; the first that matches decides.".split(),
    ]


def test_rules_prints_the_file_to_start_from(organize: Organize, tmp_path: Path) -> None:
    result = organize("rules", "--toml")
    path = tmp_path / "my.toml"
    path.write_text(result.out)
    assert load_rules(path).book == load_rules(None).book
    assert (result.code, result.err) == (0, "")


def test_the_rules_file_may_come_from_the_environment(
    organize: Organize, folder: Path, rules_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORGANIZE_RULES", str(rules_file))
    make_files(folder, "a.txt")
    assert document(organize("plan", folder, "--json"))["moves"][0]["target"] == "Docs/a.txt"


def test_demo_makes_files_that_the_built_in_rules_sort(organize: Organize, folder: Path) -> None:
    demo = folder / "new" / "demo"
    result = organize("demo", demo)
    assert result == Result(0, f"22 files in {demo}\nTry: organize plan {demo}\n", "")
    before = tree(demo)
    assert organize("run", demo).code == 0
    assert names(demo) == [
        ".hidden-settings",
        "Archives/photos.zip",
        "Archives/project-backup.tar.gz",
        "Documents/Invoices/2024/Invoice 2024-117.pdf",
        "Documents/Invoices/2025/receipt_bookshop.PDF",
        "Documents/Tables/budget.xlsx",
        "Documents/Tables/Überweisungen März.csv",
        "Documents/[red]todo.md",
        "Documents/notes.txt",
        "Documents/report (1).pdf",
        "Documents/report.pdf",
        "Documents/untitled",
        "Installers/setup.exe",
        "Music/song.mp3",
        "Pictures/2023/IMG_0042.JPG",
        "Pictures/2023/holiday (1).jpg",
        "Pictures/2023/img_0042.jpeg",
        "Pictures/2024/scan0001",
        "Pictures/2025/cat.gif",
        "Pictures/Screenshots/Screenshot 2026-01-09 at 10.15.png",
        "Videos/clip.mp4",
        "movie.mkv.part",
    ]
    assert organize("undo").code == 0
    assert tree(demo) == before


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: make_files(path, "mine"), "{} is not empty"),
        (lambda path: path.write_text("x"), "{} exists and is not a folder"),
        (lambda path: path.symlink_to("missing"), "{} exists and is not a folder"),
    ],
)
def test_demo_refuses_a_place_that_is_taken(
    organize: Organize, tmp_path: Path, prepare: Any, message: str
) -> None:
    path = tmp_path / "demo"
    prepare(path)
    before = tree(tmp_path)
    expected = f"error: {message.format(path)}\nhint: Name a folder that does not exist yet.\n"
    assert organize("demo", path) == Result(2, "", expected)
    assert tree(tmp_path) == before


def test_demo_fills_an_empty_folder_but_not_one_it_may_not_write(
    organize: Organize, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert organize("demo", tmp_path / "empty").code == 0
    (tmp_path / "file").write_text("x")
    result = organize("demo", tmp_path / "file" / "demo")
    assert result == Result(
        5,
        "",
        f"error: cannot make the demo in {tmp_path}/file/demo: Not a directory\n"
        "hint: Name a folder in a place that you may write to.\n",
    )


def test_a_large_plan_is_shown_as_numbers_unless_all_is_asked_for(
    organize: Organize, folder: Path, rules_file: Path
) -> None:
    make_files(folder, *(f"{n:03}.txt" for n in range(101)))
    brief = organize("plan", folder, "--rules", rules_file)
    assert brief == Result(
        0,
        "Docs/  101 files\n101 files would move.\nNothing was changed.\n",
        "hint: --all lists each file.\n",
    )
    full = organize("plan", folder, "--all", "--rules", rules_file)
    assert (len(full.out.splitlines()), full.err) == (104, "")


def test_of_very_many_files_that_are_left_the_first_are_named(
    organize: Organize, folder: Path, rules_file: Path
) -> None:
    make_files(folder, *(f".{n:03}.txt" for n in range(103)))
    lines = organize("run", folder, "--rules", rules_file).out.splitlines()
    assert len(lines) == 103
    assert lines[-2:] == ["  and 3 more, which --json lists", "0 files moved, 103 left."]
    every = organize("plan", folder, "--rules", rules_file, "--all").out.splitlines()
    assert len(every) == 106


def test_names_cannot_control_the_terminal_or_be_read_as_markup(
    organize: Organize, folder: Path, rules_file: Path
) -> None:
    make_files(folder, "\x1b[31mred.txt", "[red]x.txt", ":smile:.txt", "two\nlines.txt")
    (folder / os.fsdecode(b"\xff.txt")).touch()
    assert organize("plan", folder, "--rules", rules_file).out == (
        "Docs/  5 files\n"
        "  \\x1b[31mred.txt\n"
        "  :smile:.txt\n"
        "  [red]x.txt\n"
        "  two\\nlines.txt\n"
        "  \\xff.txt\n"
        "5 files would move.\nNothing was changed.\n"
    )


def test_a_long_name_stays_on_one_line(
    organize: Organize, folder: Path, rules_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    name = "long " * 40 + ".txt"
    make_files(folder, name)
    assert f"  {name}\n" in organize("plan", folder, "--rules", rules_file).out


def test_json_of_plan(organize: Organize, mixed: Path, skipping: Path) -> None:
    assert document(organize("plan", mixed, "--rules", skipping, "--json")) == {
        "version": 1,
        "command": "plan",
        "folder": str(mixed),
        "moves": [{"source": "a.txt", "target": "Docs/a (1).txt", "rule": "Texts"}],
        "left": [
            {
                "source": ".c.txt",
                "reason": "hidden",
                "detail": "hidden files stay; rule 'Texts' would match",
            }
        ],
        "skipped": [{"source": "b.txt", "same_as": "Docs/b.txt"}],
        "new_folders": [],
        "unmatched": 1,
    }


def test_json_of_run(organize: Organize, mixed: Path, skipping: Path) -> None:
    assert document(organize("run", mixed, "--rules", skipping, "--json"), code=1) == {
        "version": 1,
        "command": "run",
        "folder": str(mixed),
        "run": 1,
        "moved": [{"source": "a.txt", "target": "Docs/a (1).txt", "rule": "Texts"}],
        "left": [
            {
                "source": ".c.txt",
                "reason": "hidden",
                "detail": "hidden files stay; rule 'Texts' would match",
            }
        ],
        "skipped": [{"source": "b.txt", "same_as": "Docs/b.txt"}],
        "not_reached": 0,
        "unmatched": 1,
        "recovered": [],
    }


def test_json_of_a_run_without_moves(organize: Organize, folder: Path) -> None:
    result = document(organize("run", folder, "--json"))
    assert (result["run"], result["moved"]) == (None, [])


def test_json_of_undo_and_history(organize: Organize, folder: Path, rules_file: Path) -> None:
    make_files(folder, "a.txt", "b.txt")
    organize("run", folder, "--rules", rules_file)
    (folder / "Docs/b.txt").unlink()
    assert document(organize("undo", "--json"), code=1) == {
        "version": 1,
        "command": "undo",
        "folder": str(folder),
        "run": 1,
        "put_back": [{"source": "a.txt", "target": "Docs/a.txt", "rule": "Texts"}],
        "left": [
            {
                "source": "Docs/b.txt",
                "reason": "vanished",
                "detail": "no longer where the run put it",
            }
        ],
        "stopped": False,
    }
    history = document(organize("history", "--json"))
    started = history["runs"][0].pop("started")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", started)
    assert history == {
        "version": 1,
        "command": "history",
        "runs": [
            {"run": 1, "state": "partly-undone", "files": 2, "left": 0, "folder": str(folder)}
        ],
    }


def test_json_of_rules(organize: Organize, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(
        'hidden = "move"\n[[rules]]\nname = "R"\nmatch.regex = "x"\nmatch.larger_than = "1 MB"\n'
        'match.extension = [".PDF"]\ntarget = "{year}"\n'
    )
    assert document(organize("rules", "--rules", path, "--json")) == {
        "version": 1,
        "command": "rules",
        "source": str(path),
        "hidden": "move",
        "identical": "number",
        "rules": [
            {
                "name": "R",
                "match": {"extension": ["pdf"], "regex": "x", "larger_than": "1 MB"},
                "target": "{year}",
            }
        ],
    }


def test_json_of_demo(organize: Organize, folder: Path) -> None:
    result = document(organize("demo", folder / "demo", "--json"))
    files = result.pop("files")
    assert result == {"version": 1, "command": "demo", "folder": str(folder / "demo")}
    assert sorted(files) == names(folder / "demo")


def test_json_shows_bytes_that_are_no_text_as_escapes(
    organize: Organize, folder: Path, rules_file: Path
) -> None:
    (folder / os.fsdecode(b"caf\xe9 \xf0\x9f\x98\x80.txt")).touch()
    result = organize("plan", folder, "--rules", rules_file, "--json")
    assert result.out.isascii()
    assert document(result)["moves"][0]["source"] == "caf\\xe9 😀.txt"


def test_a_run_that_was_cut_off_is_mentioned_on_stderr(
    organize: Organize, folder: Path, rules_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_arguments: object, **_options: object) -> None:
        raise SystemExit

    make_files(folder, "a.txt", "b.txt")
    with monkeypatch.context() as patched:
        patched.setattr(organizer, "apply", die)
        with pytest.raises(SystemExit):
            organize("run", folder, "--rules", rules_file)
    (folder / "b.txt").unlink()
    result = organize("run", folder, "--rules", rules_file, "--json")
    assert result.err == (
        "Run 1 had been cut off. It is whole now: 0 moved, 1 not moved, 1 in neither place."
        " To take it back: organize undo 1\n"
    )
    assert json.loads(result.out)["recovered"] == [
        {"run": 1, "moved": 0, "not_moved": 1, "missing": 1}
    ]


def test_the_version_is_that_of_the_project(organize: Organize) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert organize("--version") == Result(0, f"organize {project['project']['version']}\n", "")


def test_a_copy_that_is_not_installed_says_so(
    organize: Organize, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "entry_points", lambda **_query: ())
    assert organize("--version").out == "organize (a copy that is not installed)\n"
