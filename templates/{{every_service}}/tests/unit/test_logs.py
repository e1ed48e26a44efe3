"""Formats of the log."""

import json
import logging
import re
from collections.abc import Iterator

import pytest

from app.core.logs import LogFormat, configure_logging, request_id


@pytest.fixture(autouse=True)
def in_a_request() -> Iterator[None]:
    """A request is being answered."""
    token = request_id.set("id-1")
    yield
    request_id.reset(token)


def lines(capsys: pytest.CaptureFixture[str], log_format: LogFormat) -> list[str]:
    """What is written of an event, of one below the level, and of an error."""
    configure_logging(level="INFO", log_format=log_format)
    logger = logging.getLogger("app.example")
    logger.info("user %s", "registered", extra={"user": 7, "name_": "a\nb"})
    logger.debug("not to be seen")
    try:
        int("on purpose")
    except ValueError:
        logger.exception("failed")
    return capsys.readouterr().out.splitlines()


def test_json_is_one_object_in_one_line_for_each_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event, error = [json.loads(line) for line in lines(capsys, "json")]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", event.pop("time"))
    assert event == {
        "level": "INFO",
        "logger": "app.example",
        "message": "user registered",
        "request_id": "id-1",
        "user": 7,
        "name_": "a\nb",
    }
    assert (error["level"], error["message"]) == ("ERROR", "failed")
    assert error["exc_info"].startswith("Traceback (most recent call last):")
    assert error["exc_info"].endswith(
        "ValueError: invalid literal for int() with base 10: 'on purpose'"
    )


def test_text_has_the_message_and_then_what_belongs_to_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event, error, *traceback = lines(capsys, "text")
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"
    assert re.fullmatch(
        moment + r" INFO    \[id-1\] app\.example: user registered user=7 name_='a\\nb'", event
    )
    assert re.fullmatch(moment + r" ERROR   \[id-1\] app\.example: failed", error)
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "ValueError: invalid literal for int() with base 10: 'on purpose'"


def test_outside_of_a_request_there_is_no_id(capsys: pytest.CaptureFixture[str]) -> None:
    request_id.set("-")
    assert json.loads(lines(capsys, "json")[0])["request_id"] == "-"


def test_loggers_of_libraries_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    library = logging.getLogger("some.library")
    configure_logging(level="WARNING", log_format="text")
    library.warning("still here")
    assert "some.library: still here" in capsys.readouterr().out
