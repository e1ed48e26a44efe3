"""Fields of changes that may be left out, but cannot be null."""

from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

Value = TypeVar("Value")


class _NotNull:
    """Takes null away from what may be sent, and so from the OpenAPI document."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


Omissible = Annotated[Value | None, _NotNull()]
"""The type of a field that stays what it is if it is left out.

None stands for that. It is the field's default, and cannot be sent.
"""
