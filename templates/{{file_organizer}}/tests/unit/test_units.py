import pytest

from file_organizer.units import parse_age, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0 B", 0),
        ("10 MB", 10_000_000),
        ("10mb", 10_000_000),
        (" 1.5 GiB ", 1_610_612_736),
        ("500 kB", 500_000),
        ("2 TiB", 2 * 1024**4),
    ],
)
def test_a_size_is_a_number_and_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "10", "MB", "10 apples", "-1 MB", "1,5 GB", "10 MB!"])
def test_anything_else_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be a size like '500 kB' or '1\.5 GiB', not"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90 s", 90), ("5 min", 300), ("12h", 43_200), ("1 day", 86_400), ("8 weeks", 4_838_400)],
)
def test_an_age_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "2 months", "1 year", "tomorrow"])
def test_months_and_years_have_no_fixed_length_so_they_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an age like '12 hours', '30 days' or '8 weeks'"):
        parse_age(text)
