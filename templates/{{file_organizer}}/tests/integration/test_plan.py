"""What a plan says: names that are taken, files that are left, folders that are blocked."""

import os
import unicodedata
from pathlib import Path

import pytest
from support import TEXTS_TO_DOCS, make_files, tree, unprivileged

from file_organizer import content, destinations, matching, scan
from file_organizer.organizer import plan_folder
from file_organizer.plan import Left, Plan, Reason, Skipped
from file_organizer.rules import RuleBook, load_rules


def planned(result: Plan) -> dict[str, str]:
    return {move.source: move.target for move in result.moves}


def changed(folder: Path, settings: str, rules: str = TEXTS_TO_DOCS) -> RuleBook:
    path = folder.parent / "changed.toml"
    path.write_text(settings + rules)
    return load_rules(path).book


def test_a_plan_changes_nothing(folder: Path, book: RuleBook, state: Path) -> None:
    make_files(folder, "a.txt", "b.pdf", "Docs/a.txt")
    before = tree(folder)
    result = plan_folder(folder, book)
    assert planned(result) == {"a.txt": "Docs/a (1).txt"}
    assert (result.left, result.skipped, result.unmatched) == ((), (), 1)
    assert tree(folder) == before
    assert not state.exists()


def test_a_taken_name_gets_a_number(folder: Path, book: RuleBook) -> None:
    make_files(folder, "a.txt", "Docs/a.txt", "Docs/a (1).txt", "Docs/a (3).txt")
    assert planned(plan_folder(folder, book)) == {"a.txt": "Docs/a (2).txt"}


def test_names_that_differ_only_in_case_or_normal_form_do_not_meet(
    folder: Path, book: RuleBook
) -> None:
    decomposed = unicodedata.normalize("NFD", "é.txt")
    make_files(folder, "A.txt", "a.txt", "é.txt", decomposed, "Docs/É.TXT")
    assert planned(plan_folder(folder, book)) == {
        "A.txt": "Docs/A.txt",
        "a.txt": "Docs/a (1).txt",
        decomposed: "Docs/" + unicodedata.normalize("NFD", "é (1).txt"),
        "é.txt": "Docs/é (2).txt",
    }


def test_folders_that_differ_only_in_case_share_their_names(folder: Path) -> None:
    book = changed(
        folder,
        "",
        '[[rules]]\nname = "1"\nmatch.glob = "*.a"\ntarget = "Docs"\n'
        '[[rules]]\nname = "2"\nmatch.regex = "x"\ntarget = "docs"\n',
    )
    make_files(folder, "X.a", "x.A", "Docs/y", "docs/x")
    # `X.a` and `x.A` both match the first rule; the second one takes only `x`.
    make_files(folder, "x")
    assert planned(plan_folder(folder, book)) == {
        "X.a": "Docs/X.a",
        "x.A": "Docs/x (1).A",
        "x": "docs/x (1)",
    }


def test_new_folders_are_listed_parents_first(folder: Path) -> None:
    book = changed(folder, "", TEXTS_TO_DOCS.replace("Docs", "Docs/{stem}/{ext}"))
    make_files(folder, "a.txt", "b.txt", "Docs/b/x")
    assert plan_folder(folder, book).new_folders == ("Docs/a", "Docs/a/txt", "Docs/b/txt")


@pytest.mark.parametrize(
    ("setting", "moves", "left", "unmatched"),
    [
        (
            "report",
            {"b.txt": "Docs/b.txt"},
            (Left(".a.txt", Reason.HIDDEN, "hidden files stay; rule 'Texts' would match"),),
            1,
        ),
        ("ignore", {"b.txt": "Docs/b.txt"}, (), 2),
        ("move", {".a.txt": "Docs/.a.txt", "b.txt": "Docs/b.txt"}, (), 1),
    ],
)
def test_hidden_files_are_reported_ignored_or_moved(
    folder: Path, setting: str, moves: dict[str, str], left: tuple[Left, ...], unmatched: int
) -> None:
    make_files(folder, ".a.txt", ".bashrc", "b.txt")
    result = plan_folder(folder, changed(folder, f'hidden = "{setting}"\n'))
    assert (planned(result), result.left, result.unmatched) == (moves, left, unmatched)


def test_identical_files_can_be_skipped(folder: Path) -> None:
    make_files(folder, "Docs/a.txt", "Docs/c.txt")
    (folder / "a.txt").write_bytes((folder / "Docs/a.txt").read_bytes())
    (folder / "A.TXT").write_bytes(b"another content, which is longer")
    (folder / "b.txt").write_bytes(b"twin")
    (folder / "B.txt").write_bytes(b"twin")
    (folder / "c.txt").write_bytes((folder / "Docs/c.txt").read_bytes().swapcase())
    result = plan_folder(folder, changed(folder, 'identical = "skip"\n'))
    assert result.skipped == (Skipped("a.txt", "Docs/a.txt"), Skipped("b.txt", "B.txt"))
    assert planned(result) == {
        "A.TXT": "Docs/A (1).TXT",
        "B.txt": "Docs/B.txt",
        "c.txt": "Docs/c (1).txt",
    }


def test_identical_is_asked_of_numbered_names_too(folder: Path) -> None:
    make_files(folder, "Docs/a.txt", "Docs/a (1).txt")
    (folder / "a.txt").write_bytes((folder / "Docs/a (1).txt").read_bytes())
    result = plan_folder(folder, changed(folder, 'identical = "skip"\n'))
    assert result.skipped == (Skipped("a.txt", "Docs/a (1).txt"),)


def test_what_cannot_be_read_is_never_identical(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise PermissionError

    make_files(folder, "Docs/a.txt")
    (folder / "a.txt").write_bytes((folder / "Docs/a.txt").read_bytes())
    monkeypatch.setattr(destinations, "digest", fail)
    result = plan_folder(folder, changed(folder, 'identical = "skip"\n'))
    assert (result.skipped, planned(result)) == ((), {"a.txt": "Docs/a (1).txt"})


def test_a_link_is_never_identical_to_a_file(folder: Path) -> None:
    make_files(folder, "Docs/a.txt", "Docs/b.txt")
    (folder / "a.txt").symlink_to("Docs/a.txt")
    (folder / "b.txt").write_bytes((folder / "Docs/b.txt").read_bytes())
    (folder / "Docs/b.txt").rename(folder / "real")
    (folder / "Docs/b.txt").symlink_to("../real")
    result = plan_folder(folder, changed(folder, 'identical = "skip"\n'))
    assert (result.skipped, planned(result)) == (
        (),
        {"a.txt": "Docs/a (1).txt", "b.txt": "Docs/b (1).txt"},
    )


def test_a_file_is_hashed_once_however_many_names_are_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []

    def counting(*arguments: object) -> bytes:
        hashed.append(arguments[1])
        return content.digest(*arguments)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(destinations, "digest", counting)
    for name in ("a.txt", "Docs/a.txt", "Docs/a (1).txt"):
        make_files(folder, name)
        (folder / name).write_bytes(str(len(name) % 10).encode())
    plan_folder(folder, changed(folder, 'identical = "skip"\n'))
    assert hashed == ["a.txt", "a.txt", "a (1).txt"]


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.write_text("x"), "Docs: Docs is not a folder"),
        (lambda path: path.symlink_to("elsewhere"), "Docs: Docs is a symbolic link"),
        (lambda path: path.symlink_to("Docs"), "Docs: Docs is a symbolic link"),
    ],
)
def test_a_target_that_is_no_folder_is_reported(
    folder: Path, book: RuleBook, make: object, why: str
) -> None:
    make_files(folder, "a.txt", "elsewhere/x")
    assert callable(make)
    make(folder / "Docs")
    result = plan_folder(folder, book)
    assert result.left == (Left("a.txt", Reason.BLOCKED_TARGET, why),)
    assert result.moves == ()


def test_a_link_in_the_middle_of_a_target_is_reported(folder: Path) -> None:
    make_files(folder, "a.txt", "b.txt", "elsewhere/Texts/x")
    (folder / "Docs").symlink_to("elsewhere")
    result = plan_folder(folder, changed(folder, "", TEXTS_TO_DOCS.replace("Docs", "Docs/Texts")))
    assert result.left == tuple(
        Left(name, Reason.BLOCKED_TARGET, "Docs/Texts: Docs is a symbolic link")
        for name in ("a.txt", "b.txt")
    )


def test_a_target_name_that_is_too_long_is_reported(folder: Path) -> None:
    name = "x" * 250 + ".txt"
    make_files(folder, name)
    result = plan_folder(folder, changed(folder, "", TEXTS_TO_DOCS.replace("Docs", "{stem}{stem}")))
    folder_name = "x" * 500
    assert result.left == (Left(name, Reason.BLOCKED_TARGET, f"{folder_name}: File name too long"),)


def test_a_file_that_must_be_read_and_cannot_be_is_reported(
    open_folder: Path, book: RuleBook, tmp_path: Path
) -> None:
    rules = '[[rules]]\nname = "P"\nmatch.mime = "image/*"\ntarget = "P"\n' + TEXTS_TO_DOCS
    make_files(open_folder, "a.txt", "b.txt")
    (open_folder / "a.txt").chmod(0)
    book = changed(tmp_path, "", rules)
    plan_folder(open_folder, book)  # loads what nobody may read
    with unprivileged():
        result = plan_folder(open_folder, book)
    assert result.left == (Left("a.txt", Reason.UNREADABLE, "Permission denied"),)
    assert planned(result) == {"b.txt": "Docs/b.txt"}


def test_content_is_read_only_where_a_rule_asks_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noting(_place: object, name: str) -> str:
        asked.append(name)
        return "image/png"

    monkeypatch.setattr(matching, "content_type", noting)
    rules = (
        TEXTS_TO_DOCS
        + '[[rules]]\nname = "P"\nmatch.mime = "video/*"\ntarget = "P"\n'
        + '[[rules]]\nname = "Q"\nmatch.mime = "IMAGE/*"\ntarget = "Q"\n'
    )
    make_files(folder, "a.txt", "b.png")
    assert planned(plan_folder(folder, changed(folder, "", rules))) == {
        "a.txt": "Docs/a.txt",
        "b.png": "Q/b.png",
    }
    assert asked == ["b.png"]


def test_a_file_that_vanishes_while_the_folder_is_read_is_no_concern(
    folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(folder, "a.txt", "b.txt")
    real = scan._status

    def vanishing(entry: os.DirEntry[str]) -> os.stat_result:
        if entry.name == "a.txt":
            raise FileNotFoundError
        return real(entry)

    monkeypatch.setattr(scan, "_status", vanishing)
    assert planned(plan_folder(folder, book)) == {"b.txt": "Docs/b.txt"}


def test_moves_are_grouped_by_folder_and_sorted_by_name(folder: Path) -> None:
    book = changed(folder, "", TEXTS_TO_DOCS.replace("Docs", "{ext}-{stem}"))
    make_files(folder, "b.txt", "a.txt", "c.txt")
    result = plan_folder(folder, book)
    assert [move.source for move in result.moves] == ["a.txt", "b.txt", "c.txt"]
