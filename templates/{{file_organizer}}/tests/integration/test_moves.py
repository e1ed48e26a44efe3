"""One move: never overwriting, in each of the ways that a file system may offer."""

import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest
from support import give_to_nobody, tree, unprivileged

from file_organizer import moves
from file_organizer.content import StoppedError
from file_organizer.moves import ChangedError, Copying, move
from file_organizer.places import Identity, Place


class Ends(NamedTuple):
    """Two open folders."""

    source: Path
    target: Path
    from_: Place
    to: Place

    def move(self, name: str = "a", new_name: str = "b", **changes: object) -> list[Identity]:
        """Move, and return the copies that were recorded."""
        recorded: list[Identity] = []
        values = {"stage": ".stage", "record": recorded.append, "should_stop": lambda: False}
        copying = Copying(**(values | changes))  # type: ignore[arg-type]  # as the test says
        move(self.from_, name, self.to, new_name, lambda: copying)
        return recorded


def unsupported(*_arguments: object) -> None:
    raise moves._UnsupportedError


@pytest.fixture(params=["exclusive rename", "link and unlink", "look and rename"])
def same_file_system(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ends]:
    if request.param != "exclusive rename":
        monkeypatch.setattr(moves, "_rename_exclusively", unsupported)
    if request.param == "look and rename":
        monkeypatch.setattr(moves, "_link_and_unlink", unsupported)
    (tmp_path / "s").mkdir()
    (tmp_path / "t").mkdir()
    with Place.open(str(tmp_path / "s")) as source, Place.open(str(tmp_path / "t")) as target:
        yield Ends(tmp_path / "s", tmp_path / "t", source, target)


def seem_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let renames between different folders fail as they do between file systems."""
    real = moves._rename_exclusively

    def rename(source: Place, name: str, target: Place, new_name: str) -> None:
        if source.path != target.path:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), name, None, new_name)
        real(source, name, target, new_name)

    monkeypatch.setattr(moves, "_rename_exclusively", rename)


@pytest.fixture(params=["really", "seemingly"])
def apart(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    other_file_system: Path | None,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Ends]:
    """Two folders on two file systems: real ones, and, on every machine, seeming ones."""
    target = other_file_system
    if request.param == "seemingly" or target is None:
        seem_apart(monkeypatch)
        target = tmp_path / "t"
        target.mkdir()
    (tmp_path / "s").mkdir()
    with Place.open(str(tmp_path / "s")) as from_, Place.open(str(target)) as to:
        yield Ends(tmp_path / "s", target, from_, to)


def test_a_file_gets_its_new_place(same_file_system: Ends) -> None:
    ends = same_file_system
    (ends.source / "a").write_text("x")
    inode = (ends.source / "a").stat().st_ino
    assert ends.move() == []
    assert (tree(ends.source), tree(ends.target)) == ({}, {"b": "x"})
    assert (ends.target / "b").stat().st_ino == inode


@pytest.mark.parametrize("kind", ["file", "folder", "link", "dangling link"])
def test_a_taken_name_is_never_overwritten(same_file_system: Ends, kind: str) -> None:
    ends = same_file_system
    (ends.source / "a").write_text("x")
    taken = ends.target / "b"
    if kind == "file":
        taken.write_text("y")
    elif kind == "folder":
        taken.mkdir()
    else:
        taken.symlink_to(ends.target if kind == "link" else "nowhere")
    before = tree(ends.target)
    with pytest.raises(FileExistsError):
        ends.move()
    assert (tree(ends.source), tree(ends.target)) == ({"a": "x"}, before)


@pytest.mark.parametrize("text", ["nowhere", "/etc/hostname", "a", "."])
def test_a_link_is_moved_as_a_link(same_file_system: Ends, text: str) -> None:
    ends = same_file_system
    (ends.source / "a").symlink_to(text)
    ends.move()
    assert (tree(ends.source), tree(ends.target)) == ({}, {"b": f"-> {text}"})


def test_a_vanished_file_is_an_error(same_file_system: Ends) -> None:
    with pytest.raises(FileNotFoundError):
        same_file_system.move()


def test_two_names_of_one_file_stay_two_names(same_file_system: Ends) -> None:
    ends = same_file_system
    (ends.source / "a").write_text("x")
    os.link(ends.source / "a", ends.target / "b")
    with pytest.raises(FileExistsError):
        ends.move()
    assert (tree(ends.source), tree(ends.target)) == ({"a": "x"}, {"b": "x"})


def test_an_old_c_library_has_no_exclusive_rename(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda *_arguments, **_options: object())
    moves._renameat2.cache_clear()
    try:
        with Place.open(str(tmp_path)) as place, pytest.raises(moves._UnsupportedError):
            moves._rename_exclusively(place, "a", place, "b")
    finally:
        moves._renameat2.cache_clear()


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_file_system_may_refuse_the_exclusive_rename(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_arguments: object) -> int:
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(moves, "_renameat2", lambda: refuse)
    (tmp_path / "a").write_text("x")
    with Place.open(str(tmp_path)) as place:
        with pytest.raises(moves._UnsupportedError):
            moves._rename_exclusively(place, "a", place, "b")
        moves.rename(place, "a", place, "b")
    assert tree(tmp_path) == {"b": "x"}


def linked(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """Use links, and do something between the link and the unlink."""
    monkeypatch.setattr(moves, "_rename_exclusively", unsupported)
    real = os.link

    def link(*arguments: object, **options: object) -> None:
        real(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came
        meanwhile()

    monkeypatch.setattr(os, "link", link)


def test_links_that_are_impossible_leave_it_to_the_last_way(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def link(*_arguments: object, **_options: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(moves, "_rename_exclusively", unsupported)
    monkeypatch.setattr(os, "link", link)
    (tmp_path / "a").write_text("x")
    with Place.open(str(tmp_path)) as place:
        moves.rename(place, "a", place, "b")
    assert tree(tmp_path) == {"b": "x"}


def test_a_file_that_takes_the_old_name_between_link_and_unlink_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("x")

    def replace() -> None:
        (tmp_path / "new").write_text("new")
        (tmp_path / "new").replace(tmp_path / "a")

    linked(monkeypatch, replace)
    with Place.open(str(tmp_path)) as place:
        moves.rename(place, "a", place, "b")
    assert tree(tmp_path) == {"a": "new", "b": "x"}


def test_a_link_is_taken_back_if_the_old_name_cannot_go(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    for name in ("s", "t"):
        (open_folder / name).mkdir()
    (open_folder / "s/a").write_text("x")
    give_to_nobody(open_folder / "s", open_folder / "t", open_folder / "s/a")
    (open_folder / "s").chmod(0o555)
    monkeypatch.setattr(moves, "_rename_exclusively", unsupported)
    with ExitStack() as stack:
        source = stack.enter_context(Place.open(str(open_folder / "s")))
        target = stack.enter_context(Place.open(str(open_folder / "t")))
        stack.enter_context(unprivileged())
        with pytest.raises(PermissionError):
            moves.rename(source, "a", target, "b")
    assert tree(open_folder) == {"s": "/", "t": "/", "s/a": "x"}


def test_a_copy_replaces_a_rename_between_file_systems(apart: Ends) -> None:
    original = apart.source / "a"
    original.write_bytes(os.urandom(3 << 20))
    content = original.read_bytes()
    original.chmod(0o640)
    os.utime(original, ns=(1_600_000_000_123_456_789, 1_500_000_000_123_456_789))
    (recorded,) = apart.move()
    assert os.listdir(apart.source) == []
    assert os.listdir(apart.target) == ["b"]
    copy = apart.target / "b"
    assert copy.read_bytes() == content
    assert copy.stat().st_mode & 0o777 == 0o640
    assert copy.stat().st_mtime_ns == 1_500_000_000_123_456_789
    assert recorded == Identity.of(copy.stat())


@pytest.mark.parametrize("text", ["nowhere", "a", "/"])
def test_a_link_is_copied_as_a_link(apart: Ends, text: str) -> None:
    (apart.source / "a").symlink_to(text)
    apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({}, {"b": f"-> {text}"})


def test_a_taken_name_is_not_copied_over(apart: Ends) -> None:
    (apart.source / "a").write_text("x")
    (apart.target / "b").write_text("y")
    with pytest.raises(FileExistsError):
        apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({"a": "x"}, {"b": "y"})


def test_a_name_that_is_taken_during_the_copy_is_not_overwritten(apart: Ends) -> None:
    (apart.source / "a").write_text("x")
    with pytest.raises(FileExistsError):
        apart.move(record=lambda _copy: (apart.target / "b").write_text("y"))
    assert (tree(apart.source), tree(apart.target)) == ({"a": "x"}, {"b": "y"})


def test_a_vanished_file_cannot_be_copied(apart: Ends) -> None:
    with pytest.raises(FileNotFoundError):
        apart.move()
    assert tree(apart.target) == {}


def test_a_file_that_changes_during_the_copy_stays(
    apart: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = apart.source / "a"
    original.write_text("old")
    real = moves._copy_attributes

    def write_meanwhile(*arguments: object) -> None:
        original.write_text("newer")
        real(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(moves, "_copy_attributes", write_meanwhile)
    with pytest.raises(ChangedError):
        apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({"a": "newer"}, {})


def test_a_file_that_changes_at_the_last_moment_stays(apart: Ends) -> None:
    original = apart.source / "a"
    original.write_text("old")
    with pytest.raises(ChangedError):
        apart.move(record=lambda _copy: original.write_text("newer"))
    assert (tree(apart.source), tree(apart.target)) == ({"a": "newer"}, {})


def test_a_copy_whose_original_vanishes_is_kept(apart: Ends) -> None:
    (apart.source / "a").write_text("x")
    apart.move(record=lambda _copy: (apart.source / "a").unlink())
    assert (tree(apart.source), tree(apart.target)) == ({}, {"b": "x"})


def test_a_copy_that_reads_back_differently_is_thrown_away(
    apart: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    (apart.source / "a").write_text("x")
    monkeypatch.setattr(moves, "digest_of", lambda *_arguments: b"bad disk")
    with pytest.raises(OSError, match="the copy differs from the original"):
        apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({"a": "x"}, {})


def test_a_long_copy_is_given_up_when_asked_to_stop(apart: Ends) -> None:
    (apart.source / "a").write_text("x")
    with pytest.raises(StoppedError):
        apart.move(should_stop=lambda: True)
    assert (tree(apart.source), tree(apart.target)) == ({"a": "x"}, {})


def test_a_full_disk_leaves_the_original_and_no_rest(
    apart: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    (apart.source / "a").write_text("x")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({"a": "x"}, {})


def test_an_original_that_cannot_be_removed_leaves_no_copy(
    open_folder: Path, other_file_system: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = other_file_system
    if target is None:
        seem_apart(monkeypatch)
        target = open_folder / "t"
        target.mkdir()
    (open_folder / "s").mkdir()
    (open_folder / "s/a").write_text("x")
    give_to_nobody(target, open_folder / "s/a", open_folder / "s")
    (open_folder / "s").chmod(0o555)
    with Place.open(str(open_folder / "s")) as from_, Place.open(str(target)) as to:
        ends = Ends(open_folder / "s", target, from_, to)
        with unprivileged(), pytest.raises(PermissionError):
            ends.move()
    assert (tree(open_folder / "s"), tree(target)) == ({"a": "x"}, {})


@pytest.mark.parametrize("call", ["chown", "utime", "chmod"])
def test_a_file_system_without_owners_times_or_modes_gets_the_content(
    apart: Ends, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def forbidden(*_arguments: object, **_options: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    (apart.source / "a").write_text("x")
    monkeypatch.setattr(os, call, forbidden)
    apart.move()
    assert (tree(apart.source), tree(apart.target)) == ({}, {"b": "x"})


@pytest.mark.parametrize(
    ("number", "result"), [(errno.EINVAL, ({}, {"b": "x"})), (errno.EIO, ({"a": "x"}, {}))]
)
def test_a_folder_that_cannot_be_flushed_is_fine_and_one_that_fails_is_not(
    apart: Ends,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    result: tuple[dict[str, str], dict[str, str]],
) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if descriptor == apart.to.fd:
            raise OSError(number, os.strerror(number))
        real(descriptor)

    (apart.source / "a").write_text("x")
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="error") if number == errno.EIO else nullcontext():
        apart.move()
    assert (tree(apart.source), tree(apart.target)) == result


def test_attributes_that_users_gave_a_file_go_with_it(apart: Ends) -> None:
    (apart.source / "a").write_text("x")
    try:
        os.setxattr(apart.source / "a", "user.comment", b"mine")
        os.setxattr(apart.target, "user.comment", b"mine")
    except OSError:
        pytest.skip("no extended attributes of users on one of the file systems")
    apart.move()
    assert os.getxattr(apart.target / "b", "user.comment") == b"mine"
