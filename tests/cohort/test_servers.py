"""The servers and faults that other proofs rest on: plain Git meets each as it would at a host."""

import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cohort.servers.faults import (
    NO_SUCH_HOST,
    corrupt,
    decline_pushes,
    fill,
    new_repository,
    not_a_repository,
    repair,
    small_disk,
)
from tests.cohort.servers.http_backend import (
    HttpBackend,
    HttpFault,
    Request,
    credential_store,
    http_backend,
)
from tests.cohort.servers.limits import limited
from tests.cohort.servers.proxy import LineFault, Proxy, Way, proxy
from tests.cohort.servers.ssh import SshServer, ssh_server
from tests.cohort.world import Snapshot, Working, losses, small_template
from tests.support import free_port, git, run

BRANCH = "HEAD:refs/heads/new"
PACK = 300_000  # bytes of noise in the commit that is pushed, which no compression makes fewer


@dataclass(frozen=True)
class Done:
    """How a call of Git ended."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Asking:
    """Git in a clone, with what it needs to get in."""

    clone: Path
    env: Mapping[str, str]

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin a call."""
        return subprocess.Popen(
            ["git", *map(str, arguments)],
            cwd=self.clone,
            env={**os.environ, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __call__(self, *arguments: str | Path) -> Done:
        """Make a call."""
        with self.start(*arguments) as process:
            output, errors = process.communicate(timeout=60)
            return Done(process.returncode, output, errors)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder with all repositories."""
    return tmp_path / "root"


@pytest.fixture
def repository(root: Path) -> Path:
    """An empty one."""
    return new_repository(root / "cohort" / "ada.git")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with one commit to push."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "noise").write_bytes(os.urandom(PACK))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Noise")
    return folder


@pytest.fixture
def http(root: Path) -> Iterator[HttpBackend]:
    """A server of HTTP."""
    with http_backend(root) as backend:
        yield backend


@pytest.fixture
def http_git(http: HttpBackend, clone: Path, tmp_path: Path) -> Asking:
    """Git with the password."""
    return Asking(clone, credential_store(tmp_path / "credentials", http))


@pytest.fixture
def ssh(root: Path, tmp_path: Path) -> Iterator[SshServer]:
    """A server of SSH."""
    with ssh_server(root, tmp_path / "ssh") as server:
        yield server


@pytest.fixture
def ssh_git(ssh: SshServer, clone: Path) -> Asking:
    """Git with the key."""
    return Asking(clone, ssh.environment())


def by_line(
    server: HttpBackend | SshServer, line: Proxy, folder: Path
) -> tuple[str, Mapping[str, str]]:
    """Where a server is for one who goes by a line, and the environment with what it wants."""
    if isinstance(server, HttpBackend):
        through = HttpBackend(server.root, server.user, server.password, line.port)
        return through.url, credential_store(folder / "by-line", through)
    return server.url_at(line.port), server.environment()


def head(clone: Path) -> str:
    return git(clone, "rev-parse", "HEAD").strip()


def refs(repository: Path) -> Mapping[str, str]:
    return Snapshot.of(repository).refs


def test_a_push_over_http_arrives_in_chunks_and_is_cloned_again(
    http: HttpBackend, http_git: Asking, repository: Path, clone: Path, tmp_path: Path
) -> None:
    url = f"{http.url}/cohort/ada.git"
    # Small enough for Git to send it in pieces.
    pushed = http_git("-c", "http.postBuffer=70000", "push", "--quiet", url, BRANCH)
    again = http_git("clone", "--quiet", "--branch=new", url, tmp_path / "again")

    assert [pushed.code, again.code] == [0, 0]
    assert refs(repository) == {"refs/heads/new": head(clone)}
    assert (tmp_path / "again" / "noise").read_bytes() == (clone / "noise").read_bytes()
    receiving = [each for each in http.requests if "receive-pack" in each.path]
    assert receiving == [
        Request("GET", "/cohort/ada.git/info/refs?service=git-receive-pack", 401, None),
        Request("GET", "/cohort/ada.git/info/refs?service=git-receive-pack", 200, http.user),
        # Git tries the connection before it sends much.
        Request("POST", "/cohort/ada.git/git-receive-pack", 200, http.user),
        Request("POST", "/cohort/ada.git/git-receive-pack", 200, http.user),
    ]


def test_a_request_that_is_compressed_is_understood(
    http: HttpBackend, http_git: Asking, repository: Path, clone: Path, tmp_path: Path
) -> None:
    # What the clone says that it wants or has is compressed from 1024 bytes on.
    tree = git(clone, "rev-parse", "HEAD^{tree}").strip()
    for number in range(60):
        commit = git(clone, "commit-tree", "-m", str(number), tree).strip()
        git(clone, "push", "--quiet", str(repository), f"{commit}:refs/heads/branch-{number}")
    url = f"{http.url}/cohort/ada.git"

    cloned = http_git("clone", "--quiet", "--mirror", url, tmp_path / "again")

    assert cloned == Done(0, "", "")
    assert refs(tmp_path / "again") == refs(repository)


def test_credentials_are_given_by_the_helper_and_stand_in_no_address(
    http: HttpBackend, http_git: Asking, repository: Path
) -> None:
    asked = http_git("ls-remote", f"{http.url}/cohort/{repository.name}")

    assert asked == Done(0, "", "")
    user = http.user
    statuses = [(each.status, each.user) for each in http.requests]
    assert statuses == [(401, None), (200, user), (200, user)]
    assert http.password not in http.url
    assert "@" not in http.url


def test_who_has_no_password_is_asked_for_one_and_gets_nothing(
    http: HttpBackend, repository: Path, clone: Path
) -> None:
    asked = Asking(clone, {})("ls-remote", f"{http.url}/cohort/{repository.name}")

    said = f"could not read Username for '{http.url}': terminal prompts disabled"
    assert asked == Done(128, "", f"fatal: {said}\n")
    assert [each.status for each in http.requests] == [401]


def test_who_has_a_wrong_password_gets_nothing(
    http: HttpBackend, repository: Path, clone: Path, tmp_path: Path
) -> None:
    wrong = credential_store(tmp_path / "wrong", http, password="guessed")
    url = f"{http.url}/cohort/{repository.name}"

    asked = Asking(clone, wrong)("ls-remote", url)

    assert asked == Done(128, "", f"fatal: Authentication failed for '{url}/'\n")
    assert [each.status for each in http.requests] == [401, 401]


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_status_is_answered_as_often_as_was_said_and_to_one_repository_only(
    http: HttpBackend, http_git: Asking, root: Path, repository: Path, status: int
) -> None:
    new_repository(root / "cohort" / "bob.git")
    http.fault(HttpFault(status, text="Not now.", repository="cohort/ada", after=1, times=2))
    ada, bob = f"{http.url}/cohort/{repository.name}", f"{http.url}/cohort/bob.git"

    asked = [http_git("ls-remote", url) for url in (bob, ada, ada, bob, ada)]

    reason = f"fatal: unable to access '{ada}/': The requested URL returned error: {status}\n"
    wrong, fine = Done(128, "", f"remote: Not now.\n{reason}"), Done(0, "", "")
    # Each call asks twice, first without the password: the one request that is let through.
    assert asked == [fine, wrong, wrong, fine, fine]


def test_a_request_is_held_until_it_is_released(
    http: HttpBackend, http_git: Asking, repository: Path
) -> None:
    fault = http.fault(HttpFault(None, hold=threading.Event()))
    with http_git.start("ls-remote", f"{http.url}/cohort/{repository.name}") as process:
        assert fault.reached.wait(30)
        assert http.requests == []
        assert process.poll() is None

        http.mend()

        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("gone.git", 404), ("cohort/../../secret.git", 404), ("%2e%2e/secret.git", 500)],
)
def test_nothing_outside_the_root_is_served_over_http(
    http: HttpBackend, http_git: Asking, tmp_path: Path, root: Path, path: str, status: int
) -> None:
    new_repository(tmp_path / "secret.git")
    root.mkdir()

    asked = http_git("ls-remote", f"{http.url}/{path}")

    assert asked.code == 128
    assert [each.status for each in http.requests] == [401, status]


def test_a_push_over_ssh_arrives_by_both_kinds_of_address(
    ssh: SshServer, clone: Path, repository: Path, tmp_path: Path
) -> None:
    alias, env = ssh.alias()
    by_alias = Asking(clone, env)
    by_url = Asking(clone, ssh.environment())

    done = [
        by_url("push", "--quiet", f"{ssh.url}/cohort/ada.git", "HEAD:refs/heads/one"),
        by_alias("push", "--quiet", f"{alias}:cohort/ada.git", "HEAD:refs/heads/two"),
        by_alias("clone", "--quiet", "--mirror", f"{alias}:cohort/ada.git", tmp_path / "again"),
    ]

    assert done == [Done(0, "", "")] * 3
    assert refs(repository) == {"refs/heads/one": head(clone), "refs/heads/two": head(clone)}
    assert refs(tmp_path / "again") == refs(repository)


def test_a_key_that_the_server_does_not_know_gets_nothing(
    ssh: SshServer, clone: Path, repository: Path
) -> None:
    stranger = Asking(clone, ssh.environment(identity="stranger"))

    asked = stranger("ls-remote", f"{ssh.url}/cohort/{repository.name}")

    assert asked.code == 128
    assert asked.errors.splitlines()[0] == (f"{ssh.user}@127.0.0.1: Permission denied (publickey).")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("id", "This account is for Git alone."),
        ("", "This account is for Git alone."),
        ("git-upload-pack '/x.git'; id", "This account is for Git alone."),
        ("git-upload-pack '/x.git'; id '", "No such repository."),
        ("git-upload-pack '/../secret.git'", "No such repository."),
        ("git-upload-archive '/cohort/ada.git'", "This account is for Git alone."),
    ],
)
def test_a_key_is_for_git_in_the_root_alone(ssh: SshServer, command: str, said: str) -> None:
    config = ssh.environment()["GIT_SSH_COMMAND"].split()
    options = ["-n", "-T", "-p", str(ssh.port), f"{ssh.user}@127.0.0.1"]

    done = subprocess.run(
        [*config, *options, *([command] if command else [])],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr.strip()) == (128, "", said)


def test_an_address_with_a_quote_in_it_reaches_no_shell(
    ssh: SshServer, ssh_git: Asking, tmp_path: Path
) -> None:
    asked = ssh_git("ls-remote", f"{ssh.url}/x'; touch {tmp_path}/ran; '.git")

    assert asked.code == 128
    assert not (tmp_path / "ran").exists()


def test_servers_are_gone_when_their_block_ends(root: Path, tmp_path: Path) -> None:
    with (
        http_backend(root) as http,
        ssh_server(root, tmp_path / "ssh") as ssh,
        proxy(http.port) as line,
    ):
        ports = [http.port, ssh.port, line.port]
        for port in ports:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()

    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "closed"])
@pytest.mark.parametrize("way", [Way.UP, Way.DOWN])
@pytest.mark.parametrize("transport", ["http", "ssh"])
def test_a_line_is_cut_once_and_the_same_push_is_complete_afterwards(
    request: pytest.FixtureRequest,
    repository: Path,
    clone: Path,
    tmp_path: Path,
    transport: str,
    way: Way,
    reset: bool,
) -> None:
    server: HttpBackend | SshServer = request.getfixturevalue(transport)
    with proxy(server.port) as line:
        url, env = by_line(server, line, tmp_path)
        asking = Asking(clone, env)
        amount = PACK // 2 if way is Way.UP else 5
        fault = line.fault(LineFault(way, amount, times=1, reset=reset))
        # What Git sends in pieces cannot be sent again by the library below it.
        push = ("-c", "http.postBuffer=70000", "push", "--quiet", f"{url}/cohort/ada.git", BRANCH)

        first = asking(*push)
        assert first.code != 0
        assert fault.reached.is_set()
        assert line.connections[0].passed[way] == amount
        # Half a pack leaves nothing behind that can be seen.
        assert refs(repository) == {}

        assert asking(*push) == Done(0, "", "")
        assert refs(repository) == {"refs/heads/new": head(clone)}


@pytest.mark.parametrize("transport", ["http", "ssh"])
def test_a_slow_line_holds_a_push_until_it_is_released(
    request: pytest.FixtureRequest, repository: Path, clone: Path, tmp_path: Path, transport: str
) -> None:
    server: HttpBackend | SshServer = request.getfixturevalue(transport)
    with proxy(server.port) as line:
        url, env = by_line(server, line, tmp_path)
        asking = Asking(clone, env)
        fault = line.fault(LineFault(Way.UP, PACK // 2, hold=True, times=1))
        with asking.start("push", "--quiet", f"{url}/cohort/ada.git", BRANCH) as process:
            assert fault.reached.wait(30)
            assert process.poll() is None
            assert refs(repository) == {}

            fault.release()

            assert process.communicate(timeout=30) == ("", "")
        assert refs(repository) == {"refs/heads/new": head(clone)}


@pytest.mark.parametrize("transport", ["http", "ssh"])
def test_a_name_that_is_nobodys_does_not_resolve_and_a_closed_port_refuses(
    request: pytest.FixtureRequest, transport: str
) -> None:
    asking: Asking = request.getfixturevalue(f"{transport}_git")

    lost = asking("ls-remote", f"{transport}://{NO_SUCH_HOST}/x.git")
    closed = asking("ls-remote", f"{transport}://127.0.0.1:{free_port()}/x.git")

    assert [lost.code, closed.code] == [128, 128]
    assert "Could not resolve host" in lost.errors
    assert ("Failed to connect" if transport == "http" else "Connection refused") in closed.errors


def test_a_repository_that_declines_takes_pushes_again_without_its_hook(
    clone: Path, repository: Path
) -> None:
    hook = decline_pushes(repository, 'Closed: "exam"; $(id)')
    push = ("push", "--porcelain", str(repository), BRANCH)

    declined = Asking(clone, {})(*push)
    assert declined.code == 1
    assert "[remote rejected] (pre-receive hook declined)" in declined.output
    assert declined.errors.splitlines()[0].rstrip() == 'remote: Closed: "exam"; $(id)'
    assert refs(repository) == {}

    hook.unlink()
    assert Asking(clone, {})(*push).code == 0
    assert refs(repository) == {"refs/heads/new": head(clone)}


def test_a_folder_without_a_repository_is_none(clone: Path, tmp_path: Path) -> None:
    folder = not_a_repository(tmp_path / "notes.git")

    asked = Asking(clone, {})("ls-remote", folder)

    assert asked.code == 128
    assert asked.errors.startswith(f"fatal: '{folder}' does not appear to be a git repository\n")


@pytest.mark.parametrize("revision", ["new", "new^{tree}", "new:noise"])
@pytest.mark.parametrize("limit", ["1", "100"], ids=["packed", "loose"])
def test_an_object_that_is_corrupt_is_met_by_whoever_fetches_it_and_can_be_repaired(
    clone: Path, repository: Path, tmp_path: Path, revision: str, limit: str
) -> None:
    git(repository, "config", "receive.unpackLimit", limit)
    git(clone, "push", "--quiet", str(repository), BRANCH)
    before = Snapshot.of(repository)

    spoilt = corrupt(repository, revision)

    # A plain path would be copied, not read.
    fetched = Asking(clone, {})("clone", "--bare", f"file://{repository}", tmp_path / "again")
    assert fetched.code == 128
    assert "is corrupt" in fetched.errors
    with pytest.raises(AssertionError):
        Snapshot.of(repository)

    repair(spoilt)
    assert Snapshot.of(repository) == before


def test_a_push_to_a_disk_that_is_full_is_complete_once_there_is_room(
    clone: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 4 << 20) as disk:
        repository = new_repository(disk / "ada.git")
        filler = fill(disk, leave=PACK // 2)
        push = ("push", "--porcelain", str(repository), BRANCH)

        full = Asking(clone, {})(*push)
        assert full.code == 1
        assert "No space left on device" in full.errors
        assert refs(repository) == {}

        filler.unlink()
        assert Asking(clone, {})(*push).code == 0
        assert refs(repository) == {"refs/heads/new": head(clone)}


@pytest.mark.parametrize("transport", ["http", "ssh"])
def test_a_push_that_finds_no_room_for_a_file_is_complete_once_there_is_some(
    request: pytest.FixtureRequest, repository: Path, clone: Path, transport: str
) -> None:
    server: HttpBackend | SshServer = request.getfixturevalue(transport)
    asking: Asking = request.getfixturevalue(f"{transport}_git")
    push = ("push", "--porcelain", f"{server.url}/cohort/ada.git", BRANCH)

    limit_files(server, PACK // 2)
    full = asking(*push)
    assert full.code == 1
    assert "File too large" in full.errors
    assert refs(repository) == {}

    limit_files(server, None)
    assert asking(*push).code == 0
    assert refs(repository) == {"refs/heads/new": head(clone)}


def limit_files(server: HttpBackend | SshServer, largest_file: int | None) -> None:
    """Let a server write no larger file."""
    if isinstance(server, HttpBackend):
        server.largest_file = largest_file
    else:
        server.limit_files(largest_file)


def test_a_command_under_a_limit_is_told_that_the_file_is_too_large(tmp_path: Path) -> None:
    script = (
        "import sys\ntry:\n    open(sys.argv[1], 'wb', buffering=0).write(bytes(4000))\n"
        "    open(sys.argv[1], 'ab', buffering=0).write(bytes(4000))\n"
        "except OSError as error:\n    print(error.errno)\n"
    )

    told = run(limited([sys.executable, "-c", script, tmp_path / "file"], largest_file=1024))

    assert (int(told), (tmp_path / "file").stat().st_size) == (errno.EFBIG, 1024)


def test_what_is_lost_is_told_line_by_line(tmp_path: Path) -> None:
    template = small_template(tmp_path / "template")
    repository = tmp_path / "ada.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(template), str(repository))
    student = Working.clone(repository, tmp_path / "ada")
    student.push("main:refs/heads/kept", "main:refs/heads/dropped")
    before = Snapshot.of(repository)
    assert losses(before, Snapshot.of(repository), ours=[]) == []
    old, gone = before.refs["refs/heads/main"], [*before.commits]

    squashed = student.squash()
    student.push("--force", "main", ":refs/heads/dropped", "main:refs/heads/new")
    for tag in git(repository, "tag").split():
        git(repository, "tag", "--delete", tag)
    git(repository, "update-ref", "-d", "refs/heads/kept")
    git(repository, "symbolic-ref", "HEAD", "refs/heads/new")

    assert losses(before, Snapshot.of(repository), ours=["refs/heads/main"]) == [
        *(f"the commit {commit} is gone" for commit in gone),
        "refs/heads/dropped is gone",
        "refs/heads/kept is gone",
        f"refs/heads/main was moved back or aside, from {old} to {squashed}",
        "refs/heads/new was made",
        *(f"refs/tags/{tag} is gone" for tag in ("v1.0.0", "v1.1.0", "v1.2.0", "v2.0.0")),
        "HEAD was moved from refs/heads/main to refs/heads/new",
    ]


def test_a_branch_that_moved_forward_is_no_loss_where_we_may_move_it(tmp_path: Path) -> None:
    template = small_template(tmp_path / "template")
    repository = tmp_path / "ada.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(template), str(repository))
    before = Snapshot.of(repository)
    student = Working.clone(repository, tmp_path / "ada")
    new = student.commit({"new.txt": "New.\n"})
    student.push()
    after = Snapshot.of(repository)

    old = before.refs["refs/heads/main"]
    assert losses(before, after, ours=["refs/heads/main"]) == []
    assert losses(before, after, ours=[]) == [f"refs/heads/main was moved from {old} to {new}"]
