import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from file_organizer.targets import date_values, name_values, parse_target

CHOICE = "there are {year}, {month}, {day}, {ext}, {stem}, {rule}"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Pictures", "Pictures"),
        ("Pictures/", "Pictures"),
        ("Pictures/{year}/{month}", "Pictures/2026/02"),
        ("{ext}/{stem}", "pdf/Report"),
        ("by {year}-{month}-{day}", "by 2026-02-03"),
        ("{{literal}} {ext}", "{literal} pdf"),
        (".archive/{year}", ".archive/2026"),
    ],
)
def test_placeholders_are_filled_in(text: str, filled: str) -> None:
    values = {"year": "2026", "month": "02", "day": "03", "ext": "pdf", "stem": "Report"}
    assert parse_target(text).fill(values) == filled


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/etc", "must stay in the folder: '/etc' does not start there"),
        ("~/Documents", "must stay in the folder: '~/Documents' does not start there"),
        ("..", "must stay in the folder: '..' leaves it through '..'"),
        ("a/../../b", "must stay in the folder: 'a/../../b' leaves it through '..'"),
        ("C:/Users", "must not contain \\ or : (write / between folders, on every system)"),
        ("a\\b", "must not contain \\ or : (write / between folders, on every system)"),
        ("", "must name a folder, without empty parts or '.'"),
        (".", "must name a folder, without empty parts or '.'"),
        ("a//b", "must name a folder, without empty parts or '.'"),
        ("a/./b", "must name a folder, without empty parts or '.'"),
        ("a /b", "'a ' must not begin or end with a space, or end with a dot"),
        ("a./b", "'a.' must not begin or end with a space, or end with a dot"),
        ("   ", "'   ' must not begin or end with a space, or end with a dot"),
        ("a\nb", "must not contain control characters"),
        ("{year", "has a { or } without its partner; write {{ or }} for a brace"),
        ("year}", "has a { or } without its partner; write {{ or }} for a brace"),
        ("{years}", f"has an unknown placeholder {{years}}; {CHOICE}"),
        ("{year.real}", f"has an unknown placeholder {{year.real}}; {CHOICE}"),
    ],
)
def test_a_target_that_could_leave_the_folder_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        parse_target(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["{}", "{0}", "{year!r}", "{year[0]}"])
def test_a_placeholder_is_a_plain_name(text: str) -> None:
    with pytest.raises(ValueError, match="has an unknown placeholder"):
        parse_target(text)


def test_the_groups_of_a_regex_are_placeholders() -> None:
    assert parse_target("{client}", ["client"]).fill({"client": "Acme"}) == "Acme"


def test_while_the_groups_are_unknown_no_placeholder_is_refused() -> None:
    assert parse_target("{client}", None).fields == {"client"}


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("", "a/_"),
        (".", "a/_"),
        ("..", "a/_"),
        ("../../etc", "a/.._.._etc"),
        ("x/y", "a/x_y"),
        ("x\\y:z", "a/x_y_z"),
        ("x\ny", "a/x_y"),
        (" x. ", "a/x"),
    ],
)
def test_a_value_stays_one_folder_name(value: str, filled: str) -> None:
    assert parse_target("a/{stem}").fill({"stem": value}) == filled


@given(st.text(), st.text())
def test_no_values_lead_out_of_the_folder(one: str, other: str) -> None:
    filled = parse_target("a/{stem}{ext}/b").fill({"stem": one, "ext": other})
    parts = filled.split("/")
    assert len(parts) == 3
    assert (parts[0], parts[2]) == ("a", "b")
    assert parts[1].strip(" .")
    assert "\0" not in filled


def test_dates_are_local_and_padded() -> None:
    moment = datetime(2026, 2, 3, 23, 30).astimezone()
    values = date_values(int(moment.timestamp() * 1e9))
    assert values == {"year": "2026", "month": "02", "day": "03"}


@pytest.mark.parametrize("mtime_ns", [-(2**63), 0, 2**63 - 1])
def test_absurd_dates_have_values_too(mtime_ns: int) -> None:
    assert date_values(mtime_ns)["year"] == f"{time.localtime(mtime_ns / 1e9).tm_year:04}"


@pytest.mark.parametrize(
    ("name", "stem", "ext"),
    [
        ("Report.PDF", "Report", "pdf"),
        ("backup.tar.gz", "backup.tar", "gz"),
        ("README", "README", ""),
    ],
)
def test_a_name_gives_stem_and_extension(name: str, stem: str, ext: str) -> None:
    assert name_values(name) == {"stem": stem, "ext": ext}
