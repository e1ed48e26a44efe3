"""How data looks on the wire, and times as they are kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy.dialects import sqlite

from app.core.models import SQLiteMoment, now
from app.core.schemas import Changes, Timestamp

DIALECT = sqlite.dialect()


class Event(BaseModel):
    """Something with a time."""

    happened_at: Timestamp


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2016, 2, 18, 3, 22, 56, 637_000, tzinfo=UTC), "2016-02-18T03:22:56.637Z"),
        (datetime(2016, 2, 18, 3, 22, 56, tzinfo=UTC), "2016-02-18T03:22:56.000Z"),
        (datetime(2016, 2, 18, 3, 22, 56, 999, tzinfo=UTC), "2016-02-18T03:22:56.000Z"),
    ],
)
def test_a_moment_is_written_as_javascript_writes_it(moment: datetime, text: str) -> None:
    assert Event(happened_at=moment).model_dump_json() == f'{{"happened_at":"{text}"}}'


def test_now_is_in_utc_and_as_exact_as_what_clients_are_shown() -> None:
    moment = now()
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0
    assert timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=1)


ZONES = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(timezone)


@given(st.datetimes(timezones=ZONES).filter(lambda moment: 1 < moment.year < 9999))
def test_a_moment_on_sqlite_comes_back_as_the_same_moment(moment: datetime) -> None:
    kind = SQLiteMoment()
    stored = kind.process_bind_param(moment, DIALECT)
    assert stored is not None
    # The column drops the zone.
    assert kind.process_result_value(stored.replace(tzinfo=None), DIALECT) == moment.astimezone(UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^A moment needs a time zone: datetime.now\(UTC\)$"):
        SQLiteMoment().process_bind_param(datetime(2020, 1, 1), DIALECT)  # noqa: DTZ001


def test_no_moment_stays_none() -> None:
    kind = SQLiteMoment()
    assert kind.process_bind_param(None, DIALECT) is None
    assert kind.process_result_value(None, DIALECT) is None


class EventChanges(Changes):
    """What changes in an event."""

    happened_at: Timestamp | None = None
    name: str | None = None


@pytest.mark.parametrize("sent", [{"name": "x"}, {"name": None}, {"happened_at": None, "x": 1}])
def test_a_change_names_a_field(sent: dict[str, object]) -> None:
    assert EventChanges.model_validate(sent).model_fields_set


@pytest.mark.parametrize("sent", [{}, {"unknown": 1}])
def test_a_change_without_a_field_is_refused(sent: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="at least one field is required"):
        EventChanges.model_validate(sent)


@pytest.mark.parametrize("sent", [None, [], 1])
def test_what_is_no_object_is_no_change(sent: object) -> None:
    with pytest.raises(ValidationError, match="Input should be a valid dictionary"):
        EventChanges.model_validate(sent)


def test_the_document_says_that_a_field_is_needed() -> None:
    schema = EventChanges.model_json_schema()
    assert schema["anyOf"] == [{"required": ["happened_at"]}, {"required": ["name"]}]
