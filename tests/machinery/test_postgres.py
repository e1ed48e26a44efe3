"""The PostgreSQL that other tests rest on starts, answers, and is gone afterwards."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.postgres import PostgresError, find_binaries, postgres_server, where_others_may_read
from tests.support import REPOSITORY, run

STARTS_AND_WAITS = """
import time
from tests.postgres import postgres_server
with postgres_server() as server:
    print(server.port, flush=True)
    time.sleep(600)
"""


def listens(port: int) -> bool:
    """Whether anything takes connections on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_it_answers_while_it_is_needed_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A place of its own: other proofs have servers at the same time. Whoever PostgreSQL runs as
    # must be able to enter it.
    with tempfile.TemporaryDirectory(prefix="seedbed-test-") as name:
        place = Path(name)
        place.chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", name)

        with postgres_server() as server:
            assert server.ask("SELECT 6 * 7") == "42"
            assert len([*place.iterdir()]) == 1

        assert [*place.iterdir()] == []
        assert not listens(server.port)


def test_each_database_is_new_and_empty() -> None:
    with postgres_server() as server:
        first, second = server.new_database(), server.new_database()
        server.ask("CREATE TABLE notes (id int)", first)

        tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'notes'"
        assert [server.ask(tables, url) for url in (first, second)] == ["1", "0"]


def test_letters_beyond_ascii_have_a_lower_case() -> None:
    with postgres_server() as server:
        assert server.ask("SELECT lower('ÀÉ')") == "àé"


def test_it_is_the_major_version_that_projects_are_deployed_with() -> None:
    pinned = {
        major
        for name in (
            "partials/service.compose.yaml.jinja",
            "templates/{{every_service}}/.github/workflows/database.yml",
        )
        for major in re.findall(
            r"image: postgres:(\d+)-",
            (REPOSITORY / name).read_text(),
        )
    }

    with postgres_server() as server:
        assert {server.ask("SHOW server_version").partition(".")[0]} == pinned


def test_a_failure_inside_ends_it_as_well() -> None:
    with pytest.raises(ZeroDivisionError), postgres_server() as server:  # noqa: PT012
        port = server.port
        raise ZeroDivisionError

    assert not listens(port)


if sys.platform == "linux":  # no other kernel promises it

    def test_it_ends_when_the_tests_are_killed() -> None:
        # What is killed cannot remove its folder.
        with tempfile.TemporaryDirectory(prefix="killed-tests-") as folder:
            Path(folder).chmod(0o755)
            with subprocess.Popen(
                [sys.executable, "-c", STARTS_AND_WAITS],
                cwd=REPOSITORY,
                env={**os.environ, "TMPDIR": folder},
                stdout=subprocess.PIPE,
                text=True,
            ) as tests:
                assert tests.stdout is not None
                port = int(tests.stdout.readline())
                assert listens(port)
                tests.kill()

            deadline = time.monotonic() + 10
            while listens(port):
                assert time.monotonic() < deadline
                time.sleep(0.05)


def test_a_query_that_fails_shows_what_postgresql_said() -> None:
    with postgres_server() as server, pytest.raises(PostgresError, match="division by zero"):
        server.ask("SELECT 1 / 0")


def test_a_machine_without_postgresql_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.postgres._candidates", lambda: iter([tmp_path]))

    with pytest.raises(PostgresError, match=r"group `postgres` .* apt-get install postgresql"):
        find_binaries()


def test_programs_in_a_folder_that_is_closed_to_others_work_where_they_are_copied(
    tmp_path: Path,
) -> None:
    binaries = find_binaries()
    site = binaries.parents[2]
    closed, there = tmp_path / "closed", tmp_path / "there"
    closed.mkdir(mode=0o700)
    there.mkdir()
    (closed / "site").symlink_to(site)
    copied = where_others_may_read(closed / "site" / binaries.relative_to(site), there)

    assert copied.is_relative_to(there)
    assert "not found" not in run(["ldd", copied / "initdb"])
    assert run([copied / "initdb", "--version"]).startswith("initdb (PostgreSQL)")
