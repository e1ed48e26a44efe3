"""Static files: collected under names that change with their content."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.templatetags.static import static
from django.utils.functional import empty

from app.core.static_files import are_collected


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Any:
    """Files that have been collected, in production."""
    settings.STATIC_ROOT, settings.IN_PRODUCTION = tmp_path, True
    staticfiles_storage._wrapped = empty  # type: ignore[attr-defined]
    call_command("collectstatic", "--no-input", verbosity=0)
    staticfiles_storage._wrapped = empty  # type: ignore[attr-defined]
    yield tmp_path
    staticfiles_storage._wrapped = empty  # type: ignore[attr-defined]


def test_without_collecting_they_have_their_own_names(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    assert not are_collected()
    assert static("core/docs.js") == "/static/core/docs.js"


def test_in_development_they_have_their_own_names_even_if_somebody_has_collected_them(
    collected: Path, settings: Any
) -> None:
    assert (collected / "core" / "docs.js").is_file()
    settings.IN_PRODUCTION = False
    assert static("core/docs.js") == "/static/core/docs.js"


def test_collected_their_names_say_what_is_in_them(collected: Path) -> None:
    assert are_collected()
    name = static("core/docs.js")
    assert re.fullmatch(r"/static/core/docs\.[0-9a-f]{12}\.js", name)
    assert (collected / name.removeprefix("/static/")).is_file()
