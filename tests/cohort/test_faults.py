"""Whatever goes wrong on the way is told, loses nothing, and is made good by the next run."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from seedbed.failures import Failure
from tests.cohort.servers import faults
from tests.cohort.servers.http_backend import HttpBackend, HttpFault
from tests.cohort.servers.proxy import LineFault, Way
from tests.cohort.servers.ssh import SshServer
from tests.cohort.transports import STUDENTS, Cohorting, cohort_by
from tests.cohort.world import Snapshot, assert_nothing_lost, small_template, work_and_push
from tests.support import free_port

Apply = Callable[[Cohorting], AbstractContextManager[Cohorting]]
SECONDS = 5  # which a call of Git may take where a server does not answer
DECLINED = f"{Failure.REFUSED.value} (pre-receive hook declined; The owner takes no pushes.)"


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        name: What.
        transport: Where.
        apply: Makes it go wrong as long as the block lasts; gives the cohort to use meanwhile.
        reason: What people are told.
        hit: Whom it hits.
        commands: The commands that meet it.
        seconds: How long one call of Git may take.
    """

    name: str
    transport: str
    apply: Apply
    reason: str
    hit: tuple[str, ...] = ("bob",)
    commands: tuple[str, ...] = ("seed", "update")
    seconds: float = 60


def http_fault(make: Callable[[], HttpFault]) -> Apply:
    @contextmanager
    def apply(cohort: Cohorting) -> Iterator[Cohorting]:
        assert isinstance(cohort.server, HttpBackend)
        cohort.server.fault(make())
        yield cohort
        cohort.server.mend()

    return apply


def line_fault(make: Callable[[], LineFault]) -> Apply:
    @contextmanager
    def apply(cohort: Cohorting) -> Iterator[Cohorting]:
        assert cohort.line is not None
        fault = cohort.line.fault(make())
        yield cohort
        assert fault.reached.is_set()
        cohort.line.mend()

    return apply


def another_server(old: str, new: Callable[[], str]) -> Apply:
    """The cohort's file names another server."""

    @contextmanager
    def apply(cohort: Cohorting) -> Iterator[Cohorting]:
        file = cohort.folder / "cohort.toml"
        right = file.read_text()
        assert cohort.line is not None
        file.write_text(right.replace(old.format(port=cohort.line.port), new()))
        yield cohort
        file.write_text(right)

    return apply


@contextmanager
def declining(cohort: Cohorting) -> Iterator[Cohorting]:
    hook = faults.decline_pushes(cohort.repository("bob"))
    yield cohort
    hook.unlink()


@contextmanager
def gone(cohort: Cohorting) -> Iterator[Cohorting]:
    away = cohort.repository("bob").rename(cohort.root / "away")
    yield cohort
    assert not cohort.repository("bob").exists()
    away.rename(cohort.repository("bob"))


@contextmanager
def something_else(cohort: Cohorting) -> Iterator[Cohorting]:
    """There is a folder where the repository should be, but with something else in it."""
    place, away = cohort.repository("bob"), cohort.root / "away"
    if place.exists():
        place.rename(away)
    faults.not_a_repository(place)
    yield cohort
    assert [path.name for path in place.iterdir()] == ["notes.txt"]
    place.rename(cohort.root / "something else")
    if away.exists():
        away.rename(place)


def corrupt(revision: str) -> Apply:
    @contextmanager
    def apply(cohort: Cohorting) -> Iterator[Cohorting]:
        spoilt = faults.corrupt(cohort.repository("bob"), revision)
        yield cohort
        faults.repair(spoilt)

    return apply


@contextmanager
def no_credentials(cohort: Cohorting) -> Iterator[Cohorting]:
    yield cohort.with_env({})


@contextmanager
def strange_key(cohort: Cohorting) -> Iterator[Cohorting]:
    assert isinstance(cohort.server, SshServer)
    yield cohort.with_env(cohort.server.environment(identity="stranger"))


@contextmanager
def unknown_server(cohort: Cohorting) -> Iterator[Cohorting]:
    assert isinstance(cohort.server, SshServer)
    known = cohort.server.folder / "known_hosts"
    right = known.read_text()
    known.write_text("")
    yield cohort
    known.write_text(right)


@contextmanager
def full_there(cohort: Cohorting) -> Iterator[Cohorting]:
    """No file can be written where the repositories are."""
    if isinstance(cohort.server, HttpBackend):
        cohort.server.largest_file = 0
        yield cohort
        cohort.server.largest_file = None
    else:
        assert cohort.server is not None
        cohort.server.limit_files(0)
        yield cohort
        cohort.server.limit_files(None)


def status_of_bob(status: int, **options: str) -> Apply:
    return http_fault(lambda: HttpFault(status, repository="bob", **options))  # type: ignore[arg-type]


def held_up() -> LineFault:
    # Each student takes two connections, and ada is first.
    return LineFault(Way.DOWN, 10, hold=True, after=2, times=1)


UPDATE = ("update",)
SERVERS = ("http", "ssh")
FAULTS = [
    *(Fault("declines", each, declining, DECLINED) for each in SERVERS),
    Fault("declines", "folder", declining, DECLINED, commands=UPDATE),
    Fault(
        "may read alone",
        "http",
        status_of_bob(403, service="git-receive-pack"),
        Failure.FORBIDDEN.value,
    ),
    *(
        Fault(f"answers {status}", "http", status_of_bob(status), Failure.TRANSPORT.value)
        for status in (429, 500, 503)
    ),
    Fault(
        "breaks when it is pushed to",
        "http",
        status_of_bob(502, method="POST", service="git-receive-pack"),
        Failure.TRANSPORT.value,
    ),
    *(
        Fault(
            f"cut {way} after {amount} bytes, {'reset' if reset else 'closed'}",
            transport,
            line_fault(
                lambda way=way, amount=amount, reset=reset: LineFault(way, amount, reset=reset)  # type: ignore[misc]
            ),
            Failure.TRANSPORT.value,
            hit=STUDENTS,
        )
        for transport, way, amount, reset in (
            ("http", Way.UP, 0, True),
            ("http", Way.DOWN, 400, True),
            ("ssh", Way.UP, 1500, True),
            ("ssh", Way.DOWN, 2500, False),
        )
    ),
    Fault(
        "never answers",
        "http",
        http_fault(lambda: HttpFault(None, repository="bob", hold=threading.Event())),
        Failure.TIME.value,
        seconds=SECONDS,
    ),
    Fault("never answers", "ssh", line_fault(held_up), Failure.TIME.value, seconds=SECONDS),
    Fault("no password", "http", no_credentials, Failure.AUTHENTICATION.value, hit=STUDENTS),
    Fault("a strange key", "ssh", strange_key, Failure.AUTHENTICATION.value, hit=STUDENTS),
    Fault("an unknown server", "ssh", unknown_server, Failure.HOST_KEY.value, hit=STUDENTS),
    *(
        Fault("a full disk", each, full_there, Failure.DISK_THERE.value, hit=STUDENTS)
        for each in SERVERS
    ),
    *(Fault("gone", each, gone, Failure.NOT_THERE.value) for each in SERVERS),
    Fault("gone", "folder", gone, Failure.NOT_THERE.value, commands=UPDATE),
    *(
        Fault("something else", each, something_else, Failure.NOT_THERE.value)
        for each in ("folder", *SERVERS)
    ),
    *(
        Fault(f"a damaged {kind}", each, corrupt(revision), Failure.CORRUPT.value, commands=UPDATE)
        for kind, revision in (("tree", "main^{tree}"), ("commit", "main"))
        for each in ("folder", *SERVERS)
    ),
    *(
        Fault(
            "nobody's name",
            each,
            another_server("127.0.0.1:{port}", lambda: faults.NO_SUCH_HOST),
            Failure.NO_NAME.value,
            hit=STUDENTS,
        )
        for each in SERVERS
    ),
    *(
        Fault(
            "a closed port",
            each,
            another_server(":{port}", lambda: f":{free_port()}"),
            Failure.NO_SERVER.value,
            hit=STUDENTS,
        )
        for each in SERVERS
    ),
]


def meeting(command: str) -> list[object]:
    """The faults that a command meets."""
    return [
        pytest.param(fault, id=f"{fault.transport}: {fault.name}")
        for fault in FAULTS
        if command in fault.commands
    ]


@dataclass(frozen=True)
class Whole:
    """What each student has where nothing goes wrong: when seeded, and when updated."""

    seeded: Mapping[str, Snapshot]
    updated: Mapping[str, Snapshot]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, own_settings_kept_out: None) -> Path:  # noqa: ARG001
    """A template of which three versions are released."""
    versions = ("v1.0.0", "v1.1.0", "v1.2.0")
    return small_template(tmp_path_factory.mktemp("template") / "small", versions)


@pytest.fixture(scope="module")
def whole(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """What each student has where nothing goes wrong."""
    folder = tmp_path_factory.mktemp("whole")
    with cohort_by("folder", folder / "world", small) as cohort:
        assert cohort.seedbed("seed").code == 0
        seeded = snapshots(cohort)
        work_and_push(cohort.address("bob"), folder / "bob")
        assert cohort.seedbed("update").code == 0
        return Whole(seeded, snapshots(cohort))


def snapshots(cohort: Cohorting) -> Mapping[str, Snapshot]:
    return {slug: Snapshot.of(cohort.repository(slug)) for slug in STUDENTS}


def failed(lines: list[str]) -> Mapping[str, str]:
    """Who failed, and why."""
    parts = [line.partition(": failed: ") for line in lines]
    return {slug: reason for slug, found, reason in parts if found}


@pytest.mark.parametrize("fault", meeting("seed"))
def test_seeding_again_completes_what_a_fault_has_left_out(
    small: Path, tmp_path: Path, whole: Whole, fault: Fault
) -> None:
    with cohort_by(fault.transport, tmp_path / "world", small, seconds=fault.seconds) as cohort:
        with fault.apply(cohort) as faulty:
            first = faulty.seedbed("seed")
        assert failed([*first.lines]) == dict.fromkeys(fault.hit, fault.reason)
        assert (first.code, first.errors) == (1, "")
        hit = len(fault.hit)
        assert f"{hit} failed: {fault.reason}: {', '.join(fault.hit)}" in first.lines

        second = cohort.seedbed("seed")

        assert (second.code, failed([*second.lines]), second.errors) == (0, {}, "")
        assert snapshots(cohort) == whole.seeded


@pytest.mark.parametrize("fault", meeting("update"))
def test_updating_again_completes_what_a_fault_has_left_out_and_nothing_is_lost(
    small: Path, tmp_path: Path, whole: Whole, fault: Fault
) -> None:
    with cohort_by(fault.transport, tmp_path / "world", small, seconds=fault.seconds) as cohort:
        assert cohort.seedbed("seed").code == 0
        work_and_push(cohort.address("bob"), tmp_path / "bob", cohort.env)
        before = snapshots(cohort)
        with fault.apply(cohort) as faulty:
            first = faulty.seedbed("update")
        assert failed([*first.lines]) == dict.fromkeys(fault.hit, fault.reason)
        assert (first.code, first.errors) == (1, "")
        between = snapshots(cohort)
        for slug in STUDENTS:
            ours = [] if slug in fault.hit else ["refs/heads/seedbed/v1.2.0"]
            assert_nothing_lost(before[slug], between[slug], ours=ours)

        second = cohort.seedbed("update")

        assert (second.code, failed([*second.lines]), second.errors) == (0, {}, "")
        after = snapshots(cohort)
        assert after == whole.updated
        for slug in STUDENTS:
            ours = ["refs/heads/seedbed/v1.2.0"]
            assert_nothing_lost(before[slug], after[slug], ours=ours)


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_comes_to_itself_is_asked_again_in_the_same_run(
    small: Path, tmp_path: Path, whole: Whole, status: int, method: str
) -> None:
    with cohort_by("http", tmp_path / "world", small) as cohort:
        assert isinstance(cohort.server, HttpBackend)
        fault = HttpFault(status, repository="bob", method=method, times=2)
        cohort.server.fault(fault)

        seeded = cohort.seedbed("seed")

        assert (seeded.code, failed([*seeded.lines]), fault.times) == (0, {}, 0)
        assert snapshots(cohort) == whole.seeded


@pytest.mark.parametrize("transport", SERVERS)
def test_a_line_that_is_cut_once_is_taken_again_in_the_same_run(
    small: Path, tmp_path: Path, whole: Whole, transport: str
) -> None:
    with cohort_by(transport, tmp_path / "world", small) as cohort:
        assert cohort.line is not None
        # HTTP's library takes a line again that was cut once, so that Git is not told of it.
        fault = cohort.line.fault(LineFault(Way.UP, 900, after=1, times=2))

        seeded = cohort.seedbed("seed")

        assert (seeded.code, failed([*seeded.lines]), fault.reached.is_set()) == (0, {}, True)
        assert snapshots(cohort) == whole.seeded


def test_a_push_whose_answer_was_lost_is_found_to_be_done(
    small: Path, tmp_path: Path, whole: Whole
) -> None:
    with cohort_by("http", tmp_path / "world", small) as cohort:
        assert isinstance(cohort.server, HttpBackend)
        fault = HttpFault(
            None, repository="bob", method="POST", service="git-receive-pack", times=1
        )
        fault.lose_answer = True
        cohort.server.fault(fault)

        seeded = cohort.seedbed("seed")

        assert (seeded.code, failed([*seeded.lines]), fault.reached.is_set()) == (0, {}, True)
        assert snapshots(cohort) == whole.seeded


@pytest.mark.parametrize("whose", ["root", "cohort"])
def test_a_disk_that_is_full_here_is_told_and_filled_up_once_there_is_room(
    small: Path, tmp_path: Path, whole: Whole, whose: str
) -> None:
    with (
        faults.small_disk(tmp_path / "disk", 16 << 20) as disk,
        cohort_by("folder", tmp_path / "world", small) as cohort,
    ):
        # On the small disk is either what the students have, or what the instructor has.
        place = cohort.root if whose == "root" else cohort.folder
        (disk / whose).mkdir()
        for path in [*place.iterdir()]:
            (disk / whose / path.name).write_bytes(path.read_bytes())
            path.unlink()
        place.rmdir()
        place.symlink_to(disk / whose)
        filler = faults.fill(disk, leave=0)

        first = cohort.seedbed("seed")
        assert first.code == 1
        assert "no space left" in f"{first.lines} {first.errors}".lower().replace("is left", "left")
        assert "Traceback" not in first.errors

        filler.unlink()
        assert cohort.seedbed("seed").code == 0
        assert snapshots(cohort) == whole.seeded
