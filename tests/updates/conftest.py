"""Templates to update from."""

import shutil
from pathlib import Path

import pytest

from tests.updates.history import template_with_history


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, own_settings_kept_out: None) -> Path:  # noqa: ARG001
    """The template with all released versions, and the working tree as the next."""
    return template_with_history(tmp_path_factory.mktemp("template") / "seedbed")


@pytest.fixture
def changing(template: Path, tmp_path: Path) -> Path:
    """The template as it stands, to be changed by one test."""
    folder = tmp_path / "template"
    shutil.copytree(template, folder)
    return folder
