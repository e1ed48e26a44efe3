"""Images built and run by Docker, or by what answers to its command line."""

import json
import os
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import TimeoutExpired

from tests.image.commands import call, must
from tests.image.model import (
    BuildError,
    Completed,
    Container,
    Engine,
    EngineError,
    Image,
    Mount,
    Stopped,
    command_line,
)
from tests.support import free_port

# On a Mac it must be allowed: Settings, Resources, Network, Enable host networking.
OUR_NETWORK = ["--network", "host"]
NOT_BEGUN = 125  # documented: the error is of Docker itself, not of what it runs


class Docker:
    """Docker's command line, with the settings of the user who runs the tests."""

    def __init__(self, home: Path) -> None:
        settings = os.environ.get("DOCKER_CONFIG") or str(home / ".docker")
        # BuildKit, also where it is not yet the default: Dockerfiles mount caches.
        self._environment = {**os.environ, "DOCKER_CONFIG": settings, "DOCKER_BUILDKIT": "1"}

    def do(
        self, *arguments: str | Path, timeout: float = 120, error: type[EngineError] = EngineError
    ) -> str:
        """Call Docker, and return what it printed."""
        command = ["docker", *arguments]
        return must(command, environment=self._environment, timeout=timeout, error=error).strip()

    def try_to(self, *arguments: str | Path, timeout: float = 120) -> Completed:
        """Call Docker for something that may fail."""
        return call(["docker", *arguments], environment=self._environment, timeout=timeout)

    def answers(self) -> bool:
        """Whether there is a Docker, and a daemon behind it that runs Linux containers."""
        try:
            done = self.try_to("info", "--format", "{{.OSType}}", timeout=30)
        except (OSError, TimeoutExpired):
            return False
        return done.exit_code == 0 and done.stdout.strip() == "linux"


class DockerEngine(Engine):
    """Builds and runs with Docker."""

    name = "Docker"

    def __init__(self, docker: Docker) -> None:
        super().__init__()
        self._docker = docker
        self._open = ExitStack()
        self._mine = f"seedbed-{uuid.uuid4().hex[:12]}"

    def has_base(self, image: str) -> bool:
        try:
            self._docker.do("image", "inspect", image)
        except EngineError:
            try:
                self._docker.do("pull", "--quiet", image, timeout=540)
            except EngineError:
                return False
        return True

    def build(self, context: Path, tag: str) -> Image:
        reference = f"{self._mine}/{tag}"
        self._docker.do("build", "--tag", reference, context, timeout=540, error=BuildError)
        self._open.callback(self._docker.do, "image", "rm", "--force", reference)
        [shown] = json.loads(self._docker.do("image", "inspect", reference))
        return Image.from_config(reference, shown["Config"])

    def run(
        self,
        image: Image,
        *arguments: str,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        entrypoint: Sequence[str] | None = None,
        on_our_network: bool = False,
        timeout: float = 300,
    ) -> Completed:
        name = self._new_name()
        options = _options(name, mounts, environment, user)
        options += OUR_NETWORK if on_our_network else []
        command = list(arguments)
        if entrypoint is not None:
            # Docker takes one word for it; the others go before the arguments.
            options += ["--entrypoint", entrypoint[0]]
            command = command_line(image, arguments, entrypoint)[1:]
        try:
            done = self._docker.try_to("run", *options, image.reference, *command, timeout=timeout)
        except TimeoutExpired as problem:
            raise EngineError(f"{image.reference} was killed after {timeout} s") from problem
        finally:
            self._remove(name)
        if done.exit_code == NOT_BEGUN:
            raise EngineError(f"{image.reference} could not begin:\n{done.stderr}")
        return done

    def start(
        self,
        image: Image,
        *arguments: str,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        port: int | None = None,
        on_our_network: bool = False,
    ) -> "DockerContainer":
        name = self._new_name()
        options = _options(name, mounts, environment, user)
        url = f"http://127.0.0.1:{port}" if port else ""
        if on_our_network:
            options += OUR_NETWORK
        elif port is not None:
            # Chosen here: Docker tells what it chose only as long as the container runs.
            address = f"127.0.0.1:{free_port()}"
            options += ["--publish", f"{address}:{port}"]
            url = f"http://{address}"
        self._open.callback(self._remove, name)
        self._docker.do("run", "--detach", *options, image.reference, *arguments)
        return DockerContainer(image, url, self._docker, name)

    def close(self) -> None:
        self._open.close()

    def _new_name(self) -> str:
        return f"{self._mine}-{uuid.uuid4().hex[:12]}"

    def _remove(self, name: str) -> None:
        # A container that never came to be is removed as well.
        with suppress(EngineError):
            self._docker.do("rm", "--force", "--volumes", name)


class DockerContainer(Container):
    """A container of the `DockerEngine`."""

    def __init__(self, image: Image, url: str, docker: Docker, name: str) -> None:
        super().__init__(image, url)
        self._docker = docker
        self._name = name
        self._removed = False

    def run(self, *command: str) -> Completed:
        return self._docker.try_to("exec", self._name, *command)

    def output(self) -> Completed | None:
        state = json.loads(self._docker.do("inspect", "--format", "{{json .State}}", self._name))
        if state["Status"] in {"created", "restarting", "running"}:
            return None
        written = self._docker.try_to("logs", self._name)
        return Completed(state["ExitCode"], written.stdout, written.stderr)

    def logs(self) -> str:
        written = self._docker.try_to("logs", self._name)
        return written.stdout + written.stderr

    def stop(self, grace: float = 10) -> Stopped:
        began = time.monotonic()
        self._docker.do("stop", "--time", str(round(grace)), self._name, timeout=grace + 60)
        seconds = time.monotonic() - began
        return Stopped(int(self._docker.do("wait", self._name)), seconds)

    def remove(self) -> None:
        if not self._removed:
            self._docker.do("rm", "--force", "--volumes", self._name)
            self._removed = True


def _options(
    name: str,
    mounts: Sequence[Mount],
    environment: Mapping[str, str] | None,
    user: str | None,
) -> list[str]:
    options = ["--name", name]
    for mount in mounts:
        suffix = ":ro" if mount.read_only else ""
        options += ["--volume", f"{mount.source.resolve(strict=True)}:{mount.target}{suffix}"]
    for variable, value in (environment or {}).items():
        options += ["--env", f"{variable}={value}"]
    if user is not None:
        options += ["--user", user]
    return options
