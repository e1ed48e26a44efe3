"""Each student gets a repository with one first commit, and running again does what is missing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from seedbed.failures import Failure
from seedbed.housekeeping import tidy
from seedbed.model import Cohort, Outcome, Result, State
from seedbed.seeding import left_over
from seedbed.store import open_store
from tests.cohort.cohorts import (
    cohort_of,
    everything,
    repository,
    seed,
    snapshots,
    student,
    survey,
    update,
)
from tests.cohort.copier_itself import copied, files
from tests.cohort.world import Working, small_template, work_and_push
from tests.support import git

ADA, BOB = student("ada"), student("bob", author="Bob B.", project_name="Bob's counter")
NO_START = (
    "main does not come from the cohort's first commit: its history was rewritten, or it is"
    " another project; it was left alone"
)


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """A cohort that begins with an older version of the small template."""
    return cohort_of(small_template(tmp_path / "template"), tmp_path / "cohort")


def test_each_student_gets_what_copier_copies_as_one_commit_of_the_cohort(
    cohort: Cohort, tmp_path: Path
) -> None:
    assert [each.result for each in seed(cohort, ADA, BOB)] == [Result.DONE, Result.DONE]
    for who in (ADA, BOB):
        there = repository(cohort, who)
        shown = git(there, "log", "--all", "--format=%an <%ae> %aI|%cn <%ce> %cI|%B%D").splitlines()
        when = "Backend 2026 <teachers@example.org> 2026-09-01T09:00:00+00:00"
        assert shown == [f"{when}|{when}|Begin from the template", "HEAD -> main"]
        mine = Working.clone(there, tmp_path / "clone" / who.slug)
        expected = copied(
            Path(cohort.template), "v1.0.0", tmp_path / "copied" / who.slug, who.answers
        )
        assert files(mine.folder) == expected


def test_students_get_rendered_files_and_nothing_of_the_templates_history(cohort: Cohort) -> None:
    seed(cohort, ADA)
    objects = git(repository(cohort, ADA), "cat-file", "--batch-all-objects", "--batch-check")
    assert [line.split()[1] for line in objects.splitlines()].count("commit") == 1
    assert git(repository(cohort, ADA), "for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/main"
    ]


def test_running_again_changes_nothing_where_all_is_there(cohort: Cohort, tmp_path: Path) -> None:
    seed(cohort, ADA, BOB)
    work_and_push(repository(cohort, BOB), tmp_path / "bob")
    before = snapshots(cohort)
    done = Result.NOTHING_TO_DO, "seeded already"
    assert [(each.result, each.text) for each in seed(cohort, ADA, BOB)] == [done, done]
    assert snapshots(cohort) == before


def test_a_retry_gives_the_same_commit(cohort: Cohort) -> None:
    (first,) = seed(cohort, ADA)
    shutil.rmtree(repository(cohort, ADA))
    shutil.rmtree(cohort.state)
    assert seed(cohort, ADA) == [first]


def test_a_repository_that_is_empty_or_half_made_is_completed(cohort: Cohort) -> None:
    there = repository(cohort, ADA)
    there.mkdir(parents=True)
    git(there, "init", "--quiet", "--bare", "--initial-branch=main")
    # What a kill leaves behind.
    begun = repository(cohort, BOB).with_name(".bob.git.begun")
    (begun / "objects").mkdir(parents=True)
    assert [each.result for each in seed(cohort, ADA, BOB)] == [Result.DONE, Result.DONE]
    assert sorted(path.name for path in there.parent.iterdir()) == ["ada.git", "bob.git"]
    assert [len(each.commits) for each in snapshots(cohort).values()] == [1, 1]


def test_what_the_roster_says_now_counts_until_the_student_has_a_first_commit(
    cohort: Cohort,
) -> None:
    seed(cohort, ADA)
    shutil.rmtree(repository(cohort, ADA))
    (outcome,) = seed(cohort, student("ada", author="Ada King"))
    assert outcome.result is Result.DONE
    assert b"By Ada King." in readme(repository(cohort, ADA))


def test_what_the_roster_says_later_changes_no_repository(cohort: Cohort) -> None:
    seed(cohort, ADA)
    before = snapshots(cohort)
    (outcome,) = seed(cohort, student("ada", author="Ada King"))
    assert (outcome.result, snapshots(cohort)) == (Result.NOTHING_TO_DO, before)


def test_who_joins_late_gets_the_cohorts_version_not_the_newest(cohort: Cohort) -> None:
    seed(cohort, ADA)
    assert seed(cohort, ADA, BOB)[1].result is Result.DONE
    answers = git(repository(cohort, BOB), "show", "main:.copier-answers.yml")
    assert "_commit: v1.0.0\n" in answers


def test_who_left_is_listed_and_left_alone(cohort: Cohort) -> None:
    seed(cohort, ADA, BOB)
    before = snapshots(cohort)
    seed(cohort, ADA)
    assert left_over(cohort, [ADA], open_store(cohort)) == ["bob"]
    assert snapshots(cohort) == before


def test_a_repository_with_somebody_elses_work_is_left_alone(
    cohort: Cohort, tmp_path: Path
) -> None:
    there = repository(cohort, ADA)
    there.mkdir(parents=True)
    git(there, "init", "--quiet", "--bare", "--initial-branch=main")
    other = Working.clone(there, tmp_path / "other")
    other.commit({"thesis.txt": "Mine.\n"})
    other.push()
    before = snapshots(cohort)
    assert seed(cohort, ADA) == [Outcome("ada", Result.FAILED, "", NO_START)]
    assert snapshots(cohort) == before


def test_a_repository_without_main_is_left_alone(cohort: Cohort, tmp_path: Path) -> None:
    seed(cohort, ADA)
    mine = Working.clone(repository(cohort, ADA), tmp_path / "mine")
    git(repository(cohort, ADA), "symbolic-ref", "HEAD", "refs/heads/trunk")
    mine.push("main:trunk", ":main")
    before = snapshots(cohort)
    reason = "the repository has branches, but no main: rename the one to be updated"
    assert seed(cohort, ADA) == [Outcome("ada", Result.FAILED, "", reason)]
    assert snapshots(cohort) == before


def test_a_rewritten_history_is_told_and_left_alone(cohort: Cohort, tmp_path: Path) -> None:
    seed(cohort, ADA)
    mine = Working.clone(repository(cohort, ADA), tmp_path / "mine")
    mine.squash()
    mine.push("--force")
    before = snapshots(cohort)
    assert seed(cohort, ADA) == [Outcome("ada", Result.FAILED, "", NO_START)]
    assert snapshots(cohort) == before


def test_a_lost_store_is_found_again_in_what_students_began_with(
    cohort: Cohort, tmp_path: Path
) -> None:
    seed(cohort, ADA)
    work_and_push(repository(cohort, ADA), tmp_path / "ada")
    start = open_store(cohort).start("ada")
    shutil.rmtree(cohort.state)
    # Nor does the roster say any more what it said then.
    later = student("ada", author="Ada King")
    assert seed(cohort, later)[0].text == "seeded already"
    assert open_store(cohort).start("ada") == start
    assert update(cohort, later, "v1.1.0").result is Result.DONE


def test_a_store_that_a_kill_left_half_made_is_completed(cohort: Cohort) -> None:
    half = cohort.state / "vendor.git"
    half.mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main\n")
    assert seed(cohort, ADA)[0].result is Result.DONE


def test_a_first_commit_that_only_looks_like_the_templates_is_not_taken_for_it(
    cohort: Cohort, tmp_path: Path
) -> None:
    seed(cohort, ADA)
    mine = Working.clone(repository(cohort, ADA), tmp_path / "mine")
    mine.replace("src/app.py", "STEP = 1", "STEP = 3")
    mine.squash()
    mine.push("--force")
    shutil.rmtree(cohort.state)
    assert seed(cohort, ADA)[0].reason == NO_START


def test_a_dry_run_says_what_would_be_done_and_does_nothing(cohort: Cohort) -> None:
    seed(cohort, ADA)
    before = everything(cohort)
    would = f"would seed {repository(cohort, BOB)}"
    assert [each.text for each in seed(cohort, ADA, BOB, dry_run=True)] == [
        "seeded already",
        would,
    ]
    assert everything(cohort) == before


def test_names_that_look_like_options_or_commands_are_only_names(cohort: Cohort) -> None:
    nasty = student(
        "eve", author='--help $(touch /tmp/x) "; rm -rf ~', project_name="`id` {{ 7*7 }}"
    )
    assert seed(cohort, nasty)[0].result is Result.DONE
    assert readme(repository(cohort, nasty)) == (
        b'# `id` {{ 7*7 }}\n\nBy --help $(touch /tmp/x) "; rm -rf ~.\n\n## Use\n\nRun it.\n'
    )


def test_an_answer_that_the_template_refuses_fails_that_student_alone(cohort: Cohort) -> None:
    long = student("eve", project_name="x" * 31)
    failed, done = seed(cohort, long, ADA)
    assert failed.result is Result.FAILED
    assert "Take at most 30 characters." in failed.reason
    assert done.result is Result.DONE
    assert not repository(cohort, long).exists()


def readme(repository: Path) -> bytes:
    """The README on `main`."""
    return git(repository, "show", "main:README.md").encode()


def test_an_unknown_version_is_told_with_those_that_there_are(cohort: Cohort) -> None:
    (outcome,) = seed(replace(cohort, version="3.0"), ADA)
    assert outcome.reason == (
        "The template has no version 3.0. Versions it has: v1.0.0, v1.1.0, v1.2.0, v2.0.0."
    )


@pytest.mark.parametrize("name", ["idea\u2028x", "idea\x85y", "main\u2028", "seedbed/a\u2028b"])
def test_branches_may_have_any_name_that_git_takes(
    cohort: Cohort, tmp_path: Path, name: str
) -> None:
    seed(cohort, ADA)
    Working.clone(repository(cohort, ADA), tmp_path / "mine").push(f"HEAD:refs/heads/{name}")
    assert seed(cohort, ADA)[0].text == "seeded already"
    assert update(cohort, ADA, "v1.1.0").text == "pushed seedbed/v1.1.0"


def test_a_version_is_its_own_tag_whatever_else_has_a_name_like_it(cohort: Cohort) -> None:
    template = Path(cohort.template)
    for name in ("a", "latest", "v1"):
        git(template, "tag", name, "v1.0.0")
    # A branch called like the tag, with something else on it.
    git(template, "branch", "v1.0.0", "v2.0.0")
    seed(cohort, ADA)
    answers = git(repository(cohort, ADA), "show", "main:.copier-answers.yml")
    assert "_commit: v1.0.0\n" in answers
    assert b"Run it." in readme(repository(cohort, ADA))


def test_who_was_seeded_when_the_template_was_elsewhere_is_known_again_without_the_store(
    cohort: Cohort, tmp_path: Path
) -> None:
    seed(cohort, ADA)
    shutil.rmtree(cohort.state)
    Path(cohort.template).rename(tmp_path / "elsewhere")
    moved = replace(cohort, template=str(tmp_path / "elsewhere"))
    assert seed(moved, ADA)[0].text == "seeded already"
    assert update(moved, ADA, "v1.1.0").text == "pushed seedbed/v1.1.0"


def test_a_start_that_another_machine_was_faster_than_gives_way_to_what_is_there(
    cohort: Cohort,
) -> None:
    seed(cohort, student("ada", author="Ada King"))
    stale = open_store(cohort).start("ada")
    shutil.rmtree(repository(cohort, ADA))
    (there,) = seed(replace(cohort, folder=cohort.folder / "other"), ADA)
    assert there.result is Result.DONE
    assert seed(cohort, ADA)[0].text == "seeded already"
    assert open_store(cohort).start("ada") != stale


def test_a_damaged_store_is_told_and_one_that_a_power_cut_left_is_made_whole(
    cohort: Cohort,
) -> None:
    seed(cohort, ADA)
    store = open_store(cohort).path
    (store / "refs" / "heads" / "ada").write_text("")
    tidy(cohort.state)
    assert seed(cohort, ADA)[0].text == "seeded already"
    shutil.rmtree(store / "objects")
    (outcome,) = seed(cohort, ADA)
    assert outcome.reason.startswith(f"{store} seems to be damaged: delete it")


def test_a_repository_of_another_kind_of_ids_is_told(cohort: Cohort) -> None:
    there = repository(cohort, ADA)
    there.mkdir(parents=True)
    git(there, "init", "--quiet", "--bare", "--object-format=sha256")
    assert seed(cohort, ADA)[0].reason == Failure.SHA256.value


def test_a_persons_settings_of_git_change_nothing(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {
        "i18n.logOutputEncoding": "UTF-16",
        "log.showSignature": "true",
        "color.ui": "always",
        "submodule.recurse": "true",
        "protocol.version": "0",
        "push.recurseSubmodules": "only",
    }
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for number, (name, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", name)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    monkeypatch.setenv("GIT_DEFAULT_HASH", "sha256")
    assert seed(cohort, ADA)[0].result is Result.DONE
    assert update(cohort, ADA, "v1.1.0").text == "pushed seedbed/v1.1.0"
    assert survey(cohort, ADA, "v1.1.0").state is State.UPDATE_OPEN
