"""The engine itself, on an image small enough to read: what other tests of images rest on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.dockerfile import Base, base_images
from tests.image.engine import find_engine
from tests.image.model import BuildError, Container, Engine, EngineError, Image, Mount
from tests.image.ownership import OWNER, OWNING_USER, owned
from tests.support import free_port

pytestmark = pytest.mark.image

DOCKERFILE = """\
ARG PYTHON={python}
FROM python:${PYTHON}-slim-bookworm AS build
RUN python -m venv /srv/venv && /srv/venv/bin/pip install --no-cache-dir iniconfig==2.1.0

FROM python:${PYTHON}-slim-bookworm
ENV PATH=/srv/venv/bin:$PATH GREETING="hello there" PORT=8000
COPY --from=build /srv/venv /srv/venv
COPY server.py copier.py /srv/
WORKDIR /work
USER 10001:10002
EXPOSE 8000
HEALTHCHECK CMD python -c "import os, urllib.request as r; \
r.urlopen(f'http://127.0.0.1:{os.environ[\\"PORT\\"]}/health')"
ENTRYPOINT ["python"]
CMD ["/srv/server.py"]
"""

# Ends by itself when asked, with a code that no default gives.
SERVER = """\
import http.server, os, signal, sys, threading
import iniconfig

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

server = http.server.ThreadingHTTPServer(("0.0.0.0", int(os.environ["PORT"])), Handler)

def stop(number, frame):
    print("stopping", flush=True)
    threading.Thread(target=server.shutdown).start()

signal.signal(signal.SIGTERM, stop)
server.serve_forever()
sys.exit(43)
"""

COPIER = """\
import pathlib, sys
names = sorted(path.name for path in pathlib.Path(sys.argv[1]).iterdir())
pathlib.Path(sys.argv[2], "names.txt").write_text(" ".join(names))
print(len(names))
"""

# Process 1 has no default for SIGTERM: the kernel drops it.
DEAF = "import time; print('deaf', flush=True); time.sleep(600)"


@pytest.fixture(scope="module")
def image(engine: Engine, image_python: str, tmp_path_factory: pytest.TempPathFactory) -> Image:
    context = tmp_path_factory.mktemp("context")
    (context / "Dockerfile").write_text(DOCKERFILE.replace("{python}", image_python))
    (context / "server.py").write_text(SERVER)
    (context / "copier.py").write_text(COPIER)
    return engine.build(context, "engine-test")


@pytest.fixture(scope="module")
def server(engine: Engine, image: Image) -> Iterator[Container]:
    port = free_port()
    with engine.start(image, environment={"PORT": str(port)}, port=port) as container:
        container.wait_until_answers("/health")
        yield container


def test_a_dockerfiles_configuration_is_known(image: Image) -> None:
    assert image.user == "10001:10002"
    assert image.working_folder == "/work"
    assert image.ports == {8000}
    assert image.entrypoint == ("python",)
    assert image.command == ("/srv/server.py",)
    assert image.environment["GREETING"] == "hello there"
    assert image.healthcheck is not None
    assert image.healthcheck[:2] == ("/bin/sh", "-c")


@pytest.mark.parametrize(("option", "number"), [("-u", "10001"), ("-g", "10002"), ("-G", "10002")])
def test_the_user_of_the_dockerfile_runs_everything(
    engine: Engine, image: Image, option: str, number: str
) -> None:
    assert engine.run(image, option, entrypoint=["id"]).stdout.split() == [number]


def test_the_user_of_the_dockerfile_runs_further_commands(server: Container) -> None:
    assert server.run("id", "-u").stdout == "10001\n"


def test_a_container_sees_its_own_processes_only(server: Container) -> None:
    listed = server.run("sh", "-c", "cat /proc/1/cmdline; echo; ls /proc | grep -c '^[0-9]'")
    first, _, number = listed.stdout.partition("\n")
    assert first.split("\0")[:2] == ["python", "/srv/server.py"]
    assert int(number) < 10


def test_variables_and_folder_of_the_dockerfile_hold(engine: Engine, image: Image) -> None:
    program = "import os; print(os.environ['GREETING'], os.environ['MORE'], os.getcwd(), sep='|')"
    done = engine.run(image, "-c", program, environment={"MORE": "a 'b' $c"})
    assert done.stdout == "hello there|a 'b' $c|/work\n"


def test_variables_of_this_machine_stay_outside(
    engine: Engine, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEEDBED_SECRET", "mine")
    done = engine.run(image, "-c", "import os; print('SEEDBED_SECRET' in os.environ)")
    assert done.stdout == "False\n"


def test_streams_and_exit_code_come_back_apart(engine: Engine, image: Image) -> None:
    done = engine.run(
        image, "-c", "import sys; print('out'); print('err', file=sys.stderr); exit(7)"
    )
    assert (done.exit_code, done.stdout, done.stderr) == (7, "out\n", "err\n")


def test_each_run_starts_from_the_image(engine: Engine, image: Image) -> None:
    program = "import pathlib as p; f = p.Path('/tmp/seen'); print(f.exists()); f.touch()"
    assert [engine.run(image, "-c", program).stdout for _ in range(2)] == ["False\n", "False\n"]


def test_a_missing_command_is_127(engine: Engine, image: Image) -> None:
    done = engine.run(image, entrypoint=["sh", "-c", "no-such-program"])
    assert done.exit_code == 127


def test_a_service_is_reached_from_this_machine(server: Container) -> None:
    assert server.wait_until_answers("/health") == 200
    assert server.wait_until_answers("/elsewhere") == 404


def test_a_health_check_passes_while_the_service_serves(server: Container) -> None:
    done = server.healthcheck()
    assert done.exit_code == 0, done.stderr


def test_a_health_check_fails_where_nothing_serves(engine: Engine, image: Image) -> None:
    with engine.start(image, "-c", DEAF, environment={"PORT": str(free_port())}) as container:
        assert container.healthcheck().exit_code != 0


def test_sigterm_reaches_process_1_which_ends_in_its_own_way(engine: Engine, image: Image) -> None:
    port = free_port()
    with engine.start(image, environment={"PORT": str(port)}, port=port) as container:
        container.wait_until_answers("/health")
        stopped = container.stop()
        ended = container.output()
    assert stopped.exit_code == 43
    assert stopped.seconds < 10
    assert ended is not None
    assert (ended.exit_code, ended.stdout) == (43, "stopping\n")


def test_what_ignores_sigterm_as_process_1_is_found_out(engine: Engine, image: Image) -> None:
    with engine.start(image, "-c", DEAF) as container:
        assert container.stop(grace=1).exit_code == 137


def test_nothing_of_a_removed_container_goes_on(engine: Engine, image: Image) -> None:
    port = free_port()
    with engine.start(image, environment={"PORT": str(port)}, port=port) as container:
        container.wait_until_answers("/health")
    with pytest.raises(EngineError):
        container.wait_until_answers("/health", seconds=1)


def test_a_service_that_ends_early_tells_why(engine: Engine, image: Image) -> None:
    with (
        engine.start(image, "-c", "exit('no such database')", port=free_port()) as container,
        pytest.raises(EngineError, match="no such database"),
    ):
        container.wait_until_answers()


def test_a_mounted_folder_is_read_and_written_as_its_owner(
    engine: Engine, image: Image, tmp_path: Path
) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name in ("b", "a"):
        (source / name).touch()
    owned(target)
    mounts = [Mount(source, "/in", read_only=True), Mount(target, "/out")]
    done = engine.run(image, "/srv/copier.py", "/in", "/out", mounts=mounts, user=OWNING_USER)
    assert (done.exit_code, done.stdout) == (0, "2\n"), done.stderr
    assert (target / "names.txt").read_text() == "a b"
    assert (target / "names.txt").stat().st_uid == OWNER


def test_a_read_only_mount_cannot_be_written(engine: Engine, image: Image, tmp_path: Path) -> None:
    mounts = [Mount(tmp_path, "/in", read_only=True)]
    done = engine.run(image, "/srv/copier.py", "/in", "/in", mounts=mounts, user="0")
    assert done.exit_code == 1
    assert "Read-only file system" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_run_that_never_ends_is_an_error(engine: Engine, image: Image) -> None:
    with pytest.raises(EngineError, match="killed after 1 s"):
        engine.run(image, "-c", DEAF, timeout=1)


def test_a_failed_build_shows_what_it_printed(
    engine: Engine, image_python: str, tmp_path: Path
) -> None:
    (tmp_path / "Dockerfile").write_text(
        f"FROM python:{image_python}-slim-bookworm\nRUN echo all is $((1 + 1)) lost && exit 3\n"
    )
    with pytest.raises(BuildError, match="all is 2 lost"):
        engine.build(tmp_path, "fails")


def test_a_base_image_that_nobody_has_is_named(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.99-slim-bookworm\n")
    with pytest.raises(EngineError, match=r"python:3\.99-slim-bookworm"):
        engine.build(tmp_path, "nobody-has-it")


def test_a_machine_that_cannot_build_images_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        EngineError, match=r"No Docker daemon .* apt-get install buildah debootstrap"
    ):
        find_engine(tmp_path)


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM a\nFROM a AS b\nfrom b\n", [Base("a", "a")]),
        (
            "FROM scratch\nFROM --platform=linux/amd64 a:1@sha256:f AS x\n",
            [Base("a:1@sha256:f", "a:1@sha256:f")],
        ),
        (
            "ARG V=1\nFROM a:$V\nARG V=2\nFROM b:${V}\n",
            [Base("a:$V", "a:1"), Base("b:${V}", "b:1")],
        ),
        ("ARG V\nFROM a:${V:-3}\n", [Base("a:${V:-3}", "a:3")]),
        ("# FROM no\nFROM \\\n  # a remark\n  a \\\n  AS b\nRUN echo FROM c\n", [Base("a", "a")]),
    ],
)
def test_base_images_of_a_dockerfile_are_found(dockerfile: str, expected: list[Base]) -> None:
    assert base_images(dockerfile) == expected
