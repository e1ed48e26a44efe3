"""`cohort.toml` is read as a whole, and each mistake names its line and key."""

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.cohort_file import read_cohort_file
from seedbed.model import Check, Cohort, Signature
from seedbed.template import template_of
from seedbed.toml_lines import lines_of_keys
from tests.cohort.asking import COHORT, told

WHOLE = """\
name = "Backend 2026"
roster = "people/roster.csv"
[template]
source = "gh:your-org/seedbed"
version = "v0.2.0"
[answers]
project = "blog-api"
user_name = "{name}"
[repositories]
url = "git@host:org/{slug}.git"
[commit]
author = "Backend 2026 <teachers@example.org>"
date = 2026-09-01T09:00:00Z
message = "Begin"
[check]
command = ["make", "test"]
minutes = 1.5
[git]
seconds = 30
"""


def wrong(folder: Path, text: str | bytes) -> list[str]:
    file = folder / "cohort.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return [told(folder, mistake) for mistake in read_cohort_file(file).mistakes]


def wrong_with(folder: Path, key: str, value: str) -> list[str]:
    """The mistakes of a file in which one key has another value."""
    lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in LINES]
    return wrong(folder, "\n".join(lines))


LINES = WHOLE.splitlines()


def test_all_settings_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "cohort.toml"
    file.write_text(WHOLE)
    assert read_cohort_file(file).cohort == Cohort(
        name="Backend 2026",
        folder=tmp_path,
        template="gh:your-org/seedbed",
        version="v0.2.0",
        roster=tmp_path / "people/roster.csv",
        answers={"project": "blog-api", "user_name": "{name}"},
        repositories="git@host:org/{slug}.git",
        author=Signature("Backend 2026", "teachers@example.org"),
        begun=datetime(2026, 9, 1, 9, tzinfo=UTC),
        message="Begin",
        check=Check(("make", "test"), 90.0),
        seconds=30.0,
    )


def test_what_may_be_left_out_has_the_documented_value(tmp_path: Path) -> None:
    file = tmp_path / "cohort.toml"
    file.write_text(COHORT)
    cohort = read_cohort_file(file).cohort
    assert cohort is not None
    assert (cohort.roster, cohort.repositories) == (
        tmp_path / "roster.csv",
        tmp_path / "repositories",
    )
    assert (cohort.message, cohort.check, cohort.seconds) == (
        "Begin from the template",
        Check(("uv", "run", "pytest", "--quiet"), 600.0),
        120.0,
    )


def test_a_template_in_a_folder_is_found_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    file = tmp_path / "cohort.toml"
    file.write_text(COHORT.replace("gh:your-org/seedbed", "template"))
    cohort = read_cohort_file(file).cohort
    assert cohort is not None
    assert template_of(cohort).source == str(tmp_path / "template")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("version", "versoin").replace('"Begin"', "3").replace("30", '"30"')
    assert wrong(tmp_path, text) == [
        'cohort.toml:3: template.version: is missing. Write it like `version = "v0.2.0"`.',
        "cohort.toml:5: template.versoin: There is no such key here. Did you mean `version`?",
        (
            "cohort.toml:14: commit.message: must be text in quotes. "
            'Write it like `message = "Begin from the template"`.'
        ),
        (
            "cohort.toml:19: git.seconds: must be a number without quotes. "
            "Write it like `seconds = 120`."
        ),
    ]


def test_an_empty_file_lacks_what_is_needed(tmp_path: Path) -> None:
    assert wrong(tmp_path, "") == [
        'cohort.toml: name: is missing. Write it like `name = "Backend 2026"`.',
        "cohort.toml: template: is missing. Write it like `[template]`.",
        "cohort.toml: repositories: is missing. Write it like `[repositories]`.",
        "cohort.toml: commit: is missing. Write it like `[commit]`.",
    ]


def test_a_table_that_there_is_not_is_a_mistake(tmp_path: Path) -> None:
    assert wrong(tmp_path, f"{WHOLE}[chekc]\nminutes = 1\n") == [
        "cohort.toml:20: chekc: There is no such key here. Did you mean `check`?"
    ]


def test_an_error_of_toml_has_its_line_and_column(tmp_path: Path) -> None:
    assert wrong(tmp_path, 'name = "x"\nroster = roster.csv\n') == [
        (
            "cohort.toml:2: column 10: This is no TOML: Invalid value. "
            "Texts stand in quotes, and each key on a line of its own."
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "name = \u201cBackend 2026\u201d",
        'name = "Backend 2026\u201d',
        "name = \u2018Backend 2026\u2019",
        "name = \u201eBackend 2026\u201c",
        "name = \u00abBackend 2026\u00bb",
        'name = ["uv\u201d, "run"]',
        "\u201cname\u201d = 1",
    ],
)
def test_typographic_quotes_are_told(tmp_path: Path, line: str) -> None:
    (told,) = wrong(tmp_path, f"# one\n{line}\n{line.replace('name', 'roster')}\n")
    assert told.startswith("cohort.toml:2: column ")
    assert told.endswith(". Write straight quotes.")


def test_typographic_quotes_within_straight_ones_are_right(tmp_path: Path) -> None:
    (told,) = wrong(tmp_path, 'name = "O\u2019Brien\u201c" x\n')
    assert told.endswith("Texts stand in quotes, and each key on a line of its own.")


@pytest.mark.parametrize("date", ["1.9.2026", "2026-9-1", "\u20182026-09-01\u2019"])
def test_a_date_that_is_no_toml_is_told_without_quotes(tmp_path: Path, date: str) -> None:
    (told,) = wrong_with(tmp_path, "date", date)
    assert told.startswith("cohort.toml:13: column ")
    assert told.endswith(". Write it like `date = 2026-09-01T09:00:00Z`.")


def test_another_date_stands_in_quotes(tmp_path: Path) -> None:
    (told,) = wrong(tmp_path, "[answers]\ndate = 1.9.2026\n")
    assert told.endswith("Texts stand in quotes, and each key on a line of its own.")


def test_a_table_that_is_there_twice_is_told_by_its_name(tmp_path: Path) -> None:
    assert wrong(tmp_path, f"{WHOLE}[answers]\n") == [
        "cohort.toml:20: column 9: [answers] stands here for the second time. Put both together."
    ]
    assert wrong(tmp_path, '[a."b c"]\n[a."b c"]\n') == [
        "cohort.toml:2: column 9: [a.b c] stands here for the second time. Put both together."
    ]


def test_an_error_at_the_end_of_the_file_says_so(tmp_path: Path) -> None:
    assert wrong(tmp_path, "a = 1\n[template") == [
        (
            "cohort.toml:2: the end: This is no TOML: Expected ']' at the end of a table "
            "declaration. Texts stand in quotes, and each key on a line of its own."
        )
    ]


def test_a_file_that_is_no_text_names_the_line(tmp_path: Path) -> None:
    assert wrong(tmp_path, b'# one\nname = "\xe9"\n') == [
        "cohort.toml:2: It is no text in UTF-8. Save it so."
    ]


def test_a_file_that_there_is_not_names_init(tmp_path: Path) -> None:
    (mistake,) = read_cohort_file(tmp_path / "cohort.toml").mistakes
    assert told(tmp_path, mistake) == (
        "cohort.toml: There is no such file. `seedbed init` writes one; --cohort names another."
    )


def test_a_folder_in_place_of_the_file_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = read_cohort_file(tmp_path).mistakes
    assert str(mistake) == f"{tmp_path}: It cannot be read: Is a directory."


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("name", '" "', "is empty."),
        ("roster", r'"a\u001b[2J"', "must be one line of characters that can be seen."),
        (
            "version",
            '"--upload-pack=x"',
            "is no version. Write a tag of the template, like v0.2.0.",
        ),
        ("author", '"., <ada@example.org>"', 'has no name that Git takes: ".,". Write a word.'),
        ("author", '"Ada"', "must be a name and an address, like Backend 2026 <"),
        (
            "author",
            '"Ada <ada>"',
            '"ada" is no e-mail address. An email address must have an @-sign. Write it like',
        ),
        (
            "author",
            '"Ada <ada@school.local>"',
            "The part after the @-sign is a special-use or reserved name that cannot be used with",
        ),
        ("date", "2026-09-01T09:00:00", "has no time zone. Write it like `2026-09-01T09:00:00Z`."),
        ("date", "2026-09-01", "must be a date with time and time zone, without quotes."),
        ("date", "1969-09-01T09:00:00Z", "is before 1970, which Git cannot hold."),
        ("message", '""', "is empty."),
        ("command", "[]", "must begin with the name of a program."),
        ("command", '"make test"', "must be a list of texts in square brackets."),
        ("command", '["make", 3]', "Item 2 must be text in quotes."),
        ("minutes", "0", "must be more than 0."),
        ("minutes", "9999", "must be at most 1440."),
        ("minutes", "true", "must be a number without quotes."),
        ("seconds", "nan", "must be a number that ends."),
        ("user_name", '"{nam}"', 'has "{nam}", which is no placeholder. Did you mean `{name}`?'),
        ("user_name", '"{name.__class__}"', 'has "{name.__class__}", which is no placeholder.'),
        ("user_name", '["{name}", "{"]', "has a single `{`. Write `{{` where a brace is meant."),
        ("user_name", '"{{name}}"', "has {{ name }}. Write {name}, with single braces."),
        ("user_name", '["a {{ email }}"]', "has {{ email }}. Write {email}, with single braces."),
        ("url", '"host:{{ slug }}"', "has {{ slug }}. Write {slug}, with single braces."),
        ("user_name", "2026-09-01", "is a date or time. Write it in quotes"),
        ("source", '"-x"', "begins with a hyphen, which Git would take for an option."),
        (
            "source",
            '"ext::sh -c id"',
            "names a remote helper of Git's, which could run any command.",
        ),
    ],
)
def test_a_wrong_value_is_told_at_its_line(tmp_path: Path, key: str, value: str, said: str) -> None:
    (mistake,) = wrong_with(tmp_path, key, value)
    number = next(n for n, line in enumerate(LINES, start=1) if line.startswith(f"{key} ="))
    assert mistake.startswith(f"cohort.toml:{number}: ")
    assert f"{key}: " in mistake
    assert said in mistake


@pytest.mark.parametrize(
    "url",
    [
        "git@host:org/{slug}.git",
        "host:{github}",
        "ssh://git@host:2222/org/{slug}.git",
        "https://host/org/{github}/{slug}.git",
        "http://127.0.0.1:8080/{slug}.git",
        "file:///srv/git/{slug}.git",
        "/srv/git/{slug}.git",
        "git@[::1]:org/{slug}.git",
        "https://[::1]:8443/{slug}.git",
        "ada+class.1@git_server.example.org:org/{slug}.git",
        "git@gh:org/{slug}.git",
        "ssh://git@host/2222/{slug}.git",
        "git@host:2222-b/{slug}.git",
    ],
)
def test_addresses_that_git_may_be_given(tmp_path: Path, url: str) -> None:
    assert wrong_with(tmp_path, "url", f'"{url}"') == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("git@host:org/repository.git", "so that all students would share one repository"),
        ("git@host:org/{name}.git", 'has "{name}", which is no placeholder'),
        ("https://ada:s3cret@host/{slug}.git", "seedbed stores no credentials"),
        ("https://s3cret@host/{slug}.git", "seedbed stores no credentials"),
        ("https://host/{slug}.git?token=s3cret", "seedbed stores no credentials"),
        ("ssh://git:s3cret@host/{slug}.git", "seedbed stores no credentials"),
        ("git:s3cret@host:{slug}.git", "seedbed stores no credentials"),
        ("ext::sh -c s3cret {slug}", "names a remote helper"),
        ("fd::17/{slug}", "names a remote helper"),
        ("-oProxyCommand=s3cret:{slug}", "begins with a hyphen"),
        ("ssh://-oProxyCommand=s3cret/{slug}", "has a part that begins with a hyphen"),
        ("host:-s3cret/{slug}", "has a part that begins with a hyphen"),
        ("https://{slug}.s3cret.example.org/x.git", "has a placeholder before its path"),
        ("git://host/{slug}.git", "is no address that Git is given here"),
        ("file://host/{slug}.git", "is no address that Git is given here"),
        ("repositories/{slug}.git", "is no address that Git is given here"),
        ("git@host:a b/{slug}.git", "has a blank"),
        ("https:/s3cret@host/{slug}.git", "lacks two slashes after its first colon"),
        ("https:s3cret@host/{slug}.git", "seedbed stores no credentials"),
        ("ssh:/git:s3cret@host/{slug}.git", "lacks two slashes after its first colon"),
        ("git:s3cret/{slug}.git", "lacks two slashes after its first colon"),
        ("//s3cret@host/{slug}.git", "begins with two slashes"),
        ("https://[s3cret/{slug}.git", "is no address: what stands after its two slashes"),
        ("https://host:s3cret/{slug}.git", "is no address: what stands after its two slashes"),
        ("ssh://git@host:99999/{slug}.git", "is no address: what stands after its two slashes"),
        (
            "gh:s3cret/{slug}",
            "is Copier's short form. Write git@github.com:org/{slug}.git.",
        ),
        (
            "gl:s3cret/{slug}",
            "is Copier's short form. Write git@gitlab.com:org/{slug}.git.",
        ),
        (
            "s3cret@host:2222/org/{slug}.git",
            "A port needs ssh://git@host:2222/org/{slug}.git, and",
        ),
        (r"git@host:\u202e{slug}.git", "has a character that cannot be seen"),
    ],
)
def test_other_addresses_are_refused_and_never_shown(tmp_path: Path, url: str, said: str) -> None:
    (mistake,) = wrong_with(tmp_path, "url", f'"{url}"')
    assert mistake.startswith("cohort.toml:10: repositories.url: ")
    assert said in mistake
    assert "s3cret" not in mistake


def test_a_secret_in_the_templates_source_is_refused_and_never_shown(tmp_path: Path) -> None:
    assert wrong_with(tmp_path, "source", '"git+https://s3cret@host/template"') == [
        (
            "cohort.toml:4: template.source: has a user, password or token in it. seedbed stores "
            "no credentials; use Git's credential helper, and write the address without."
        )
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("https:/s3cret@host/template", "lacks two slashes after its first colon."),
        ("git+https:/s3cret@host/template", "lacks two slashes after its first colon."),
        ("//s3cret@host/template", "begins with two slashes."),
        ("https://[s3cret/template", "is no address: "),
        ("git+https://host:s3cret/template", "is no address: "),
    ],
)
def test_a_source_that_is_no_address_is_refused_and_never_shown(
    tmp_path: Path, source: str, said: str
) -> None:
    (mistake,) = wrong_with(tmp_path, "source", f'"{source}"')
    assert mistake.startswith(f"cohort.toml:4: template.source: {said}")
    assert "s3cret" not in mistake


@pytest.mark.parametrize(
    "folder",
    [
        "https://github.com/s3cret",
        "https://s3cret@github.com/org",
        "https:/s3cret@host/org",
        "git@github.com:s3cret",
        "s3cret@host:",
        "ssh:s3cret",
        "gh:s3cret",
        "git+https://host/s3cret/{slug}",
    ],
)
def test_an_address_in_place_of_the_folder_is_refused_and_never_shown(
    tmp_path: Path, folder: str
) -> None:
    text = COHORT.replace('folder = "repositories"', f'folder = "{folder}"')
    assert wrong(tmp_path, text) == [
        (
            "cohort.toml:9: repositories.folder: is an address. Write it as `url`, with {slug} in "
            "it; `folder` is for here."
        )
    ]


@pytest.mark.parametrize("folder", ["../class: b", "/srv/a@b:c", "~/git", "a@b/c:d", "github"])
def test_a_folder_may_have_any_other_name(tmp_path: Path, folder: str) -> None:
    assert wrong(tmp_path, COHORT.replace('"repositories"', f'"{folder}"')) == []


@pytest.mark.parametrize("both", ["", 'folder = "x"\nurl = "host:{slug}"'])
def test_repositories_are_in_a_folder_or_on_a_server(tmp_path: Path, both: str) -> None:
    assert wrong(tmp_path, COHORT.replace('folder = "repositories"', both)) == [
        (
            "cohort.toml:8: repositories: must have one of two: `folder` for bare repositories "
            "here, or `url` for a server."
        )
    ]


def test_a_line_is_that_of_the_statement_and_not_of_a_text_like_it() -> None:
    text = 'a = """\n[t]\nb = 1\n"""\r\n# c\n[t]\nb = [\n  1,\n]\n[[u.v]]\nc = {d = 1}\nw.x = 1\n'
    assert lines_of_keys(text) == {
        ("a",): 1,
        ("t",): 6,
        ("t", "b"): 7,
        ("u",): 10,
        ("u", "v"): 10,
        ("u", "v", "c"): 11,
        ("u", "v", "c", "d"): 11,
        ("u", "v", "w"): 12,
        ("u", "v", "w", "x"): 12,
    }


@st.composite
def almost_right(draw: st.DrawFn) -> bytes:
    """A right file with something cut out and something put in."""
    text = WHOLE.encode()
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    words = st.sampled_from([b"{", b"[[", b'"""', b"\n", b"\x00", b"\xff", b"1e999", b"0001-01-01"])
    return text[:start] + draw(st.one_of(words, st.binary(max_size=9))) + text[end:]


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), almost_right()))
@example(b"a = " + b"[" * 100_000)
@example(b"a = " + b"9" * 5_000)
def test_any_bytes_give_a_cohort_or_mistakes(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "cohort.toml")
        file.write_bytes(content)
        read = read_cohort_file(file)
    assert (read.cohort is None) == bool(read.mistakes)
    assert all(os.linesep not in str(mistake) for mistake in read.mistakes)
