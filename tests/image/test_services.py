"""What a service's image is for: a database brought up to date, requests served, a quiet end."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.accounts import SIGN_UP, ask, is_signed_in, new_name, sign_up
from tests.image.compose import compose_services, environment
from tests.image.model import BuildProject, Container, Engine, EngineError, Image, Mount
from tests.image.ownership import OWNING_USER, owned
from tests.postgres import Postgres
from tests.support import BROWSED, SERVICES, copy_project, free_port, http_status

pytestmark = pytest.mark.image

SECRET = "of-the-tests-and-long-enough-for-production"
# No reverse proxy stands in front here, so what is asked over plain HTTP is answered.
PRODUCTION = {"SECRET_KEY": SECRET, "REDIRECT_TO_HTTPS": "false"}
# What compose.yaml always has; other services of it work beside these.
ALWAYS = {"api", "migrate", "database"}
OWN_FILE = re.compile(r'(?:href|src)="(/[^"]+\.(?:css|js|png|svg))"')
Serve = Callable[[], Container]


@pytest.fixture(scope="module", params=SERVICES)
def name(request: pytest.FixtureRequest) -> str:
    """Which service it is about."""
    return str(request.param)


@pytest.fixture(scope="module")
def project(
    name: str, template: Path, tmp_path_factory: pytest.TempPathFactory, image_python: str
) -> Path:
    """A generated service, with what its owner has beside the sources."""
    parent = tmp_path_factory.mktemp("generated")
    folder = copy_project(template, parent, name, python_version=image_python)
    (folder / ".env").write_text(f"SECRET_KEY={SECRET}\n")
    (folder / "app.db").write_text("everybody's data\n")
    return folder


@pytest.fixture(scope="module")
def image(build_project: BuildProject, project: Path) -> Image:
    return build_project(project)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """What keeps SQLite's file between containers: a volume's place."""
    return owned(tmp_path / "data")


@pytest.fixture
def serve(engine: Engine, image: Image, data: Path) -> Serve:
    """Starts a server in production, on SQLite in the volume."""

    def start() -> Container:
        port = free_port()
        return engine.start(
            image,
            mounts=[Mount(data, "/data")],
            environment={**PRODUCTION, "PORT": str(port)},
            user=OWNING_USER,
            port=port,
        )

    return start


@pytest.fixture
def migrated(engine: Engine, image: Image, data: Path) -> None:
    """The volume has a database that is up to date."""
    done = engine.run(
        image,
        "migrate",
        mounts=[Mount(data, "/data")],
        environment=PRODUCTION,
        user=OWNING_USER,
    )
    assert done.exit_code == 0, done.stderr


def test_nothing_in_it_runs_as_root(engine: Engine, image: Image) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", image.user)
    assert engine.run(image, "-u", entrypoint=["id"]).stdout.strip() == image.user.split(":")[0]


def test_sources_and_secrets_stay_out_of_it(engine: Engine, image: Image) -> None:
    program = engine.run(image, "/app", "-mindepth", "1", "-maxdepth", "1", entrypoint=["find"])
    own = ["/", "-xdev", "-name", ".env", "-o", "-xdev", "-name", "app.db"]

    assert program.stdout.split() == ["/app/.venv"]
    assert engine.run(image, *own, entrypoint=["find"]).stdout == ""


@pytest.mark.parametrize("secret", ["", "too-short"])
def test_it_refuses_production_without_a_good_secret(
    engine: Engine, image: Image, secret: str
) -> None:
    done = engine.run(image, environment={"SECRET_KEY": secret})

    assert done.exit_code not in {0, 143}
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.usefixtures("migrated")
def test_it_serves_on_sqlite_and_keeps_what_it_was_given(name: str, serve: Serve) -> None:
    with serve() as container:
        assert container.wait_until_answers("/health/ready") == 200
        account = sign_up(name, container.url)
    with serve() as another:
        another.wait_until_answers("/health/ready")

        assert is_signed_in(name, another.url, account)


@pytest.mark.usefixtures("migrated")
def test_its_own_health_check_passes_while_it_serves(serve: Serve) -> None:
    with serve() as container:
        container.wait_until_answers("/health/live")

        assert container.healthcheck().exit_code == 0


@pytest.mark.usefixtures("migrated")
def test_its_pages_are_there_with_their_files(name: str, serve: Serve) -> None:
    pages = ["/docs", "/admin/login/"] if name in BROWSED else ["/docs"]
    with serve() as container:
        container.wait_until_answers("/health/ready")
        for page in pages:
            status, text = ask(container.url + page)
            assert status == 200
            files = OWN_FILE.findall(text)
            assert files or name not in BROWSED
            assert [file for file in files if http_status(container.url + file) != 200] == []


def test_without_its_tables_it_lives_and_is_not_ready(serve: Serve) -> None:
    with serve() as container:
        assert container.wait_until_answers("/health/live") == 200
        assert http_status(f"{container.url}/health/ready") == 503
        assert container.healthcheck().exit_code == 0


def test_it_serves_on_postgresql_as_its_compose_file_starts_it(
    engine: Engine, image: Image, name: str, project: Path, postgres: Postgres
) -> None:
    services = compose_services(project)
    url, port = postgres.new_database(), free_port()
    of_compose = environment(services["api"])
    assert of_compose["DATABASE_URL"].startswith("postgresql://")
    given = {**of_compose, "DATABASE_URL": url, "PORT": str(port)}

    # A second time as well: that is what happens when `docker compose up` is repeated.
    for _ in range(2):
        done = engine.run(
            image, *services["migrate"]["command"], environment=given, on_our_network=True
        )
        assert done.exit_code == 0, done.stderr
    with ExitStack() as running:
        beside = [
            running.enter_context(
                engine.start(
                    image, *services[other]["command"], environment=given, on_our_network=True
                )
            )
            for other in services.keys() - ALWAYS
        ]
        container = running.enter_context(
            engine.start(image, environment=given, port=port, on_our_network=True)
        )
        assert container.wait_until_answers("/health/ready") == 200
        assert is_signed_in(name, container.url, sign_up(name, container.url))
        for other in beside:
            wait_until_it_says_something(other)
            stopped = other.stop()
            assert stopped.exit_code in {0, 143}, other.logs()
            assert stopped.seconds < 10
            assert "Traceback" not in other.logs()


@pytest.mark.usefixtures("migrated")
def test_sigterm_lets_it_answer_the_request_in_hand_and_ends_it(name: str, serve: Serve) -> None:
    with serve() as container, ThreadPoolExecutor() as pool:
        container.wait_until_answers("/health/ready")
        with request_in_hand(name, container.url) as complete:
            stopping = pool.submit(container.stop)
            wait_until_closed(container)
            status = complete()
        stopped = stopping.result()

    assert status == 201
    assert stopped.exit_code in {0, 143}
    assert stopped.seconds < 10


@contextmanager
def request_in_hand(name: str, url: str) -> Iterator[Callable[[], int]]:
    """Begin a request; what is given sends the rest and returns the answer's status.

    The server has said that it waits for the body, so it is certain that it has begun.
    """
    how = SIGN_UP[name]
    body = json.dumps(how.body(new_name())).encode()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.putrequest("POST", how.path)
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        assert connection.sock.recv(1024).startswith(b"HTTP/1.1 100 ")

        def complete() -> int:
            connection.send(body)
            return connection.getresponse().status

        yield complete
    finally:
        connection.close()


def wait_until_it_says_something(container: Container) -> None:
    """Wait for the first line that it writes, which shows that it has started."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and container.output() is None:
        if container.logs():
            return
        time.sleep(0.05)
    raise EngineError(f"{container.image.reference} ended, or says nothing:\n{container.logs()}")


def wait_until_closed(container: Container) -> None:
    """Wait until it takes no further request, which is how it shows that SIGTERM has arrived."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            http_status(f"{container.url}/health/live", seconds=1)
        except (OSError, http.client.HTTPException):
            return
        time.sleep(0.05)
    raise EngineError(f"{container.image.reference} goes on serving:\n{container.logs()}")
