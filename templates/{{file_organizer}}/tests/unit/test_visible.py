import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from file_organizer.terminal import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain name.txt", "plain name.txt"),
        ("[red]x", "[red]x"),
        ("naïve 🙂 שלום", "naïve 🙂 שלום"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("two\nlines\ttab", "two\\nlines\\ttab"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("line\u2028break", "line\\u2028break"),
        ("invalid \udcff byte", "invalid \\xff byte"),
        ("half \ud800 a pair", "half \\ud800 a pair"),
    ],
)
def test_what_could_control_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_dangerous_is_left_in_any_text(text: str) -> None:
    shown = visible(text)
    assert not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in shown
    )
    shown.encode()
