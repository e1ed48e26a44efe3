"""What an update does, and what the rules in CONTRIBUTING.md about changing the template rest on.

Each test makes a short history of the template: what is released at first, a learner's project, and
what is released next.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support import PROJECTS, commit_all, copy_project, git, run, tree
from tests.updates.history import layer, release_as, replace, unmerged, update

COPIER = (sys.executable, "-m", "copier")
PROJECT = "file-organizer"
NEXT = "v1.1.0"


@pytest.mark.parametrize("project", PROJECTS)
def test_an_update_brings_the_fix_and_keeps_what_the_learner_did(
    changing: Path, tmp_path: Path, project: str
) -> None:
    mine = copy_project(changing, tmp_path, project)
    readme = mine / "README.md"
    readme.write_text(readme.read_text() + "\nMy own words.\n")
    (mine / "SECURITY.md").unlink()
    changelog = (mine / "CHANGELOG.md").read_text() + "\nMine.\n"
    (mine / "CHANGELOG.md").write_text(changelog)
    commit_all(mine, "My work")
    for name, fix in {".editorconfig": "# a fix", "CHANGELOG.md": "# from the template"}.items():
        with (layer(changing) / name).open("a") as file:
            file.write(f"\n{fix}\n")
    release_as(changing, NEXT, "A fix")

    update(mine)

    assert unmerged(mine) == []
    assert git(mine, "diff", "--name-only").split() == [".copier-answers.yml", ".editorconfig"]
    assert (mine / ".editorconfig").read_text().endswith("\n# a fix\n")
    assert readme.read_text().endswith("\nMy own words.\n")
    assert not (mine / "SECURITY.md").exists()
    assert (mine / "CHANGELOG.md").read_text() == changelog


def test_an_update_of_a_tree_with_uncommitted_work_is_refused(
    changing: Path, tmp_path: Path
) -> None:
    mine = copy_project(changing, tmp_path, PROJECT)
    (mine / "README.md").write_text("not committed\n")

    done = subprocess.run(
        [*COPIER, "update", "--defaults"], cwd=mine, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Destination repository is dirty; cannot continue." in done.stderr
    assert (mine / "README.md").read_text() == "not committed\n"


def test_where_both_changed_the_same_line_both_sides_are_shown(
    changing: Path, tmp_path: Path
) -> None:
    mine = copy_project(changing, tmp_path, PROJECT)
    replace(mine / ".editorconfig", "max_line_length = 100", "max_line_length = 88")
    replace(mine / "README.md", "## Quick start", "## How to begin")
    commit_all(mine, "My work")
    replace(layer(changing) / ".editorconfig", "max_line_length = 100", "max_line_length = 120")
    release_as(changing, NEXT, "Longer lines")

    update(mine)

    assert unmerged(mine) == [".editorconfig"]
    text = (mine / ".editorconfig").read_text()
    assert (
        "<<<<<<< before updating\nmax_line_length = 88\n=======\nmax_line_length = 120\n"
        ">>>>>>> after updating\n"
    ) in text
    assert "## How to begin" in (mine / "README.md").read_text()


def test_a_conflict_cannot_be_committed_by_oversight(changing: Path, tmp_path: Path) -> None:
    mine = copy_project(changing, tmp_path, PROJECT)
    replace(mine / ".editorconfig", "max_line_length = 100", "max_line_length = 88")
    commit_all(mine, "My work")
    replace(layer(changing) / ".editorconfig", "max_line_length = 100", "max_line_length = 120")
    release_as(changing, NEXT, "Longer lines")
    update(mine)
    run(["uv", "sync", "--quiet"], cwd=mine)
    run(["uv", "run", "--quiet", "pre-commit", "install"], cwd=mine)
    git(mine, "add", "--all")
    before = git(mine, "rev-parse", "HEAD")

    done = subprocess.run(
        ["git", "commit", "--message", "Updated"],
        cwd=mine,
        capture_output=True,
        text=True,
        check=False,
    )

    told = done.stdout + done.stderr
    failed = re.findall(r"^(.*?)\.+Failed$", told, re.MULTILINE)
    assert (done.returncode, failed) == (1, ["refuse conflict markers"])
    assert "\n.editorconfig:" in told
    assert git(mine, "rev-parse", "HEAD") == before
    # Resolved, it can be.
    settings = mine / ".editorconfig"
    text = re.sub(r"<<<<<<< .*\n(.*\n)=======\n.*\n>>>>>>> .*\n", r"\1", settings.read_text())
    settings.write_text(text)
    git(mine, "add", "--all")
    git(mine, "commit", "--message", "Updated")
    assert git(mine, "log", "--format=%s").splitlines()[0] == "Updated"


def test_an_answer_can_be_changed_with_an_update(changing: Path, tmp_path: Path) -> None:
    mine = copy_project(changing, tmp_path, PROJECT)
    replace(mine / "README.md", "## Quick start", "## How to begin")
    commit_all(mine, "My work")

    update(mine, "--data=license=BSD-3-Clause", "--data=user_name=Ada Lovelace")

    assert unmerged(mine) == []
    wanted = {"license": "BSD-3-Clause", "user_name": "Ada Lovelace"}
    fresh = copy_project(changing, tmp_path / "fresh", PROJECT, **wanted)
    replace(fresh / "README.md", "## Quick start", "## How to begin")
    assert tree(mine) == tree(fresh)


def test_one_update_over_several_versions_is_the_same_as_one_after_the_other(
    changing: Path, tmp_path: Path
) -> None:
    mine = copy_project(changing, tmp_path / "at-once", PROJECT)
    replace(mine / "README.md", "## Quick start", "## How to begin")
    commit_all(mine, "My work")
    stepwise = tmp_path / "stepwise"
    shutil.copytree(mine, stepwise)
    for number in (1, 2, 3):
        path = layer(changing) / ".editorconfig"
        path.write_text(path.read_text() + f"\n# fix {number}\n")
        release_as(changing, f"v1.{number}.0", f"Fix {number}")
        update(stepwise)
        commit_all(stepwise, f"Updated to 1.{number}.0")

    update(mine)

    assert tree(mine) == tree(stepwise)
    assert (mine / ".editorconfig").read_text().endswith("\n# fix 1\n\n# fix 2\n\n# fix 3\n")


def test_a_changelog_that_the_learner_deleted_stays_deleted(changing: Path, tmp_path: Path) -> None:
    mine = copy_project(changing, tmp_path, PROJECT)
    (mine / "CHANGELOG.md").unlink()
    commit_all(mine, "My work")
    with (layer(changing) / "CHANGELOG.md").open("a") as file:
        file.write("\nA fix.\n")
    release_as(changing, NEXT, "Another changelog")

    update(mine)

    assert git(mine, "status", "--porcelain") == " M .copier-answers.yml\n"


def test_a_migration_that_the_learner_deleted_comes_back(changing: Path, tmp_path: Path) -> None:
    """As CONTRIBUTING.md of a project says: Copier brings back what it would otherwise skip."""
    mine = copy_project(changing, tmp_path, "blog-api")
    (first,) = (mine / "src/app/migrations/versions").glob("0*.py")
    first.unlink()
    commit_all(mine, "My work")
    replace(layer(changing) / ".editorconfig", "max_line_length = 100", "max_line_length = 120")
    release_as(changing, NEXT, "Longer lines")

    update(mine)

    assert git(mine, "status", "--porcelain", "--untracked-files=all").splitlines() == [
        " M .copier-answers.yml",
        " M .editorconfig",
        f"?? {first.relative_to(mine)}",
    ]


def remove(changing: Path) -> None:
    """Take a file out of the template."""
    (layer(changing) / "SECURITY.md.jinja").unlink()


def rename(changing: Path) -> None:
    """Give a file of the template another name, and nothing else."""
    folder = layer(changing)
    (folder / "SECURITY.md.jinja").rename(folder / "REPORTING.md.jinja")


@pytest.mark.parametrize("change", [remove, rename])
def test_what_the_template_drops_is_deleted_also_where_the_learner_changed_it(
    changing: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """So it is done in a new major version alone, and told: nothing else warns of it."""
    mine = copy_project(changing, tmp_path, PROJECT)
    text = (mine / "SECURITY.md").read_text() + "\nMine.\n"
    (mine / "SECURITY.md").write_text(text)
    commit_all(mine, "My work")
    change(changing)
    release_as(changing, NEXT, "One file less")

    update(mine)

    assert git(mine, "diff", "--name-only", "--diff-filter=D").split() == ["SECURITY.md"]
    # What CONTRIBUTING.md says to do.
    git(mine, "restore", "SECURITY.md")
    assert (mine / "SECURITY.md").read_text() == text


def test_a_file_that_says_where_it_went_shows_the_learner_what_to_carry_over(
    changing: Path, tmp_path: Path
) -> None:
    """The way to rename something before the next major version."""
    mine = copy_project(changing, tmp_path / "changed", PROJECT)
    untouched = copy_project(changing, tmp_path / "untouched", PROJECT)
    replace(mine / "SECURITY.md", "and not in a public issue", "and never in public")
    commit_all(mine, "My work")
    rename(changing)
    moved = "# Security\n\nMoved to [REPORTING.md](REPORTING.md).\n"
    (layer(changing) / "SECURITY.md").write_text(moved)
    release_as(changing, NEXT, "Another name")

    update(mine)
    update(untouched)

    assert (untouched / "SECURITY.md").read_text() == moved
    assert (untouched / "REPORTING.md").read_text().startswith("# Security\n")
    assert unmerged(mine) == ["SECURITY.md"]
    text = (mine / "SECURITY.md").read_text()
    assert "and never in public" in text
    assert "Moved to [REPORTING.md]" in text


ALEMBIC = '''\
"""Subtitles of articles.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("articles", sa.Column("subtitle", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("articles", "subtitle")
'''
DJANGO = '''\
"""Subtitles of products."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds a column."""

    dependencies: ClassVar = [("catalogue", "{first}")]
    operations: ClassVar = [
        migrations.AddField("product", "subtitle", models.TextField(db_default="", default=""))
    ]
'''


@pytest.mark.parametrize(
    ("project", "folder", "seed", "added", "table"),
    [
        (
            "blog-api",
            "src/app/migrations/versions",
            ("--users=2", "--articles=3"),
            ALEMBIC,
            "articles",
        ),
        (
            "commerce-backend",
            "src/app/catalogue/migrations",
            ("--products=3", "--orders=1"),
            DJANGO,
            "catalogue_product",
        ),
    ],
    ids=["alembic", "django"],
)
def test_a_migration_that_a_project_has_is_never_rewritten_and_a_new_one_is_added(
    changing: Path,
    tmp_path: Path,
    project: str,
    folder: str,
    seed: tuple[str, ...],
    added: str,
    table: str,
) -> None:
    mine = copy_project(changing, tmp_path, project)
    run(["uv", "sync", "--quiet", "--no-dev"], cwd=mine)
    commit_all(mine, "My work")
    python = mine / ".venv" / "bin" / "python"
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/app.db"}
    for words in (("migrate",), ("seed", *seed)):
        run([python, "-m", "app", *words], cwd=mine, env=database)
    rows = rows_of(tmp_path / "app.db", table)
    first = max((mine / folder).glob("0*.py"))
    before = first.read_text()
    released = layer(changing, project.replace("-", "_")) / folder
    (released / first.name).write_text(before + "\n# what nobody should do\n")
    new = added.format(first=first.stem) if "{first}" in added else added
    name = f"{int(first.name[:4]) + 1:04}_subtitles.py"
    (released / name).write_text(new)
    release_as(changing, NEXT, "Subtitles")

    update(mine)

    assert first.read_text() == before
    assert (mine / folder / name).read_text() == new
    run([python, "-m", "app", "migrate"], cwd=mine, env=database)
    after = rows_of(tmp_path / "app.db", table)
    assert [{**row, "subtitle": ""} for row in rows] == after
    assert len(rows) > 1


def rows_of(path: Path, table: str) -> list[dict[str, object]]:
    """The rows of a table."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")]


def test_a_question_without_a_default_would_break_every_older_project(
    changing: Path, tmp_path: Path
) -> None:
    """What the rule about new questions rests on; `tests/template` holds it."""
    mine = copy_project(changing, tmp_path, PROJECT)
    with (changing / "copier.yml").open("a") as file:
        file.write(
            "\nnew_question:\n  type: str\n  help: What now?\n  validator: >-\n"
            "    {% if not new_question %}Say something.{% endif %}\n"
        )
    release_as(changing, NEXT, "One more question")

    done = subprocess.run(
        [*COPIER, "update", "--defaults"], cwd=mine, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "new_question" in done.stderr
    assert git(mine, "status", "--porcelain") == ""
