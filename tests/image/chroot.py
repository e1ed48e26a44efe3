"""Images built and run without any container engine: by buildah, root and the kernel."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

from tests.image.bases import Bases
from tests.image.buildah import ISOLATION, Store
from tests.image.cache import cache_folder, own_folder
from tests.image.dockerfile import base_images
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
from tests.image.sandbox import NOT_BEGUN, Process, Sandbox, account


class ChrootEngine(Engine):
    """Builds with buildah, runs in namespaces of the kernel; for Linux, as root.

    The network is this machine's own: a container's port is a port of this machine.
    """

    name = "buildah, and the kernel's namespaces"

    def __init__(self, home: Path) -> None:
        super().__init__()
        cache = cache_folder(home)
        self._bases = Bases(cache, home, self.notes)
        self._open = ExitStack()
        self._folder = self._open.enter_context(own_folder(cache / "runs"))
        self._store = Store(self._folder / "store", cache / "scratch", self._bases.folder)
        self._roots: dict[str, Path] = {}

    def has_base(self, image: str) -> bool:
        try:
            self._bases.provide(image)
        except EngineError:
            return False
        return True

    def build(self, context: Path, tag: str) -> Image:
        reference = f"localhost/{tag}"
        options = [*ISOLATION, "--format", "docker", "--pull-never", "--tag", reference]
        for base in base_images((context / "Dockerfile").read_text()):
            provided = self._bases.provide(base.name)
            options += ["--build-context", f"{base.written}=container-image://{provided}"]
        self._store.do("build", *options, context, timeout=540, error=BuildError)
        _, self._roots[reference] = self._store.new_container(reference)
        return self._store.inspect(reference)

    def run(
        self,
        image: Image,
        *arguments: str,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        entrypoint: Sequence[str] | None = None,
        on_our_network: bool = False,  # noqa: ARG002 - it always is
        timeout: float = 300,
    ) -> Completed:
        command = command_line(image, arguments, entrypoint)
        with self._begin(
            image, command, mounts=mounts, environment=environment, user=user, port=None
        ) as container:
            ended = container.wait(timeout)
        if ended is None or ended.exit_code == NOT_BEGUN:
            problem = "could not begin" if ended else f"was killed after {timeout} s"
            raise EngineError(f"{image.reference} {problem}:\n{container.logs()}")
        return ended

    def start(
        self,
        image: Image,
        *arguments: str,
        mounts: Sequence[Mount] = (),
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        port: int | None = None,
        on_our_network: bool = False,  # noqa: ARG002 - it always is
    ) -> "ChrootContainer":
        command = command_line(image, arguments)
        return self._begin(
            image, command, mounts=mounts, environment=environment, user=user, port=port
        )

    def close(self) -> None:
        self._open.close()

    def _begin(
        self,
        image: Image,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        environment: Mapping[str, str] | None,
        user: str | None,
        port: int | None,
    ) -> "ChrootContainer":
        root = self._roots[image.reference]
        output, folder = (Path(mkdtemp(dir=self._folder)) for _ in range(2))
        sandbox = Sandbox(
            image=root,
            folder=folder,
            account=account(root, image.user if user is None else user),
            environment={**image.environment, **(environment or {})},
            working_folder=image.working_folder,
        )
        process = sandbox.start(command, mounts, output)
        self._open.callback(process.close)
        return ChrootContainer(image, port, process, output)


class ChrootContainer(Container):
    """A container of the `ChrootEngine`."""

    def __init__(self, image: Image, port: int | None, process: Process, output: Path) -> None:
        super().__init__(image, f"http://127.0.0.1:{port}" if port else "")
        self._process = process
        self._output = output

    def run(self, *command: str) -> Completed:
        return self._process.run(command)

    def output(self) -> Completed | None:
        return self.wait(0)

    def wait(self, seconds: float) -> Completed | None:
        """Wait for its end, at most so long."""
        exit_code = self._process.wait(seconds)
        if exit_code is None:
            return None
        return Completed(exit_code, self._written("stdout"), self._written("stderr"))

    def logs(self) -> str:
        return self._written("stdout") + self._written("stderr")

    def stop(self, grace: float = 10) -> Stopped:
        began = time.monotonic()
        self._process.send(self.image.stop_signal)
        if self._process.wait(grace) is None:
            self._process.kill()
        return Stopped(self._process.exit_code() or 0, time.monotonic() - began)

    def remove(self) -> None:
        self._process.close()

    def _written(self, name: str) -> str:
        return (self._output / name).read_text(encoding="utf-8", errors="backslashreplace")
