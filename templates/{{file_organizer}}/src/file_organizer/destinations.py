"""The folders that files go to: whether they may be used, and which names are taken in them."""

import stat

from file_organizer.content import digest
from file_organizer.names import comparison_key
from file_organizer.places import NotAFolderError, Place
from file_organizer.scan import File


class BlockedError(Exception):
    """The target folder cannot be used: something else is in its place, or it cannot be read."""


class Destinations:
    """All target folders of one plan."""

    def __init__(self, folder: Place) -> None:
        self._folder = folder
        self._taken: dict[str, dict[str, str] | BlockedError] = {}
        self._taken_by_key: dict[str, dict[str, str]] = {}
        self._digests: dict[str, bytes] = {}
        # In the order of discovery, parents first; a dictionary is an ordered set.
        self.new_folders: dict[str, None] = {}

    def taken_in(self, target: str) -> dict[str, str]:
        """Who has which name there: the name's comparison key, and where that file is now.

        The caller adds what it plans, so two files of one plan never get the same name.
        """
        taken = self._taken.get(target)
        if taken is None:
            try:
                taken = self._look(target)
            except (NotAFolderError, OSError) as error:
                taken = BlockedError(getattr(error, "strerror", None) or str(error))
            self._taken[target] = taken
        if isinstance(taken, BlockedError):
            raise taken
        return taken

    def _look(self, target: str) -> dict[str, str]:
        with self._folder.inside(target) as place:
            names = None if place is None else place.names()
        if names is None:
            self._note_new_folders(target)
        # `Photos` and `photos` may turn out to be one folder, so they share their taken names.
        taken = self._taken_by_key.setdefault(comparison_key(target), {})
        taken.update((comparison_key(name), f"{target}/{name}") for name in names or ())
        return taken

    def _note_new_folders(self, target: str) -> None:
        parts = target.split("/")
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder not in self.new_folders:
                with self._folder.inside(folder) as place:
                    if place is None:
                        self.new_folders[folder] = None

    def same_content(self, file: File, path: str) -> bool:
        """Whether the file has the same content as the one at the path. Unreadable is not same."""
        if file.is_link:
            return False
        parent, _, name = path.rpartition("/")
        try:
            if not parent:
                return self._same(file, self._folder, name, path)
            with self._folder.inside(parent) as place:
                return place is not None and self._same(file, place, name, path)
        except (NotAFolderError, OSError):
            return False

    def _same(self, file: File, place: Place, name: str, path: str) -> bool:
        status = place.status(name)
        if status is None or not stat.S_ISREG(status.st_mode):
            return False
        if status.st_size != file.identity.size:
            return False
        return self._digest(self._folder, file.name, file.name) == self._digest(place, name, path)

    def _digest(self, place: Place, name: str, path: str) -> bytes:
        """A hash, kept: the same file may be compared with several others."""
        known = self._digests.get(path)
        if known is None:
            known = self._digests[path] = digest(place, name)
        return known
