"""A newer version is merged into what students made, and nothing of theirs is lost."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seedbed.failures import Failure
from seedbed.model import Cohort, Outcome, Result
from seedbed.preparing import Preparing
from seedbed.remote import EMPTIED
from seedbed.rendering import Tree
from seedbed.store import open_store
from seedbed.updating import OUTDATED, REWRITTEN
from tests.cohort.cohorts import (
    cohort_of,
    everything,
    repository,
    seed,
    snapshots,
    student,
    update,
)
from tests.cohort.copier_itself import files, updated
from tests.cohort.world import (
    FIRST,
    QUESTIONS,
    Snapshot,
    Working,
    assert_nothing_lost,
    release,
    small_template,
    work_and_push,
)
from tests.support import git, run

ADA = student("ada")
UPDATE = "seedbed/v1.1.0"
ANSWERS = ".copier-answers.yml"


def branch(there: Path, name: str, folder: Path) -> Tree:
    """The files of a branch, as who checks it out gets them."""
    mine = Working.clone(there, folder)
    mine.git("switch", "--quiet", "--detach", f"origin/{name}")
    return files(mine.folder)


def heads(there: Path) -> Mapping[str, str]:
    """All branches, with their commits."""
    listed = git(there, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads")
    return dict(line.split(" ") for line in listed.splitlines())


# -- What an update is --------------------------------------------------------------------------


def test_an_update_is_a_branch_and_main_stays_where_it_is(
    cohort: Cohort, there: Path, tmp_path: Path
) -> None:
    work_and_push(there, tmp_path / "work")
    before = Snapshot.of(there)
    assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.DONE, f"pushed {UPDATE}")
    after = Snapshot.of(there)
    assert_nothing_lost(before, after, ours=[f"refs/heads/{UPDATE}"])
    assert after.refs.keys() - before.refs.keys() == {f"refs/heads/{UPDATE}"}


def test_an_update_is_what_copier_makes_of_the_same_work(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.replace("README.md", "By Ada", "With love, by Ada")
    ada.replace("src/app.py", '"""Counts."""', '"""Counts up."""')
    ada.commit({"NOTES.md": "My own notes.\n", "src/mine.py": "MINE = True\n"})
    ada.commit({"scripts/start.sh": None})
    ada.push()
    update(cohort, ADA, "v1.1.0")
    assert branch(there, UPDATE, tmp_path / "theirs") == updated("v1.1.0", ada.folder)


def test_an_update_over_several_versions_is_what_copier_makes_of_the_same_work(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    update(cohort, ADA, "v2.0.0")
    assert branch(there, "seedbed/v2.0.0", tmp_path / "theirs") == updated("v2.0.0", ada.folder)


def test_an_update_is_by_the_cohort_and_has_the_students_work_and_the_version_as_parents(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    mine = ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    update(cohort, ADA, "v1.1.0")
    form = "--format=%an <%ae>|%s|%P"
    who, subject, parents = git(there, "log", "-1", form, UPDATE).strip().split("|")
    assert who == "Backend 2026 <teachers@example.org>"
    assert subject == "Update from the template: v1.0.0 to v1.1.0"
    first, second = parents.split()
    assert first == mine
    log = git(there, "log", "--format=%an|%s", second)
    ours = "Backend 2026"
    assert log.splitlines() == [f"{ours}|Template v1.1.0", f"{ours}|Begin from the template"]


def test_main_moves_if_that_is_asked_for_and_nothing_conflicts(
    cohort: Cohort, there: Path, tmp_path: Path
) -> None:
    work_and_push(there, tmp_path / "work")
    before = Snapshot.of(there)
    outcome = update(cohort, ADA, "v1.1.0", merge_clean=True)
    assert outcome == Outcome("ada", Result.DONE, "pushed main")
    after = Snapshot.of(there)
    assert_nothing_lost(before, after, ours=["refs/heads/main"])
    assert after.refs.keys() == before.refs.keys()
    assert "STEP = 2" in git(there, "show", "main:src/app.py")


def test_a_dry_run_says_what_would_be_done_and_does_nothing(cohort: Cohort, ada: Working) -> None:
    ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    before = everything(cohort)
    told = [update(cohort, ADA, "v1.1.0", dry_run=True, merge_clean=each) for each in (False, True)]
    assert [each.text for each in told] == [f"would push {UPDATE}", "would push main"]
    assert everything(cohort) == before


# -- What is the student's ----------------------------------------------------------------------


def test_a_deleted_file_stays_deleted_though_the_template_goes_on_changing_it(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.commit({"src/app.py": None})
    ada.push()
    assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.DONE, f"pushed {UPDATE}")
    assert "src/app.py" not in branch(there, UPDATE, tmp_path / "theirs")


def test_what_is_the_learners_is_left_as_it_is_changed_deleted_or_not(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    update(cohort, ADA, "v1.1.0")
    untouched = branch(there, UPDATE, tmp_path / "untouched")
    assert untouched["NOTES.md"].content == b"Write here.\n"
    ada.commit({"NOTES.md": None})
    ada.push()
    update(cohort, ADA, "v1.1.0")
    assert "NOTES.md" not in branch(there, UPDATE, tmp_path / "deleted")


def test_a_new_file_that_is_the_learners_does_not_replace_the_students_own(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    theirs = QUESTIONS.replace("  - NOTES.md", "  - NOTES.md\n  - mine.txt")
    template = Path(cohort.template)
    release(template, "v2.1.0", {"copier.yml": theirs, "template/mine.txt": "Write here.\n"})
    ada.commit({"mine.txt": "Mine.\n"})
    ada.push()
    assert update(cohort, ADA, "v2.1.0").result is Result.DONE
    assert git(there, "show", "seedbed/v2.1.0:mine.txt") == "Mine.\n"


def test_a_students_file_stays_where_it_is_when_the_template_renames_the_folder(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    plan = FIRST["template/docs/plan.md"]
    moved = {"template/docs/roadmap.md": None, "template/guide/roadmap.md": plan}
    release(Path(cohort.template), "v2.1.0", moved)
    ada.commit({"docs/mine.md": "Mine.\n"})
    ada.push()
    assert update(cohort, ADA, "v2.1.0").result is Result.DONE
    assert git(there, "show", "seedbed/v2.1.0:docs/mine.md") == "Mine.\n"


def test_a_fix_follows_a_file_that_the_student_renamed(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.git("mv", "src/app.py", "src/counter.py")
    ada.commit({})
    ada.push()
    update(cohort, ADA, "v1.1.0")
    theirs = branch(there, UPDATE, tmp_path / "theirs")
    assert b"STEP = 2" in theirs["src/counter.py"].content
    assert "src/app.py" not in theirs


def test_a_change_follows_a_file_that_the_template_renamed(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.replace("docs/plan.md", "2. write", "2. write, and rest")
    ada.push()
    update(cohort, ADA, "v1.1.0")
    theirs = branch(there, UPDATE, tmp_path / "theirs")
    assert (
        theirs["docs/roadmap.md"].content == b"The plan\n\n1. think\n2. write, and rest\n3. test\n"
    )
    assert "docs/plan.md" not in theirs


def test_a_question_that_the_students_version_did_not_ask_is_answered_by_the_roster(
    cohort: Cohort, there: Path, tmp_path: Path
) -> None:
    update(cohort, student("ada", licence="Apache-2.0", author="Somebody else"), "v1.2.0")
    theirs = branch(there, "seedbed/v1.2.0", tmp_path / "theirs")
    assert theirs["LICENCE"].content == b"Apache-2.0\n"
    assert b"By Ada." in theirs["README.md"].content
    assert b"licence: Apache-2.0\n" in theirs[ANSWERS].content


# -- Conflicts ----------------------------------------------------------------------------------


def conflicting(ada: Working) -> None:
    """Change what the next version changes too."""
    ada.replace("src/app.py", "STEP = 1", "STEP = 10")
    ada.push()


def test_a_conflict_is_on_the_branch_with_both_sides_and_never_on_main(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    conflicting(ada)
    before = Snapshot.of(there)
    outcome = update(cohort, ADA, "v1.1.0", merge_clean=True)
    expected = Outcome("ada", Result.CONFLICT, f"pushed {UPDATE}", files=("src/app.py",))
    assert outcome == expected
    assert_nothing_lost(before, Snapshot.of(there), ours=[f"refs/heads/{UPDATE}"])
    theirs = branch(there, UPDATE, tmp_path / "theirs")
    both = b"<<<<<<< main\nSTEP = 10\n=======\nSTEP = 2\n>>>>>>> seedbed/v1.1.0\n"
    assert both in theirs["src/app.py"].content
    # What does not conflict is there as well.
    assert "docs/roadmap.md" in theirs


def test_a_file_that_the_template_removed_and_the_student_changed_is_kept_and_told(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.replace("settings.cfg", "use = no", "use = yes")
    ada.push()
    outcome = update(cohort, ADA, "v1.2.0")
    assert (outcome.result, outcome.files) == (Result.CONFLICT, ("settings.cfg",))
    theirs = branch(there, "seedbed/v1.2.0", tmp_path / "theirs")
    assert theirs["settings.cfg"].content == b"[old]\nuse = yes\n"


def test_a_conflict_stays_told_until_the_student_works_on_it(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    conflicting(ada)
    update(cohort, ADA, "v1.1.0")
    again = update(cohort, ADA, "v1.1.0")
    expected = Outcome("ada", Result.CONFLICT, f"{UPDATE} is open", files=("src/app.py",))
    assert again == expected
    ada.git("fetch", "--quiet")
    ada.git("switch", "--quiet", UPDATE)
    resolved = ada.commit({"src/app.py": "STEP = 10\n"})
    ada.push()
    at_work = f"the student is at work on {UPDATE}"
    assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.NOTHING_TO_DO, at_work)
    assert heads(there)[UPDATE] == resolved


# -- Again and again ----------------------------------------------------------------------------


def test_updating_twice_is_the_same_as_once(cohort: Cohort) -> None:
    update(cohort, ADA, "v1.1.0")
    before = snapshots(cohort)
    again = update(cohort, ADA, "v1.1.0")
    assert again == Outcome("ada", Result.NOTHING_TO_DO, f"{UPDATE} is open")
    assert snapshots(cohort) == before


def test_an_open_update_goes_on_from_itself_when_main_has_moved(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    for step in ("one", "two", "three"):
        update(cohort, ADA, "v1.1.0")
        before = Snapshot.of(there)
        ada.commit({f"src/{step}.py": "MINE = True\n"})
        ada.push()
        assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.DONE, f"pushed {UPDATE}")
        ours = ["refs/heads/main", f"refs/heads/{UPDATE}"]
        assert_nothing_lost(before, Snapshot.of(there), ours=ours)
    assert branch(there, UPDATE, tmp_path / "theirs") == updated("v1.1.0", ada.folder)
    assert update(cohort, ADA, "v1.1.0").text == f"{UPDATE} is open"


def test_one_update_after_another_is_what_copier_makes_of_the_same_work(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.replace("README.md", "## Use", "## How to use it")
    ada.push()
    update(cohort, ADA, "v1.1.0")
    ada.git("fetch", "--quiet")
    ada.git("merge", "--quiet", "--no-edit", f"origin/{UPDATE}")
    ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    assert update(cohort, ADA, "v1.2.0").text == "pushed seedbed/v1.2.0"
    assert branch(there, "seedbed/v1.2.0", tmp_path / "theirs") == updated("v1.2.0", ada.folder)


def test_an_update_that_was_squashed_into_main_is_the_base_of_the_next(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    ada.replace("src/app.py", "return number + STEP", "return STEP + number")
    ada.push()
    update(cohort, ADA, "v1.1.0")
    ada.git("fetch", "--quiet")
    ada.git("merge", "--quiet", "--squash", f"origin/{UPDATE}")
    ada.commit({}, "The update, as one commit")
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == "has v1.1.0"
    outcome = update(cohort, ADA, "v1.2.0", merge_clean=True)
    assert outcome == Outcome("ada", Result.DONE, "pushed main")
    assert "return STEP + number" in git(there, "show", "main:src/app.py")


def test_who_has_updated_alone_is_taken_from_where_they_are(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    updated("v1.1.0", ada.folder)
    ada.commit({}, "Updated alone")
    ada.replace("src/app.py", "STEP = 2", "STEP = 20")
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == "has v1.1.0"
    # Had the base been the version that they began with, STEP would conflict.
    assert update(cohort, ADA, "v1.2.0").text == "pushed seedbed/v1.2.0"
    assert branch(there, "seedbed/v1.2.0", tmp_path / "theirs") == updated("v1.2.0", ada.folder)


def test_who_changed_an_answer_alone_keeps_it(cohort: Cohort, there: Path, ada: Working) -> None:
    answers = (ada.folder / ANSWERS).read_text().replace("Counter", "Abacus")
    readme = (ada.folder / "README.md").read_text().replace("Counter", "Abacus")
    app = (ada.folder / "src" / "app.py").read_text().replace("Counter", "Abacus")
    ada.commit({ANSWERS: answers, "README.md": readme, "src/app.py": app})
    ada.push()
    assert update(cohort, ADA, "v1.1.0", merge_clean=True).text == "pushed main"
    assert 'return "Abacus"' in git(there, "show", "main:src/app.py")
    assert "project_name: Abacus\n" in git(there, "show", f"main:{ANSWERS}")


def test_a_students_own_update_works_before_and_after_ours(cohort: Cohort, ada: Working) -> None:
    updated("v1.1.0", ada.folder)
    ada.commit({}, "Updated alone")
    ada.push()
    update(cohort, ADA, "v1.2.0", merge_clean=True)
    ada.git("pull", "--quiet", "--ff-only")
    assert b"Run it twice." in updated("v2.0.0", ada.folder)["README.md"].content
    assert ada.git("diff", "--name-only", "--diff-filter=U") == ""


@pytest.mark.parametrize("begun", ["in a week", "long ago"])
def test_no_date_makes_a_history_a_rewritten_one(tmp_path: Path, begun: str) -> None:
    when = datetime(2030 if begun == "in a week" else 2020, 1, 1, tzinfo=UTC)
    template = small_template(tmp_path / "template")
    cohort = replace(cohort_of(template, tmp_path / "cohort"), begun=when)
    seed(cohort, ADA)
    ada = Working.clone(repository(cohort, ADA), tmp_path / "ada")
    # Git looks a few commits further than a date says.
    for number in range(12):
        ada.commit({"src/mine.py": f"MINE = {number}\n"})
    ada.push()
    assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.DONE, f"pushed {UPDATE}")


@pytest.mark.parametrize("date", ["@99999999999999 +0000", "@1700000000 +9959", "@0 -1200"])
def test_a_date_that_a_student_made_up_is_no_hindrance(
    cohort: Cohort, ada: Working, date: str
) -> None:
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    run(["git", "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=ada.folder, env=dates)
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    assert update(cohort, ADA, "v1.1.0").text == f"{UPDATE} is open"


def test_a_commit_without_a_date_is_no_hindrance(cohort: Cohort, there: Path, ada: Working) -> None:
    raw = ada.git("cat-file", "commit", "HEAD")
    undated = re.sub(r"(?m)^(committer .*>) .*$", r"\1 ", raw)
    (ada.folder / "commit").write_text(undated)
    words = ("hash-object", "-t", "commit", "-w", "--literally", "commit")
    ada.push("--force", f"{ada.git(*words).strip()}:main")
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    assert git(there, "log", "-1", "--format=%P", UPDATE).split()[0] == heads(there)["main"]


def test_an_answers_file_that_was_tidied_up_is_the_same_base_each_time(
    cohort: Cohort, ada: Working
) -> None:
    ada.commit({ANSWERS: "# Do not edit\n" + (ada.folder / ANSWERS).read_text()})
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    kept = open_store(cohort).versions("ada")
    assert update(cohort, ADA, "v1.1.0").text == f"{UPDATE} is open"
    assert open_store(cohort).versions("ada") == kept


@pytest.mark.parametrize(
    "source", ["ext::sh -c 'touch pwned'", "/etc", "--upload-pack=touch pwned"]
)
def test_the_template_is_the_cohorts_whatever_an_answers_file_says(
    cohort: Cohort, there: Path, ada: Working, source: str
) -> None:
    lines = (ada.folder / ANSWERS).read_text().splitlines()
    evil = [f'_src_path: "{source}"' if line.startswith("_src_path") else line for line in lines]
    ada.commit({ANSWERS: "\n".join([*evil, ""])})
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    assert f"_src_path: {cohort.template}\n" in git(there, "show", f"{UPDATE}:{ANSWERS}")


def test_an_open_update_is_known_again_when_the_store_was_lost(
    cohort: Cohort, ada: Working
) -> None:
    for version in ("v1.1.0", "v1.2.0"):
        update(cohort, ADA, version, merge_clean=True)
    update(cohort, ADA, "v2.0.0")
    shutil.rmtree(cohort.state)
    assert update(cohort, ADA, "v2.0.0").text == "seedbed/v2.0.0 is open"
    ada.git("pull", "--quiet")
    ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    assert update(cohort, ADA, "v2.0.0").text == "pushed seedbed/v2.0.0"


def test_an_update_that_was_reverted_is_offered_again(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    update(cohort, ADA, "v1.1.0")
    ada.git("fetch", "--quiet")
    ada.git("merge", "--quiet", "--no-ff", "--no-edit", f"origin/{UPDATE}")
    ada.git("revert", "--no-edit", "--mainline=1", "HEAD")
    ada.push()
    before = Snapshot.of(there)
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    assert_nothing_lost(before, Snapshot.of(there), ours=[f"refs/heads/{UPDATE}"])
    assert "STEP = 2" in git(there, "show", f"{UPDATE}:src/app.py")


def test_an_update_of_a_history_that_was_rewritten_since_is_told_and_left(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    update(cohort, ADA, "v1.1.0")
    ada.squash()
    ada.push("--force")
    before = Snapshot.of(there)
    expected = Outcome("ada", Result.NOTHING_TO_DO, f"{UPDATE} is open", OUTDATED)
    assert update(cohort, ADA, "v1.1.0") == expected
    assert Snapshot.of(there) == before
    ada.push(f":{UPDATE}")
    assert update(cohort, ADA, "v1.1.0") == Outcome(
        "ada", Result.DONE, f"pushed {UPDATE}", REWRITTEN
    )


@pytest.mark.parametrize("target", [UPDATE, "main"])
def test_somebody_who_pushes_in_between_is_not_overwritten(
    cohort: Cohort, there: Path, ada: Working, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    mine = ada.commit({"src/mine.py": "MINE = True\n"})
    real = Preparing.update

    def meanwhile(self: Preparing, *args: Any, **options: Any) -> Any:
        made = real(self, *args, **options)
        ada.push(f"HEAD:refs/heads/{target}")
        return made

    monkeypatch.setattr(Preparing, "update", meanwhile)
    outcome = update(cohort, ADA, "v1.1.0", merge_clean=target == "main")
    assert (outcome.result, outcome.reason) == (Result.FAILED, Failure.MOVED.value)
    assert heads(there)[target] == mine


# -- What is told by its reason -----------------------------------------------------------------


def refused(cohort: Cohort, there: Path) -> str:
    """Why an update is refused; nothing is changed by it."""
    before = Snapshot.of(there)
    outcome = update(cohort, ADA, "v1.1.0")
    assert (outcome.result, Snapshot.of(there)) == (Result.FAILED, before)
    return outcome.reason


def test_a_deleted_answers_file_is_told(cohort: Cohort, there: Path, ada: Working) -> None:
    ada.commit({ANSWERS: None})
    ada.push()
    assert refused(cohort, there) == (
        f"{ANSWERS} was deleted: put it back (git log --all -- {ANSWERS} finds it)"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a list\n",
        b"{",
        b"\xff\xfe",
        b"\x00",
        b"1: 2\n",
        b"_commit: !!python/object/apply:os.system ['touch /tmp/x']\n",
        b"[" * 5000,
        b"a: &a [x, x]\nb: &b [*a, *a]\n_commit: v1.0.0\n",
        b"_commit: v1.0.0\n" + b"#" * 70_000,
    ],
    ids=[
        *("nothing", "a list", "no YAML", "UTF-16", "a control character", "numbers"),
        *("a command", "a deep one", "aliases", "a large one"),
    ],
)
def test_an_answers_file_that_is_none_is_told(
    cohort: Cohort, there: Path, ada: Working, content: bytes
) -> None:
    ada.commit({ANSWERS: content})
    ada.push()
    assert refused(cohort, there) == f"{ANSWERS} is not the file that Copier wrote: put it back"


def test_an_answers_file_that_is_a_link_is_told(cohort: Cohort, there: Path, ada: Working) -> None:
    (ada.folder / ANSWERS).unlink()
    (ada.folder / ANSWERS).symlink_to("/etc/passwd")
    ada.commit({})
    ada.push()
    assert refused(cohort, there) == f"{ANSWERS} is not the file that Copier wrote: put it back"


@pytest.mark.parametrize("version", ["v9.9.9", "v1.0.0-3-g1234567", "--help", "[1]", "main"])
def test_a_version_that_was_not_released_is_told(
    cohort: Cohort, there: Path, ada: Working, version: str
) -> None:
    ada.replace(ANSWERS, "v1.0.0", version)
    ada.push()
    expected = f"{ANSWERS} names no released version of the template: put its _commit back"
    assert refused(cohort, there) == expected


def test_a_version_that_is_newer_is_left(cohort: Cohort, ada: Working) -> None:
    updated("v2.0.0", ada.folder)
    ada.commit({}, "Updated alone")
    ada.push()
    expected = Outcome("ada", Result.NOTHING_TO_DO, "has v2.0.0, which is newer than v1.1.0")
    assert update(cohort, ADA, "v1.1.0") == expected


def test_a_repository_that_is_gone_is_told(cohort: Cohort, there: Path) -> None:
    shutil.rmtree(there)
    outcome = update(cohort, ADA, "v1.1.0")
    assert outcome.result is Result.FAILED
    assert outcome.reason.startswith("there is no such repository")
    assert not there.exists()


def test_an_empty_repository_is_told(cohort: Cohort, there: Path) -> None:
    shutil.rmtree(there)
    there.mkdir()
    git(there, "init", "--quiet", "--bare")
    assert refused(cohort, there) == f"the repository has no main, though {EMPTIED}"
    shutil.rmtree(cohort.state)
    assert refused(cohort, there) == "the repository has no main yet: seedbed seed gives it one"


def test_a_rewritten_history_still_has_its_base_and_main_is_never_moved(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    ada.commit({"src/mine.py": "MINE = True\n"})
    ada.squash()
    ada.push("--force")
    before = Snapshot.of(there)
    outcome = update(cohort, ADA, "v1.1.0", merge_clean=True)
    assert outcome == Outcome("ada", Result.DONE, f"pushed {UPDATE}", REWRITTEN)
    assert_nothing_lost(before, Snapshot.of(there), ours=[f"refs/heads/{UPDATE}"])
    assert branch(there, UPDATE, tmp_path / "theirs") == updated("v1.1.0", ada.folder)


def test_files_with_odd_names_are_merged_and_told(
    cohort: Cohort, there: Path, ada: Working, tmp_path: Path
) -> None:
    odd = {'quote".py': "1\n", "new\nline.py": "2\n", "back\\slash": "3\n", "-option": "4\n"}
    ada.commit({**odd, "src/app.py": None})
    ada.push()
    assert update(cohort, ADA, "v1.1.0").text == f"pushed {UPDATE}"
    theirs = branch(there, UPDATE, tmp_path / "theirs")
    assert {name: theirs[name].content.decode() for name in odd} == odd


def test_a_branch_of_the_students_that_has_the_updates_name_is_left_alone(
    cohort: Cohort, there: Path, ada: Working
) -> None:
    ada.git("switch", "--quiet", "--create", UPDATE)
    mine = ada.commit({"src/mine.py": "MINE = True\n"})
    ada.push()
    text = f"the student is at work on {UPDATE}"
    assert update(cohort, ADA, "v1.1.0") == Outcome("ada", Result.NOTHING_TO_DO, text)
    assert heads(there)[UPDATE] == mine


@pytest.mark.parametrize("slug", ["main", "seedbed", "heads", "v1"])
def test_a_student_may_be_called_what_git_calls_something_too(cohort: Cohort, slug: str) -> None:
    who = student(slug)
    seed(cohort, who)
    before = Snapshot.of(repository(cohort, who))
    assert update(cohort, who, "v1.1.0", dry_run=True).text == f"would push {UPDATE}"
    assert update(cohort, who, "v1.1.0").text == f"pushed {UPDATE}"
    after = Snapshot.of(repository(cohort, who))
    assert_nothing_lost(before, after, ours=[f"refs/heads/{UPDATE}"])


def test_a_branch_that_is_in_the_way_is_told(cohort: Cohort, there: Path, ada: Working) -> None:
    ada.push("HEAD:seedbed")
    assert refused(cohort, there) == Failure.NAME.value
