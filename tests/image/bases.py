"""Base images for builds without Docker: from a registry, or a stand-in where none answers."""

import hashlib
import sys
from pathlib import Path

from tests.image.buildah import Store
from tests.image.cache import locked
from tests.image.model import EngineError
from tests.image.standin import StandIn


class Bases:
    """Base images, kept between runs of the tests.

    Attributes:
        folder: The store's folder; builds read from it.
        notes: Which images are not what their name says.
    """

    def __init__(self, cache: Path, home: Path, notes: list[str]) -> None:
        self.folder = cache / "bases"
        self.folder.mkdir(exist_ok=True)
        self.notes = notes
        self._home = home
        self._store = Store(self.folder, cache / "scratch")
        self._lock = cache / "bases.lock"
        self._known: dict[str, str] = {}
        with locked(self._lock):
            self._store.prepare()

    def provide(self, image: str) -> str:
        """Have an image at hand, and return the name under which the store has it."""
        if image not in self._known:
            with locked(self._lock):
                self._known[image] = self._pulled(image) or self._stood_in(image)
        return self._known[image]

    def _pulled(self, image: str) -> str | None:
        reference = f"localhost/seedbed/pulled:{hashlib.sha256(image.encode()).hexdigest()[:16]}"
        if self._store.has(reference):
            return reference
        try:
            self._store.do("manifest", "inspect", image, timeout=15)
        except EngineError:  # no answer, or none that helps
            return None
        identifier = self._store.do("pull", "--quiet", image, timeout=540)
        self._store.do("tag", identifier, reference)
        return reference

    def _stood_in(self, image: str) -> str:
        stand_in = StandIn.of(image, self._home)
        self._note(f"no registry gives {image}: a stand-in was used, {stand_in.origin}")
        if not self._store.has(stand_in.reference):
            # What a killed process left unfinished; finished images are not touched by this.
            self._store.do("rm", "--all")
            stand_in.make(self._store)
        return stand_in.reference

    def _note(self, text: str) -> None:
        self.notes.append(text)
        sys.stderr.write(f"seedbed: {text}\n")
