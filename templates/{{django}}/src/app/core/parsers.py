"""The only kind of body: JSON in UTF-8."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from app.core.validation import BadRequestError

MEDIA_TYPE = "application/json"


class JSONOnly(BaseContentNegotiation):
    """Reads JSON and writes JSON, whatever the header Accept would like better."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """Take the parser, if the body says that it is for it."""
        kind, _, parameters = (request.content_type or "").partition(";")
        _, _, charset = parameters.lower().partition("charset=")
        encoding = charset.partition(";")[0].strip(' "')
        if kind.strip().lower() != MEDIA_TYPE or encoding not in {"", "utf-8", "utf8"}:
            return None
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Take the renderer."""
        del request, format_suffix
        return next(iter(renderers)), MEDIA_TYPE


class JSONParser(BaseParser):
    """Reads a body, and refuses what is JSON to Python alone: `NaN`, numbers without end."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read a body.

        Raises:
            BadRequestError: It is no JSON.
        """
        del media_type, parser_context
        try:
            text = stream.read().decode()
        except UnicodeDecodeError:
            raise malformed("The body is not in UTF-8.") from None
        try:
            return json.loads(text, parse_constant=_refuse, parse_float=_finite)
        except json.JSONDecodeError as error:
            raise malformed(f"The body is not valid JSON, at character {error.pos}.") from None
        except _NotANumberError:
            raise malformed("The body has a number in it that JSON does not have.") from None
        except RecursionError:
            raise malformed("The body has lists or objects within each other too often.") from None
        except ValueError:
            # Python reads integers of some thousand digits at the most, for that takes long.
            raise malformed("The body has a number in it that is too large.") from None


def malformed(message: str) -> BadRequestError:
    """Make the error for a body that cannot be read."""
    return BadRequestError(message, code="malformed")


class _NotANumberError(ValueError):
    """`NaN` or `Infinity`."""


def _refuse(constant: str) -> NoReturn:
    raise _NotANumberError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number
