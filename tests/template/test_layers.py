"""Every project is made of layers, and every file of it comes from exactly one of them."""

import ast
import re
from collections import Counter
from pathlib import Path

import jinja2
import pytest
from pytest_copie.plugin import Copie

from tests.support import PROJECTS, QUESTIONS, REPOSITORY, SERVICES, tree

TEMPLATES = REPOSITORY / "templates"
LAYERS = [folder.name.strip("{}") for folder in TEMPLATES.iterdir() if folder.is_dir()]


def layers_of(project: str) -> list[str]:
    """The layers that a project is made of, as copier.yml has it."""
    answers = {"project": project, "projects": QUESTIONS["projects"]["default"]}
    environment = jinja2.Environment(autoescape=False, undefined=jinja2.StrictUndefined)
    rendered = {
        layer: environment.from_string(QUESTIONS[layer]["default"]).render(answers)
        for layer in LAYERS
    }
    assert set(rendered.values()) <= {".", ""}
    return [layer for layer, folder in rendered.items() if folder == "."]


def rendered_paths(layer: str, project: str) -> list[str]:
    """The paths that a layer renders in a project."""
    folder = TEMPLATES / f"{{{{{layer}}}}}"
    package = QUESTIONS["projects"]["default"][project]["package"]
    return [
        str(path.relative_to(folder)).removesuffix(".jinja").replace("{{package}}", package)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


@pytest.mark.parametrize("project", PROJECTS)
def test_every_path_of_a_project_belongs_to_exactly_one_layer(
    copie: Copie, template: Path, project: str
) -> None:
    result = copie.copy({"project": project}, template)

    assert result.project_dir is not None
    owners = Counter(
        path for layer in layers_of(project) for path in rendered_paths(layer, project)
    )
    assert [path for path, count in owners.items() if count > 1] == []
    assert {*owners, ".copier-answers.yml"} == tree(result.project_dir).keys()


def test_every_layer_is_part_of_some_project() -> None:
    used = {layer for project in PROJECTS for layer in layers_of(project)}

    assert used == set(LAYERS)


def test_every_project_has_the_shared_layer_and_one_of_its_own() -> None:
    for project in PROJECTS:
        assert {"every_project", project.replace("-", "_")} <= set(layers_of(project))


def test_nox_knows_every_service() -> None:
    (listed,) = re.findall(
        r"^SERVICES = (\[.*?\])$", (REPOSITORY / "noxfile.py").read_text(), re.MULTILINE | re.DOTALL
    )

    assert ast.literal_eval(listed) == SERVICES


def test_no_file_of_a_layer_is_a_symbolic_link() -> None:
    parts = (TEMPLATES, REPOSITORY / "partials")
    assert [path for part in parts for path in part.rglob("*") if path.is_symlink()] == []


def test_no_file_but_a_lock_made_elsewhere_names_a_registry() -> None:
    # Put together here, so that this file does not name them either.
    hosts = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian")
    named = [
        str(path.relative_to(REPOSITORY))
        for path in TEMPLATES.rglob("*")
        if path.is_file() and any(host in path.read_text(errors="ignore") for host in hosts)
    ]

    assert named == []
