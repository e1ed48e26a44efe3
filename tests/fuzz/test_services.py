"""A service answers whatever it is sent as its OpenAPI document says, and logs no error."""

import re
from pathlib import Path

import pytest

from tests.fuzz.schemathesis import fuzz
from tests.serving import serving
from tests.support import copy_project, free_port, run

EXAMPLES = 30


@pytest.fixture(scope="module")
def service(
    project_name: str,
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    own_settings_kept_out: None,  # noqa: ARG001 - it must have run before
) -> Path:
    """A service with the default answers, installed."""
    folder = copy_project(template, tmp_path_factory.mktemp("generated"), project_name)
    run(["uv", "sync", "--quiet", "--no-dev"], cwd=folder)
    return folder


@pytest.mark.parametrize("signed_in", [True, False], ids=["signed-in", "anonymous"])
def test_every_answer_is_as_documented(
    service: Path, project_name: str, database_url: str, tmp_path: Path, *, signed_in: bool
) -> None:
    app = (service / ".venv" / "bin" / "python", "-m", "app")
    # Accounts are made and signed in to without end, from one address.
    settings = {"DATABASE_URL": database_url, "LOGIN_LIMIT": "1000000/minute"}
    for command in ("migrate", "seed"):
        run((*app, command), cwd=service, env=settings)

    log = tmp_path / "log"
    with serving((*app, "serve"), port=free_port(), log=log, cwd=service, env=settings) as url:
        report = fuzz(project_name, url, examples=EXAMPLES, signed_in=signed_in, folder=tmp_path)

    # Warnings may stand in it: that nobody signed in means 401 in many places, for one.
    selected, tested = re.findall(r"^  (?:Selected|Tested): (\d+)", report, re.MULTILINE)
    assert int(tested) == int(selected) > 0, report
    assert re.search(r"^  (\d+) generated, \1 passed", report, re.MULTILINE), report
