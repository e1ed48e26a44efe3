"""Seeding, updating and looking come to the same wherever the repositories are."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cohort.servers.http_backend import HttpBackend
from tests.cohort.transports import STUDENTS, TRANSPORTS, Cohorting, Done, cohort_by
from tests.cohort.world import Snapshot, assert_nothing_lost, small_template, work_and_push


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, own_settings_kept_out: None) -> Path:  # noqa: ARG001
    """A template of which four versions are released."""
    return small_template(tmp_path_factory.mktemp("template") / "small")


@pytest.fixture(scope="module")
def in_a_folder(small: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What a term comes to where the repositories are in a folder."""
    with cohort_by("folder", tmp_path_factory.mktemp("folder") / "world", small) as cohort:
        return term(cohort, tmp_path_factory.mktemp("students"))


def term(cohort: Cohorting, students: Path) -> list[object]:
    """Everything that is done in a term, and what each step came to."""
    seen: list[object] = [cohort.seedbed("seed"), snapshots(cohort), cohort.seedbed("seed")]
    work_and_push(cohort.address("ada"), students / "ada", cohort.env)
    before = snapshots(cohort)
    seen += [cohort.seedbed("update", "--to=v1.1.0"), states(cohort)]
    after = snapshots(cohort)
    for slug in STUDENTS:
        ours = ["refs/heads/seedbed/v1.1.0"]
        assert_nothing_lost(before[slug], after[slug], ours=ours)
    seen += [cohort.seedbed("update", "--to=v1.2.0", "--merge-clean"), snapshots(cohort)]
    seen += [cohort.seedbed("update"), cohort.seedbed("update"), states(cohort)]
    last = snapshots(cohort)
    for slug in STUDENTS:
        ours = ["refs/heads/main", "refs/heads/seedbed/v2.0.0"]
        assert_nothing_lost(after[slug], last[slug], ours=ours)
    return [*seen, last]


def snapshots(cohort: Cohorting) -> Mapping[str, Snapshot]:
    """All that there is at each student's."""
    return {slug: Snapshot.of(cohort.repository(slug)) for slug in STUDENTS}


def states(cohort: Cohorting) -> list[Mapping[str, Any]]:
    """What `status` says of each student, but for the address, which tells them apart."""
    done = cohort.seedbed("status", "--json")
    assert (done.code, done.errors) == (0, ""), done.errors
    rows: list[Mapping[str, Any]] = json.loads("\n".join(done.lines))["rows"]
    assert [row["repository"] for row in rows] == [shown(cohort, slug) for slug in STUDENTS]
    return [{name: row[name] for name in row if name != "repository"} for row in rows]


def shown(cohort: Cohorting, slug: str) -> str:
    """An address as it is shown: without the user."""
    scheme, found, rest = cohort.address(slug).partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if found else scheme


def test_a_term_in_a_folder_is_seeded_updated_and_looked_at(in_a_folder: list[object]) -> None:
    seeded, first, again, updated, then, merged, _, newest, once_more, now, _ = in_a_folder
    assert isinstance(first, dict)
    commits = {slug: first[slug].refs["refs/heads/main"][:7] for slug in STUDENTS}
    assert seeded == Done(0, [*(f"{s}: seeded {commits[s]}" for s in STUDENTS), "3 done"], "")
    assert again == Done(0, [*(f"{s}: seeded already" for s in STUDENTS), "3 nothing to do"], "")
    pushed = [f"{slug}: pushed seedbed/v1.1.0" for slug in STUDENTS]
    assert updated == Done(0, [*pushed, "3 done"], "")
    assert isinstance(then, list)
    assert [(row["state"], row["version"], row["commits"]) for row in then] == [
        ("update open", "v1.0.0", 3),
        ("update open", "v1.0.0", 0),
        ("update open", "v1.0.0", 0),
    ]
    assert merged == Done(0, [*(f"{slug}: pushed main" for slug in STUDENTS), "3 done"], "")
    pushed = [f"{slug}: pushed seedbed/v2.0.0" for slug in STUDENTS]
    pushed[0] += ", with conflicts in README.md"
    counts = ["2 done, 1 conflict", "conflict: ada: README.md"]
    assert newest == Done(3, [*pushed, *counts], "")
    is_open = [f"{slug}: seedbed/v2.0.0 is open" for slug in STUDENTS]
    is_open[0] += ", with conflicts in README.md"
    counts = ["2 nothing to do, 1 conflict", "conflict: ada: README.md"]
    assert once_more == Done(3, [*is_open, *counts], "")
    assert isinstance(now, list)
    assert [(row["state"], row["version"]) for row in now] == [
        ("conflict", "v1.2.0"),
        ("update open", "v1.2.0"),
        ("update open", "v1.2.0"),
    ]


@pytest.mark.parametrize("transport", TRANSPORTS[1:])
def test_a_term_comes_to_the_same_on_a_server_commit_by_commit(
    small: Path, tmp_path: Path, in_a_folder: list[object], transport: str
) -> None:
    with cohort_by(transport, tmp_path / "world", small) as cohort:
        assert term(cohort, tmp_path / "students") == in_a_folder


def test_credentials_are_left_to_git_and_stand_nowhere(small: Path, tmp_path: Path) -> None:
    with cohort_by("http", tmp_path / "world", small) as cohort:
        seeded = cohort.seedbed("seed")

        assert isinstance(cohort.server, HttpBackend)
        secret = cohort.server.password
        written = [path for path in cohort.folder.rglob("*") if path.is_file()]
        assert seeded.code == 0
        assert [path for path in written if secret.encode() in path.read_bytes()] == []
        assert secret not in str(seeded)
