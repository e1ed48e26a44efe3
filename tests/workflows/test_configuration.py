"""What other programs read (workflows, hooks, Dependabot, images) has nothing they object to."""

from pathlib import Path

import pytest

from tests.support import PROJECTS, copy_project, run

WORKFLOWS = [".github/workflows/*.yml", "docs/examples/*.yml"]
SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "custom.github-workflows-require-timeout": WORKFLOWS,
    "vendor.dependabot": [".github/dependabot.yml"],
    "vendor.github-issue-forms": [".github/ISSUE_TEMPLATE/[!c]*.yml"],
    "vendor.github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.compose-spec": ["compose*.yaml"],
}


@pytest.fixture(scope="module", params=["seedbed", *PROJECTS])
def checked_name(request: pytest.FixtureRequest) -> str:
    """Whose configuration is looked at."""
    return str(request.param)


@pytest.fixture(scope="module")
def checked(
    checked_name: str,
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    own_settings_kept_out: None,  # noqa: ARG001 - it must have run before
) -> Path:
    """The template itself, then each project with its default answers."""
    if checked_name == "seedbed":
        return template
    return copy_project(template, tmp_path_factory.mktemp("checked"), checked_name)


def test_workflows_have_no_finding_from_zizmor(checked: Path) -> None:
    run(["zizmor", "--offline", "--persona=pedantic", "--no-progress", "."], cwd=checked)


def test_workflows_that_others_are_to_take_have_no_finding_from_zizmor(template: Path) -> None:
    examples = sorted((template / "docs" / "examples").glob("*.yml"))
    assert examples
    run(["zizmor", "--offline", "--persona=pedantic", "--no-progress", *examples])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_follow_their_schema(checked: Path, schema: str) -> None:
    files = [path for pattern in SCHEMAS[schema] for path in checked.glob(pattern)]
    if files:
        run(["check-jsonschema", f"--builtin-schema={schema}", *files])


def test_every_file_with_a_schema_is_found_in_some_project(template: Path) -> None:
    """So that a renamed file does not leave the test above with nothing to look at."""
    names = {path.name.removesuffix(".jinja") for path in (template / "templates").rglob("*")}

    assert {
        *("browser.yml", "ci.yml", "database.yml", "release.yml"),
        *("dependabot.yml", "bug_report.yml", "config.yml", "compose.yaml"),
    } <= names


def test_pre_commit_accepts_its_configuration(checked: Path) -> None:
    run(["pre-commit", "validate-config", ".pre-commit-config.yaml"], cwd=checked)


def test_hadolint_has_nothing_to_say_of_a_dockerfile(checked: Path) -> None:
    if (checked / "Dockerfile").exists():
        run(["hadolint", "Dockerfile"], cwd=checked)


def test_shellcheck_has_nothing_to_say_of_a_script(checked: Path) -> None:
    scripts = [*checked.glob("scripts/*.sh"), *checked.glob(".ci/run")]
    assert scripts
    run(["shellcheck", *scripts])


def test_every_action_is_pinned_by_its_commit_and_all_by_the_same(template: Path) -> None:
    pins: dict[str, set[str]] = {}
    for workflow in [*template.rglob("workflows/*.yml"), *template.rglob("workflows/*.yml.jinja")]:
        for line in workflow.read_text().splitlines():
            if line.strip(" -").startswith("uses:"):
                action, _, pin = line.split("uses:")[1].strip().partition("@")
                pins.setdefault(action, set()).add(pin)

    assert {action: pin for action, pin in pins.items() if len(pin) != 1} == {}
    assert all(len(pin.split(" # v")[0]) == 40 for (pin,) in pins.values())
