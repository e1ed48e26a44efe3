import pytest

from app.live.stream import parse_last_event_id


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("", None),
        ("0", 0),
        ("1", 1),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_the_id_of_the_last_event_is_a_number_that_the_database_can_hold(
    value: str, number: int | None
) -> None:
    assert parse_last_event_id(value) == number


@pytest.mark.parametrize(
    "value",
    [
        *(" ", "-1", "+1", "1.0", "1e3", "1_000", "0x1", "one", "1\n", "²", "٣"),
        *("9223372036854775808", "9" * 5000, "0" * 20),
    ],
)
def test_anything_else_is_no_id(value: str) -> None:
    with pytest.raises(ValueError, match=r"^must be the id of an event$"):
        parse_last_event_id(value)
