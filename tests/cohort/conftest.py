"""A cohort with one student, for tests that look closely."""

from pathlib import Path

import pytest

from seedbed.model import Cohort
from tests.cohort.cohorts import cohort_of, repository, seed, student
from tests.cohort.world import Working, small_template


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """A cohort in which Ada has a repository that began with the first version."""
    cohort = cohort_of(small_template(tmp_path / "template"), tmp_path / "cohort")
    seed(cohort, student("ada"))
    return cohort


@pytest.fixture
def there(cohort: Cohort) -> Path:
    """Ada's repository."""
    return repository(cohort, student("ada"))


@pytest.fixture
def ada(there: Path, tmp_path: Path) -> Working:
    """Ada at work."""
    return Working.clone(there, tmp_path / "ada")
