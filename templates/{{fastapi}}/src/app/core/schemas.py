"""How data looks on the wire."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    GetJsonSchemaHandler,
    PlainSerializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema


def _iso(moment: datetime) -> str:
    # All moments are UTC: see `app/core/models.py`.
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[datetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment as JavaScript writes it: in UTC, always with milliseconds."""


class Changes(BaseModel):
    """What somebody changes; what is left out stays, but something must be there.

    Attributes:
        beside: Fields that change nothing by themselves.
    """

    beside: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _something_is_changed(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.keys() & set(_names(cls)):
            raise ValueError("at least one field is required")
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say the same in the document."""
        described = handler.resolve_ref_schema(handler(schema))
        described["anyOf"] = [{"required": [name]} for name in _names(cls)]
        return described


def _names(model: type[Changes]) -> list[str]:
    fields = model.model_fields.items()
    return [field.alias or name for name, field in fields if name not in model.beside]
