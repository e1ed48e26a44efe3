"""Rules files: what is accepted, and for each mistake the exact message."""

from pathlib import Path

import pytest
from support import Organize

from file_organizer.errors import ConfigurationError, ExitCode
from file_organizer.rules import load_rules

RULE = """[[rules]]
name = "A"
match.extension = "txt"
target = "Docs"
"""


def mistakes(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        load_rules(path)
    error = refused.value
    assert error.exit_code is ExitCode.CONFIGURATION
    assert error.hint == "Correct the file; organize rules --toml shows a commented example."
    prefix = f"the rules file {path} "
    assert error.message.startswith(prefix)
    return [error.message.removeprefix(prefix), *error.details]


MATCH_KEYS = "extension, name, glob, regex, mime, larger_than, smaller_than, older_than, newer_than"
WRONG_RULES = {
    "an unknown key at the top": (
        "hiden = 'move'\n" + RULE,
        ["key hiden: unknown key; did you mean hidden?"],
    ),
    "an unknown key in a rule": (
        RULE + "destination = 'x'\n",
        ["rule 1 'A', key destination: unknown key; there are name, match, target"],
    ),
    "a misspelt condition": (
        RULE.replace("match.extension", "match.extention"),
        ["rule 1 'A', key match.extention: unknown key; did you mean extension?"],
    ),
    "an unknown condition": (
        RULE + "match.colour = 'red'\n",
        [f"rule 1 'A', key match.colour: unknown key; there are {MATCH_KEYS}"],
    ),
    "no rules": ("hidden = 'move'\n", ["key rules: is missing"]),
    "an empty list of rules": ("rules = []\n", ["key rules: must not be empty"]),
    "rules that are no list": (
        "rules = 'x'\n",
        ["key rules: must be a list of tables, each under [[rules]]"],
    ),
    "a rule that is no table": ("rules = ['x']\n", ["rule 1: must be a table of keys"]),
    "a rule without a name": (
        RULE.replace('name = "A"', ""),
        ["rule 1, key name: is missing"],
    ),
    "an empty name": (
        RULE.replace('"A"', '" "'),
        ["rule 1 ' ', key name: must not be empty"],
    ),
    "two rules of one name": (RULE + RULE, ["key rules: has two rules with the name 'A'"]),
    "a rule without conditions": (
        RULE.replace('match.extension = "txt"', ""),
        ["rule 1 'A', key match: is missing"],
    ),
    "an empty table of conditions": (
        RULE.replace('match.extension = "txt"', "match = {}"),
        ["rule 1 'A', key match: needs at least one condition"],
    ),
    "conditions that are no table": (
        RULE.replace('match.extension = "txt"', "match = '*.txt'"),
        ["rule 1 'A', key match: must be a table of keys"],
    ),
    "a rule without a target": (
        RULE.replace('target = "Docs"', ""),
        ["rule 1 'A', key target: is missing"],
    ),
    "a target that is a number": (
        RULE.replace('"Docs"', "5"),
        ["rule 1 'A', key target: must be text in quotes"],
    ),
    "a target that leaves the folder": (
        RULE.replace("Docs", "../Docs"),
        ["rule 1 'A', key target: must stay in the folder: '../Docs' leaves it through '..'"],
    ),
    "an absolute target": (
        RULE.replace("Docs", "/tmp"),
        ["rule 1 'A', key target: must stay in the folder: '/tmp' does not start there"],
    ),
    "an unknown placeholder": (
        RULE.replace("Docs", "{client}"),
        [
            (
                "rule 1 'A', key target: has an unknown placeholder {client};"
                " there are {year}, {month}, {day}, {ext}, {stem}, {rule}"
            )
        ],
    ),
    "a bad regex": (
        RULE + "match.regex = '('\n",
        [
            (
                "rule 1 'A', key match.regex: is not a valid regular expression:"
                " missing ), unterminated subpattern at position 0"
            )
        ],
    ),
    "a regex that Python warns about": (
        RULE + "match.regex = '[[a]'\n",
        [
            (
                "rule 1 'A', key match.regex: is an ambiguous regular expression:"
                " Possible nested set at position 1"
            )
        ],
    ),
    "a regex that repeats too often": (
        RULE + "match.regex = 'a{99999999999999}'\n",
        ["rule 1 'A', key match.regex: is too large a regular expression"],
    ),
    "a group named like a placeholder": (
        RULE + "match.regex = '(?P<year>x)'\n",
        ["rule 1 'A', key match.regex: names a group 'year', which is already a placeholder"],
    ),
    "a number for an extension": (
        RULE.replace('"txt"', "5"),
        ["rule 1 'A', key match.extension: must be text or a list of texts"],
    ),
    "a number in a list of extensions": (
        RULE.replace('"txt"', '["txt", 5]'),
        ["rule 1 'A', key match.extension: item 2 must be text in quotes"],
    ),
    "an empty extension": (
        RULE.replace('"txt"', '["txt", "."]'),
        ["rule 1 'A', key match.extension: item 2 must not be empty"],
    ),
    "an empty list of extensions": (
        RULE.replace('"txt"', "[]"),
        ["rule 1 'A', key match.extension: must not be empty"],
    ),
    "a size without a unit": (
        RULE + "match.larger_than = '10'\n",
        ["rule 1 'A', key match.larger_than: must be a size like '500 kB' or '1.5 GiB', not '10'"],
    ),
    "an age in months": (
        RULE + "match.older_than = '2 months'\n",
        [
            (
                "rule 1 'A', key match.older_than:"
                " must be an age like '12 hours', '30 days' or '8 weeks', not '2 months'"
            )
        ],
    ),
    "an unknown choice": (
        "hidden = 'yes'\n" + RULE,
        ["key hidden: must be 'report', 'ignore' or 'move'"],
    ),
    "several mistakes at once": (
        RULE.replace('"txt"', "5") + RULE.replace('"A"', '"B"').replace("Docs", ".."),
        [
            "rule 1 'A', key match.extension: must be text or a list of texts",
            "rule 2 'B', key target: must stay in the folder: '..' leaves it through '..'",
        ],
    ),
    "one wrong condition does not blame the placeholder it would have made": (
        RULE.replace("Docs", "{client}") + "match.regex = '(?P<client>'\n",
        [
            (
                "rule 1 'A', key match.regex: is not a valid regular expression:"
                " missing ), unterminated subpattern at position 0"
            )
        ],
    ),
}


@pytest.mark.parametrize("what", WRONG_RULES)
def test_each_mistake_names_rule_and_key(what: str, tmp_path: Path) -> None:
    text, expected = WRONG_RULES[what]
    assert mistakes(tmp_path / "my.toml", text) == ["has mistakes:", *expected]


def test_what_is_not_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    (problem,) = mistakes(tmp_path / "my.toml", "hidden = \n")
    assert problem.startswith("is not valid TOML: ")
    assert "line 1" in problem


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    (problem,) = mistakes(tmp_path / "my.toml", "a = " + "[" * 100_000)
    assert problem in {"is nested too deeply", "is not valid TOML: nested too deeply"}


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError) as refused:
        load_rules(path)
    assert refused.value.message == f"the rules file {path} is not text in UTF-8"


@pytest.mark.parametrize(
    ("name", "why"), [("missing.toml", "No such file or directory"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str, why: str) -> None:
    path = tmp_path / name
    with pytest.raises(ConfigurationError) as refused:
        load_rules(path)
    assert refused.value.message == f"cannot read the rules file {path}: {why}"


def test_the_command_line_shows_all_mistakes_and_moves_nothing(
    organize: Organize, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.txt").write_text("a")
    path = tmp_path / "my.toml"
    path.write_text(RULE.replace('"txt"', "5"))
    result = organize("run", folder, "--rules", path)
    expected = (
        f"error: the rules file {path} has mistakes:\n"
        "  rule 1 'A', key match.extension: must be text or a list of texts\n"
        "hint: Correct the file; organize rules --toml shows a commented example.\n"
    )
    assert result == (3, "", expected)
    assert (folder / "a.txt").exists()


def test_the_built_in_rules_are_valid_and_explain_each_key() -> None:
    loaded = load_rules(None)
    assert loaded.source == "built-in rules"
    assert len(loaded.book.rules) == 11
    for key in MATCH_KEYS.split(", "):
        assert f"match.{key}" in loaded.text


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(RULE, encoding="utf-8-sig")
    assert load_rules(path).text == RULE


def test_one_text_means_a_list_of_one(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(RULE)
    assert load_rules(path).book.rules[0].match.given() == {"extension": ("txt",)}
