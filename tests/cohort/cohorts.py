"""Cohorts for tests: small, in a folder of their own, and run in this process."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seedbed import tools
from seedbed.model import (
    Check,
    Cohort,
    Outcome,
    Result,
    Row,
    SeedbedError,
    Signature,
    Student,
)
from seedbed.seeding import Seeding
from seedbed.store import open_store
from seedbed.surveying import Surveying
from seedbed.template import open_template
from seedbed.updating import Updating
from tests.cohort.world import Snapshot

TEACHERS = Signature("Backend 2026", "teachers@example.org")


def cohort_of(template: Path, folder: Path, *, version: str = "v1.0.0") -> Cohort:
    """A cohort with bare repositories in its folder."""
    return Cohort(
        name="Backend 2026",
        folder=folder,
        template=str(template),
        version=version,
        roster=folder / "roster.csv",
        answers={},
        repositories=folder / "repositories",
        author=TEACHERS,
        begun=datetime(2026, 9, 1, 9, tzinfo=UTC),
        message="Begin from the template",
        check=Check(("true",), 60),
        seconds=60,
    )


def student(slug: str = "ada", **answers: Any) -> Student:
    """A student of the small template's cohort."""
    known: Mapping[str, Any] = {"project_name": "Counter", "author": slug.title(), **answers}
    return Student(slug, slug.title(), (f"{slug}@example.org",), None, (2,), known)


def repository(cohort: Cohort, who: Student) -> Path:
    """The bare repository of a student."""
    assert isinstance(cohort.repositories, Path)
    return cohort.repositories / f"{who.slug}.git"


def seed(cohort: Cohort, *students: Student, dry_run: bool = False) -> list[Outcome]:
    """What `seedbed seed` does, without its pool."""
    begin(cohort)
    seeding = Seeding(cohort, dry_run)
    return [told(seeding, each) for each in students]


def update(cohort: Cohort, who: Student, to: str, **options: bool) -> Outcome:
    """What `seedbed update` does for one student, without its pool."""
    begin(cohort)
    return told(Updating(cohort, to, **options), who)


def survey(cohort: Cohort, who: Student, to: str) -> Row:
    """What `seedbed status` does for one student, without its pool."""
    begin(cohort)
    return Surveying(cohort, to)(who)


def begin(cohort: Cohort) -> None:
    """What each command does first; a new process knows nothing of an earlier one."""
    tools._made.clear()
    open_template(cohort)
    open_store(cohort)


def told(work: Callable[[Student], Outcome], who: Student) -> Outcome:
    """What the pool makes of a failure."""
    try:
        return work(who)
    except SeedbedError as error:
        return Outcome(who.slug, Result.FAILED, "", str(error))


def snapshots(cohort: Cohort) -> Mapping[str, Snapshot]:
    """All that the cohort's repositories have."""
    assert isinstance(cohort.repositories, Path)
    return {path.name: Snapshot.of(path) for path in sorted(cohort.repositories.iterdir())}


def everything(cohort: Cohort) -> Mapping[str, bytes]:
    """Every file of a cohort, but what is kept for a moment and the copy of the template."""
    kept = (path for path in sorted(cohort.folder.rglob("*")) if path.is_file())
    names = {path.relative_to(cohort.folder).as_posix(): path for path in kept}
    passing = (".seedbed/tmp/", ".seedbed/template.git/")
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(passing)}
