"""What an engine deals in: images, mounts, ended commands, running containers."""

import http.client
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support import http_status


class EngineError(Exception):
    """The engine could not do what it was asked; the message has what it printed."""


class BuildError(EngineError):
    """An image could not be built; the message has the build's own output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image and what its Dockerfile says about running it.

    Attributes:
        healthcheck: The command of HEALTHCHECK, ready to run; `None` where there is none, which is
            what `HEALTHCHECK NONE` says as well.
    """

    reference: str
    user: str
    environment: Mapping[str, str]
    working_folder: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    ports: frozenset[int]
    volumes: frozenset[str]
    healthcheck: tuple[str, ...] | None
    stop_signal: signal.Signals

    @classmethod
    def from_config(cls, reference: str, config: Mapping[str, Any]) -> Self:
        """Read the `config` object that `docker inspect` and `buildah inspect` both show."""
        return cls(
            reference=reference,
            user=config.get("User") or "",
            environment=dict(pair.split("=", 1) for pair in config.get("Env") or ()),
            working_folder=config.get("WorkingDir") or "/",
            entrypoint=tuple(config.get("Entrypoint") or ()),
            command=tuple(config.get("Cmd") or ()),
            ports=frozenset(int(port.split("/")[0]) for port in config.get("ExposedPorts") or ()),
            volumes=frozenset(config.get("Volumes") or ()),
            healthcheck=_healthcheck((config.get("Healthcheck") or {}).get("Test") or ()),
            stop_signal=_signal(config.get("StopSignal") or "SIGTERM"),
        )


def _healthcheck(test: Sequence[str]) -> tuple[str, ...] | None:
    match test:
        case ["CMD", *command]:
            return tuple(command)
        case ["CMD-SHELL", line]:
            return ("/bin/sh", "-c", line)
        case _:
            return None


def _signal(name: str) -> signal.Signals:
    if name.isdecimal():
        return signal.Signals(int(name))
    return signal.Signals["SIG" + name.removeprefix("SIG")]


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of this machine that a container sees at `target`."""

    source: Path
    target: str
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended, and what it wrote."""

    exit_code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a container ended once it was asked to.

    Attributes:
        exit_code: 137 when it did not end in time and was killed.
        seconds: From the request to the end.
    """

    exit_code: int
    seconds: float


class Container(ABC):
    """A container that runs in the background.

    As a context manager it removes itself, whatever it is doing then.

    Attributes:
        url: Where its port answers on this machine; empty when it was started without a port.
    """

    def __init__(self, image: Image, url: str) -> None:
        self.image = image
        self.url = url

    @abstractmethod
    def run(self, *command: str) -> Completed:
        """Run a further command inside, as `docker exec` does, to its end."""

    @abstractmethod
    def output(self) -> Completed | None:
        """How it ended; `None` while it runs."""

    @abstractmethod
    def logs(self) -> str:
        """Everything it has written so far."""

    @abstractmethod
    def stop(self, grace: float = 10) -> Stopped:
        """Send its stop signal to process 1, wait, and kill it when it has not ended in time."""

    @abstractmethod
    def remove(self) -> None:
        """Kill it where it still runs, and remove it; a second call does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def healthcheck(self) -> Completed:
        """Run the image's own health check inside."""
        if self.image.healthcheck is None:
            raise EngineError(f"{self.image.reference} has no health check")
        return self.run(*self.image.healthcheck)

    def wait_until_answers(self, path: str = "/", *, seconds: float = 60) -> int:
        """Ask for a path until there is an answer.

        Returns:
            The status of the first answer, whatever it is.

        Raises:
            EngineError: It ended, or the time is over; the message has what it wrote.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.output() is not None:
                raise EngineError(f"{self.image.reference} ended early:\n{self.logs()}")
            try:
                return http_status(self.url + path)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise EngineError(f"No answer from {self.url}{path} in {seconds} s:\n{self.logs()}")


class Engine(ABC):
    """Builds images and runs them. As a context manager it removes all it made.

    Attributes:
        name: What does the work.
        notes: What a reader of the tests' results should know about it.
    """

    name: str

    def __init__(self) -> None:
        self.notes: list[str] = []

    @abstractmethod
    def has_base(self, image: str) -> bool:
        """Whether a Dockerfile may begin with this image here."""

    @abstractmethod
    def build(self, context: Path, tag: str) -> Image:
        """Build the image that `context/Dockerfile` describes."""

    @abstractmethod
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
        """Run a fresh container to its end.

        Args:
            image: What to run.
            arguments: What stands in place of CMD.
            mounts: What it sees of this machine.
            environment: Variables added to the image's own.
            user: Who runs it, in place of USER.
            entrypoint: What stands in place of ENTRYPOINT; CMD is left out then.
            on_our_network: Whether its 127.0.0.1 is this machine's; without Docker it always is.
            timeout: Seconds after which it is killed, which is an error.
        """

    @abstractmethod
    def start(
        self,
        image: Image,
        *arguments: str,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        port: int | None = None,
        on_our_network: bool = False,
    ) -> Container:
        """Start a fresh container in the background.

        Args:
            image: What to run.
            arguments: What stands in place of CMD.
            mounts: What it sees of this machine.
            environment: Variables added to the image's own.
            user: Who runs it, in place of USER.
            port: The port it listens on, to be reached at the container's `url`. Without Docker it
                is a port of this machine: take a `free_port()` and tell the image by a variable.
            on_our_network: Whether its 127.0.0.1 is this machine's; without Docker it always is.
        """

    @abstractmethod
    def close(self) -> None:
        """Remove every container and image that this engine made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


BuildProject = Callable[[Path], Image]
"""Builds the image of the project in a folder."""


def command_line(
    image: Image, arguments: Sequence[str], entrypoint: Sequence[str] | None = None
) -> list[str]:
    """What is run, by Docker's rules: CMD holds only where nothing is put in its place."""
    if entrypoint is not None:
        return [*entrypoint, *arguments]
    return [*image.entrypoint, *(arguments or image.command)]
