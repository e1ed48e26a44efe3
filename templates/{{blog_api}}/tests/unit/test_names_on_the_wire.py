"""Names on the wire, as the RealWorld specification writes them."""

import pytest
from pydantic import ValidationError

from app.core.names import CamelCase, CamelCaseView
from app.core.schemas import Changes


class Book(CamelCaseView):
    """Something with a name of two words."""

    page_count: int


class BookChanges(Changes, CamelCase):
    """What changes in it."""

    page_count: int | None = None
    name: str | None = None


def test_what_is_shown_is_written_as_in_python_and_named_as_in_javascript() -> None:
    assert Book(page_count=7).model_dump(by_alias=True) == {"pageCount": 7}


def test_what_is_sent_is_named_as_in_javascript_only() -> None:
    assert BookChanges.model_validate({"pageCount": 7}).page_count == 7
    with pytest.raises(ValidationError, match="at least one field is required"):
        BookChanges.model_validate({"page_count": 7})


def test_the_document_says_that_a_field_is_needed_by_its_name_on_the_wire() -> None:
    schema = BookChanges.model_json_schema()
    assert schema["anyOf"] == [{"required": ["pageCount"]}, {"required": ["name"]}]
