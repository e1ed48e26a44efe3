"""Where a student's repository is."""

from dataclasses import dataclass
from pathlib import Path

from seedbed.filling import fill
from seedbed.git import shown
from seedbed.model import Cohort, Student


@dataclass(frozen=True, slots=True)
class Place:
    """Where a student's repository is.

    Attributes:
        address: What Git is given.
        folder: The folder that it is in, if seedbed makes the repositories itself.
    """

    address: str
    folder: Path | None

    @property
    def shown(self) -> str:
        """The address as it may be shown and stored."""
        return shown(self.address)


def place_of(cohort: Cohort, student: Student) -> Place:
    """Find where a student's repository is, or will be."""
    if isinstance(cohort.repositories, Path):
        folder = cohort.repositories / f"{student.slug}.git"
        return Place(str(folder), folder)
    return Place(fill(cohort.repositories, student), None)
