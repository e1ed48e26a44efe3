"""What is written for people is true of the files that it speaks of."""

import re
from pathlib import Path

import pytest
from pytest_copie.plugin import Copie

from tests.support import PROJECTS

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def links(document: Path) -> list[str]:
    """Where the links in a Markdown document lead."""
    return LINK.findall(CODE.sub("", document.read_text()))


def broken_links(folder: Path) -> list[str]:
    """The links between a folder's documents that lead to no file."""
    return [
        f"{document.relative_to(folder)}: {target}"
        for document in sorted(folder.rglob("*.md"))
        for target in links(document)
        if "://" not in target and not (document.parent / target.partition("#")[0]).exists()
    ]


@pytest.mark.parametrize("project", PROJECTS)
def test_every_link_between_a_projects_documents_leads_somewhere(
    copie: Copie, template: Path, project: str
) -> None:
    result = copie.copy({"project": project}, template)

    assert result.project_dir is not None
    assert broken_links(result.project_dir) == []


def test_every_link_between_the_templates_own_documents_leads_somewhere(template: Path) -> None:
    own = [template / "README.md", template / "CONTRIBUTING.md", *template.glob("docs/**/*.md")]

    links = [
        (document, target) for document in own for target in LINK.findall(document.read_text())
    ]

    assert len(links) > 10
    assert [
        (document.name, target)
        for document, target in links
        if "://" not in target and not (document.parent / target).exists()
    ] == []


@pytest.mark.parametrize("project", PROJECTS)
def test_every_decision_is_listed_in_the_readme(copie: Copie, template: Path, project: str) -> None:
    result = copie.copy({"project": project}, template)

    assert result.project_dir is not None
    listed = set(links(result.project_dir / "README.md"))
    records = result.project_dir.glob("docs/decisions/[0-9]*.md")
    assert {f"docs/decisions/{record.name}" for record in records} <= listed


def test_the_table_of_projects_has_every_project(template: Path) -> None:
    readme = (template / "README.md").read_text()

    assert re.findall(r"^\| `([a-z-]+)` \|", readme, re.MULTILINE) == list(PROJECTS)
