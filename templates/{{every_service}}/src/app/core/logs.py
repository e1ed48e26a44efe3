"""Logging: one line for each event, as JSON for machines or as text for people.

Code logs with the standard library: `logger.info("user registered", extra={"user": 7})`. Each line
carries the id of the request it belongs to, so that all lines of one request can be found.
"""

import logging
import logging.config
import re
from contextvars import ContextVar
from typing import Any, Literal
from uuid import uuid4

from pythonjsonlogger.json import JsonFormatter

LogFormat = Literal["json", "text"]

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request that is being answered; `-` outside of one."""

# What a client or proxy may choose as an id: nothing that could forge a line in a log.
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

# What is not worth a place in a line; the last is uvicorn's message once more, with colours.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    *("request_id", "message", "asctime", "color_message"),
}


def identity_of(given: str) -> str:
    """The id of a request that came with this header `X-Request-ID`; a new one if that is none."""
    return given if _GOOD_ID.fullmatch(given) else uuid4().hex


class RequestIdFilter(logging.Filter):
    """Adds the request's id to a record. On the handler, so it sees records of all loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with the id."""
        record.request_id = request_id.get()
        return True


class TextFormatter(logging.Formatter):
    """For a terminal: the message, then what `extra` holds as key=value."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Add to the usual line what the caller gave as `extra`."""
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        pairs = "".join(f" {key}={value!r}" for key, value in extra.items())
        return super().formatMessage(record) + pairs


def configure_logging(*, level: str, log_format: LogFormat) -> None:
    """Send all logs of this process to standard output, in one format.

    Args:
        level: The lowest level that is written, such as `INFO`.
        log_format: `json` for log collectors, `text` for a terminal.
    """
    logging.config.dictConfig(logging_configuration(level=level, log_format=log_format))


def logging_configuration(*, level: str, log_format: LogFormat) -> dict[str, Any]:
    """The same as data, for servers that set up logging in each of their processes."""
    return {
        "version": 1,
        # Libraries made their loggers when they were imported; keep them.
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}},
        "formatters": {
            "json": {
                "()": JsonFormatter,
                "fmt": "{asctime}{levelname}{name}{message}{request_id}",
                "style": "{",
                "reserved_attrs": _STANDARD - {"request_id"},
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
            "text": {
                "()": TextFormatter,
                "fmt": "{asctime} {levelname:<7} [{request_id}] {name}: {message}",
                "style": "{",
            },
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": log_format,
                "filters": ["request_id"],
            }
        },
        "root": {"level": level, "handlers": ["stdout"]},
    }
