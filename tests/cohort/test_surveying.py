"""Where each student is, as `seedbed status` says it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seedbed.model import Check, CheckResult, Cohort, Row, State
from seedbed.remote import EMPTIED
from seedbed.surveying import WEEKS, Surveying
from tests.cohort.cohorts import (
    begin,
    everything,
    repository,
    student,
    survey,
    update,
)
from tests.cohort.copier_itself import updated
from tests.cohort.world import Working
from tests.support import git, run

ADA = student("ada")
UPDATE = "seedbed/v1.1.0"
NOT_ONES_OWN = "main does not come from the cohort's first commit"
QUIET = (0,) * WEEKS


def about(cohort: Cohort, state: State, **more: object) -> Row:
    """A row about Ada: where nothing is said, her repository has a first commit and no more."""
    row = Row(
        *("ada", "Ada", str(repository(cohort, ADA)), state),
        version="v1.0.0",
        behind=1,
        last_commit=datetime(2026, 9, 1, 9, tzinfo=UTC),
        commits=0,
        activity=QUIET,
    )
    return replace(row, **more)  # type: ignore[arg-type]


def bare(cohort: Cohort, state: State, **more: object) -> Row:
    """A row about Ada of which nothing is known."""
    unknown = {"version": None, "behind": None, "last_commit": None, "commits": None}
    return about(cohort, state, **{**unknown, "activity": (), **more})


def commit_at(ada: Working, when: datetime, name: str) -> None:
    """Commit as Ada at some time."""
    date = {"GIT_COMMITTER_DATE": when.isoformat(), "GIT_AUTHOR_DATE": when.isoformat()}
    (ada.folder / name).write_text("mine\n")
    run(["git", "add", "--all"], cwd=ada.folder)
    run(["git", "commit", "--quiet", "--message", name], cwd=ada.folder, env=date)


def test_current_is_who_has_the_version(cohort: Cohort) -> None:
    assert survey(cohort, ADA, "v1.0.0") == about(cohort, State.CURRENT, behind=0)


def test_behind_is_who_has_an_older_one_by_as_many_versions(cohort: Cohort) -> None:
    assert survey(cohort, ADA, "v2.0.0") == about(cohort, State.BEHIND, behind=3)


def test_missing_is_whose_repository_is_not_there(cohort: Cohort) -> None:
    shutil.rmtree(repository(cohort, ADA))
    assert survey(cohort, ADA, "v1.0.0") == bare(cohort, State.MISSING)


def test_empty_is_whose_repository_has_no_branch(cohort: Cohort) -> None:
    there = repository(cohort, ADA)
    shutil.rmtree(there)
    there.mkdir()
    git(there, "init", "--quiet", "--bare")
    assert survey(cohort, ADA, "v1.0.0") == bare(cohort, State.EMPTY, reason=EMPTIED)
    shutil.rmtree(cohort.state)
    assert survey(cohort, ADA, "v1.0.0") == bare(cohort, State.EMPTY)


def test_unreachable_is_whose_server_does_not_answer_which_is_not_missing(
    cohort: Cohort,
) -> None:
    elsewhere = replace(cohort, repositories="http://127.0.0.1:9/{slug}.git")
    row = survey(elsewhere, ADA, "v1.0.0")
    assert row.state is State.UNREACHABLE
    assert row.reason.startswith("no server answers there")


def test_update_open_is_who_has_a_branch_to_look_at(cohort: Cohort) -> None:
    update(cohort, ADA, "v1.1.0")
    expected = about(cohort, State.UPDATE_OPEN, branches=(UPDATE,))
    assert survey(cohort, ADA, "v1.1.0") == expected


def test_conflict_is_whose_branch_has_both_sides_in_a_file_until_they_are_resolved(
    cohort: Cohort, ada: Working
) -> None:
    ada.replace("src/app.py", "STEP = 1", "STEP = 10")
    ada.replace("settings.cfg", "use = no", "use = yes")
    ada.push()
    update(cohort, ADA, "v1.2.0")
    row = survey(cohort, ADA, "v1.2.0")
    assert (row.state, row.branches) == (State.CONFLICT, ("seedbed/v1.2.0",))
    assert row.conflicts == ("settings.cfg", "src/app.py")
    ada.git("fetch", "--quiet")
    ada.git("switch", "--quiet", "seedbed/v1.2.0")
    ada.commit({"README.md": "Not yet.\n"})
    ada.push()
    assert survey(cohort, ADA, "v1.2.0").conflicts == ("src/app.py",)
    ada.commit({"src/app.py": "STEP = 10\n"})
    ada.push()
    row = survey(cohort, ADA, "v1.2.0")
    assert (row.state, row.conflicts) == (State.UPDATE_OPEN, ())


def test_an_update_that_was_merged_or_squashed_is_open_no_more(
    cohort: Cohort, ada: Working
) -> None:
    update(cohort, ADA, "v1.1.0")
    ada.git("fetch", "--quiet")
    ada.git("merge", "--quiet", "--squash", f"origin/{UPDATE}")
    ada.commit({}, "The update, as one commit")
    ada.push()
    row = survey(cohort, ADA, "v1.1.0")
    assert (row.state, row.version, row.branches) == (State.CURRENT, "v1.1.0", ())
    assert row.commits == 1


def test_behind_is_who_took_an_update_back(cohort: Cohort, ada: Working) -> None:
    update(cohort, ADA, "v1.1.0")
    ada.git("fetch", "--quiet")
    ada.git("merge", "--quiet", "--no-ff", "--no-edit", f"origin/{UPDATE}")
    ada.git("revert", "--no-edit", "--mainline=1", "HEAD")
    ada.push()
    row = survey(cohort, ADA, "v1.1.0")
    assert (row.state, row.behind, row.branches) == (State.BEHIND, 1, ())


def test_ahead_is_who_has_updated_alone(cohort: Cohort, ada: Working) -> None:
    updated("v1.2.0", ada.folder)
    ada.commit({}, "Updated alone")
    ada.push()
    row = survey(cohort, ADA, "v1.1.0")
    assert (row.state, row.version, row.behind) == (State.AHEAD, "v1.2.0", 0)


def test_diverged_is_whose_history_was_rewritten(cohort: Cohort, ada: Working) -> None:
    ada.squash()
    ada.push("--force")
    row = survey(cohort, ADA, "v1.0.0")
    expected = about(cohort, State.DIVERGED, reason=NOT_ONES_OWN, behind=0, commits=1)
    assert replace(row, last_commit=expected.last_commit, activity=QUIET) == expected
    update(cohort, ADA, "v1.1.0")
    row = survey(cohort, ADA, "v1.1.0")
    assert (row.state, row.behind, row.branches) == (State.DIVERGED, 1, (UPDATE,))


def test_diverged_is_who_deleted_the_answers_file(cohort: Cohort, ada: Working) -> None:
    ada.commit({".copier-answers.yml": None})
    ada.push()
    row = survey(cohort, ADA, "v1.0.0")
    assert row.state is State.DIVERGED
    assert row.reason.startswith(".copier-answers.yml was deleted: put it back")


def test_diverged_is_who_has_no_main(cohort: Cohort, ada: Working) -> None:
    git(repository(cohort, ADA), "symbolic-ref", "HEAD", "refs/heads/trunk")
    ada.push("main:trunk", ":main")
    expected = bare(cohort, State.DIVERGED, reason="there is no branch main")
    assert survey(cohort, ADA, "v1.0.0") == expected


def test_commits_are_counted_by_week_and_those_of_the_template_are_not(
    cohort: Cohort, ada: Working
) -> None:
    now = datetime.now(UTC)
    for weeks, name in ((30, "long ago"), (1, "last week"), (0, "today"), (0, "again")):
        commit_at(ada, now - timedelta(weeks=weeks, hours=1), name)
    ada.push()
    update(cohort, ADA, "v1.1.0", merge_clean=True)
    row = survey(cohort, ADA, "v1.1.0")
    assert (row.state, row.commits) == (State.CURRENT, 4)
    assert row.activity == (*QUIET[2:], 1, 2)


# The second is in a year that only UTC can still show.
@pytest.mark.parametrize("date", ["@99999999999999 +0000", "@253402300799 +0000"])
def test_dates_and_addresses_that_a_student_made_up_are_no_hindrance(
    cohort: Cohort, ada: Working, date: str
) -> None:
    ada.git("config", "user.email", "a\u2028b@example.org")
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), date)
    run(["git", "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=ada.folder, env=dates)
    ada.push()
    expected = about(cohort, State.CURRENT, behind=0, last_commit=None, commits=1)
    assert survey(cohort, ADA, "v1.0.0") == expected


def test_a_file_with_an_odd_name_is_told_once_as_one_in_conflict(
    cohort: Cohort, ada: Working
) -> None:
    odd = "src/a\nb.py"
    ada.git("mv", "src/app.py", odd)
    ada.replace(odd, "STEP = 1", "STEP = 10")
    ada.push()
    update(cohort, ADA, "v1.1.0")
    assert survey(cohort, ADA, "v1.1.0").conflicts == ("src/a?b.py",)


def test_looking_changes_nothing(cohort: Cohort, ada: Working) -> None:
    ada.replace("src/app.py", "STEP = 1", "STEP = 10")
    ada.push()
    update(cohort, ADA, "v1.1.0")
    before = everything(cohort)
    survey(cohort, ADA, "v1.1.0")
    assert everything(cohort) == before


def test_a_students_own_tests_are_run_on_main_as_it_is(cohort: Cohort, ada: Working) -> None:
    ada.commit({"mine.txt": "mine\n"})
    ada.push()
    ada.git("switch", "--quiet", "--create", "other")
    ada.commit({"mine.txt": "other\n"})
    ada.push()
    command = ("sh", "-c", "basename $PWD; cat mine.txt; test -x scripts/start.sh && ls -A")
    checking = Surveying(replace(cohort, check=Check(command, 60)), "v1.0.0", check=True)
    begin(cohort)
    checked = checking(ADA).checked
    assert checked is not None
    assert checked.result is CheckResult.PASSED
    assert checked.output.splitlines() == [
        *("ada", "mine", ".copier-answers.yml", "NOTES.md", "README.md", "docs", "mine.txt"),
        *("scripts", "settings.cfg", "src"),
    ]


def test_a_link_that_leads_out_of_a_project_is_never_followed_to_write(
    cohort: Cohort, ada: Working, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (ada.folder / "docs" / "plan.md").unlink()
    (ada.folder / "docs").rmdir()
    (ada.folder / "docs").symlink_to(outside)
    ada.commit({})
    ada.push()
    checking = Surveying(replace(cohort, check=Check(("ls", "-l"), 60)), "v1.0.0", check=True)
    begin(cohort)
    checked = checking(ADA).checked
    assert checked is not None
    assert checked.result is CheckResult.PASSED
    assert list(outside.iterdir()) == []
