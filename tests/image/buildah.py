"""buildah's command line over one folder of storage, so that nothing else here is touched."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.image.commands import must
from tests.image.model import EngineError, Image

# buildah's own cgroups and networks need more than every machine gives; this needs root only.
ISOLATION = ("--isolation", "chroot")


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of images and containers.

    Attributes:
        folder: Where they are.
        scratch: Where buildah puts temporary files and the caches that builds mount. It outlives
            the store, so that one build's downloads serve the next.
        read_from: A further store whose images are seen here and never changed.
    """

    folder: Path
    scratch: Path
    read_from: Path | None = None

    def do(
        self, *arguments: str | Path, timeout: float = 120, error: type[EngineError] = EngineError
    ) -> str:
        """Call buildah, and return what it printed."""
        storage: list[str | Path] = ["--root", self._root, "--runroot", self.folder / "run"]
        storage += ["--storage-driver", "vfs"]
        if self.read_from:
            storage += ["--storage-opt", f"vfs.imagestore={self.read_from / 'root'}"]
        self.scratch.mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(self.scratch)}
        command = ["buildah", *storage, *arguments]
        return must(command, environment=environment, timeout=timeout, error=error).strip()

    def prepare(self) -> None:
        """Make the store where there is none; buildah does not, for one it only reads from."""
        self.do("images", "--quiet")

    def has(self, reference: str) -> bool:
        """Whether an image of this name is here."""
        return bool(self.do("images", "--quiet", "--filter", f"reference={reference}"))

    def inspect(self, reference: str) -> Image:
        """An image's configuration."""
        shown = json.loads(self.do("inspect", "--type", "image", reference))
        return Image.from_config(reference, shown["Docker"]["config"])

    def new_container(self, reference: str) -> tuple[str, Path]:
        """Unpack an image, and return the container's name and the root of its files."""
        container = self.do("from", "--pull-never", reference)
        return container, Path(self.do("mount", container))

    @property
    def _root(self) -> Path:
        return self.folder / "root"
