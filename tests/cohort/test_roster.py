"""`roster.csv` is read as spreadsheets and people write it; a mistake names line and column."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seedbed.enrolment import load
from seedbed.mistakes import MistakesError
from seedbed.model import Student
from seedbed.slugs import slug_of
from tests.cohort.asking import COHORT, ROSTER, Asking, mistakes, students, write

ADA = Student(
    slug="ada-lovelace",
    name="Ada Lovelace",
    emails=("ada@example.org",),
    github=None,
    lines=(2,),
    answers={"project": "blog-api", "user_name": "Ada Lovelace"},
)
QUOTES = 'A quote is opened and not closed, or text follows one. Write `"` within a cell as `""`.'
SAVE_AS = (
    'Save it as CSV in UTF-8 (Excel: the file type "CSV UTF-8"; LibreOffice: the character set '
    '"Unicode (UTF-8)").'
)


@pytest.mark.parametrize(
    "roster",
    [
        ROSTER,
        ROSTER.replace(",", ";"),
        "name,email,\u200d\nAda Lovelace,ada@example.org\n".replace(",\u200d", ","),
        ROSTER.replace("\n", "\r\n"),
        ROSTER.replace("\n", "\r"),
        f"\ufeff{ROSTER}",
        f"{ROSTER}\n,\n  \n",
        'name,email\n"Ada Lovelace","ada@example.org"',
        "Name , EMAIL\n  Ada Lovelace ,  ada@example.org ",
        "name,email,\nAda Lovelace,ada@example.org,\n",
        'name;email\n"Ada Lovelace"; "ada@example.org"\n',
        "name,email\nAda Lovelace,ada@example.org,, ,\n",
        "name,email,github,project_name\nAda Lovelace,ada@example.org\n",
        "name;email;github;project_name\nAda Lovelace;ada@example.org;\n",
    ],
)
def test_a_roster_may_be_saved_in_many_ways(tmp_path: Path, roster: str) -> None:
    assert students(tmp_path, roster=roster) == [ADA]


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;", "sep=; "])
def test_the_line_that_names_the_separator_is_no_student(tmp_path: Path, first: str) -> None:
    roster = f"{first}\n{ROSTER.replace(',', ';')}"
    assert students(tmp_path, roster=roster) == [replace(ADA, lines=(3,))]


def test_the_line_that_names_the_separator_is_believed(tmp_path: Path) -> None:
    roster = "sep=,\nname,email,project;x;y\nAda;L,ada@\n"
    assert [told.split(" is ")[0] for told in mistakes(tmp_path, roster=roster)] == [
        'roster.csv:2: column 3: "project;x;y"',
        'roster.csv:3: email: "ada@"',
    ]


def test_a_quoted_cell_may_have_separators_and_quotes(tmp_path: Path) -> None:
    roster = 'name,email\n"Lovelace, Ada ""Countess""",ada@example.org\n'
    assert [each.name for each in students(tmp_path, roster=roster)] == ['Lovelace, Ada "Countess"']


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        (b"", "roster.csv: It is empty. Begin with a line of columns: name,email,github."),
        (b"\n \n", "roster.csv: It is empty. Begin with a line of columns: name,email,github."),
        (
            b"name,email\n\n",
            "roster.csv:1: There are no students. Write one a line below the columns.",
        ),
        (
            b"Ada,ada@example.org\n",
            "roster.csv:1: This should name the columns. Put a line before it: name,email,github.",
        ),
        (ROSTER.encode("utf-16"), f"roster.csv: It is in UTF-16. {SAVE_AS}"),
        (ROSTER.encode("utf-16-le"), f"roster.csv: It is in UTF-16. {SAVE_AS}"),
        (
            "name,email\r\nAd\xe4,a@example.org\r\n".encode("latin-1"),
            f"roster.csv:2: It is not in UTF-8 here. {SAVE_AS}",
        ),
    ],
)
def test_a_file_that_is_no_roster_is_one_mistake(tmp_path: Path, roster: bytes, said: str) -> None:
    assert mistakes(tmp_path, roster=roster) == [said]


def test_a_roster_that_there_is_not_is_a_mistake(tmp_path: Path) -> None:
    file = write(tmp_path)
    (tmp_path / "roster.csv").unlink()
    with pytest.raises(MistakesError) as caught:
        load(file, lambda _: Asking())
    assert str(caught.value) == (
        f"{tmp_path}/roster.csv: There is no such file. `roster` in cohort.toml names it.\n"
        "Correct this and run it again. Nothing was done."
    )


def test_wrong_columns_are_told_by_position(tmp_path: Path) -> None:
    roster = "nane,email,email,favourite colour,project\nAda,ada@example.org,,,\n"
    known = (
        "There are `email`, `github`, `github_user`, `name`, `project`, `project_name`, "
        "`project_slug`, `slug`, `team`, `user_email`, `user_name`."
    )
    neither = "is neither a column of rosters nor a question of the template."
    end = "Rename it, or remove it from this file."
    assert mistakes(tmp_path, roster=roster)[:4] == [
        f'roster.csv:1: column 1: "nane" {neither} Did you mean `name`? {end}',
        "roster.csv:1: column 3: is named as column 2 is.",
        f'roster.csv:1: column 4: "favourite colour" {neither} {known} {end}',
        "roster.csv:1: name: This column is missing.",
    ]


def test_cells_of_a_column_that_there_is_not_are_not_looked_at(tmp_path: Path) -> None:
    roster = (
        "name,email,team,Phone\nAda,ada@example.org,Red,+49 30 1\nAlan,alan@example.org,Red,=1+1\n"
    )
    (told,) = mistakes(tmp_path, roster=roster)
    assert told.startswith('roster.csv:1: column 4: "Phone" is neither')


def test_cells_of_what_cannot_be_a_question_are_not_looked_at(tmp_path: Path) -> None:
    names = ["Phone number", "a" * 81, "\u202eevil"]
    roster = f"name,email,{','.join(names)}\nAda,ada@example.org,=1,=1,=1\n"
    assert mistakes(tmp_path, cohort="", roster=roster) == mistakes(tmp_path, cohort="")
    roster = "name,email,phone\nAda,ada@example.org,=1\n"
    assert mistakes(tmp_path, cohort="", roster=roster)[-1] == (
        'roster.csv:2: phone: "=1" is a formula to a spreadsheet. Write plain text.'
    )


def test_a_columns_long_name_is_cut(tmp_path: Path) -> None:
    told, _ = mistakes(tmp_path, roster=f"name,email,{'a' * 999}\nAda,ada@,+\n")
    assert told.startswith(f'roster.csv:1: column 3: "{"a" * 79}…" is neither')


@pytest.mark.parametrize(
    "title", ["Backend 2026", "# Backend 2026,,", "Vorname\tE-Mail", "Student;Address"]
)
def test_a_first_line_that_names_no_columns_is_told_and_not_each_line(
    tmp_path: Path, title: str
) -> None:
    told = mistakes(tmp_path, roster=f"{title}\nname,email,github\nAda,ada@example.org,\n")
    assert {each.partition(" ")[0] for each in told} == {"roster.csv:1:"}
    assert "name: This column is missing." in told[-2]
    assert "email: This column is missing." in told[-1]


def test_a_column_with_an_example_in_its_name_is_no_student(tmp_path: Path) -> None:
    roster = "name,email (e.g. ada@example.org)\nAda,ada@example.org\n"
    assert [told.partition(" is ")[0] for told in mistakes(tmp_path, roster=roster)] == [
        'roster.csv:1: column 2: "email (e.g. ada@example.org)"',
        "roster.csv:1: email: This column",
    ]


@pytest.mark.parametrize(
    ("roster", "said"),
    [
        (
            "name,email\nAda;ada@example.org\n",
            (
                "There is 1 cell for 2 columns. Each student needs a name and an e-mail address. "
                "Between cells stands a comma, as in the first line."
            ),
        ),
        (
            "name;email;team\nAda,ada@example.org,Red\n",
            (
                "There is 1 cell for 3 columns. Each student needs a name and an e-mail address. "
                "Between cells stands a semicolon, as in the first line."
            ),
        ),
        (
            "name;email;team\nLovelace; Ada;ada@example.org;Red\n",
            "There are 4 cells for 3 columns. A cell that has a semicolon in it stands in quotes.",
        ),
    ],
)
def test_cells_that_are_not_the_columns_name_the_separator(
    tmp_path: Path, roster: str, said: str
) -> None:
    assert mistakes(tmp_path, roster=roster) == [f"roster.csv:2: {said}"]


def test_one_column_is_counted_as_one(tmp_path: Path) -> None:
    assert mistakes(tmp_path, roster="name\nAda,ada@example.org\n")[1:] == [
        (
            "roster.csv:2: There are 2 cells for 1 column. A cell that has a comma in it stands in "
            "quotes."
        )
    ]


@pytest.mark.parametrize("cell", ["-", "n/a", "N/A", "--", "\u2013", "\u2014"])
@pytest.mark.parametrize("column", ["github", "team", "slug", "project_name"])
def test_a_cell_that_says_nothing_is_to_be_empty(tmp_path: Path, column: str, cell: str) -> None:
    roster = f"name,email,{column}\nAda,ada@example.org,{cell}\n"
    assert mistakes(tmp_path, roster=roster) == [
        f'roster.csv:2: {column}: "{cell}" is no text here. Leave the cell empty.'
    ]


def test_columns_that_are_separated_by_tabs_are_named_so(tmp_path: Path) -> None:
    told = mistakes(tmp_path, roster="name\temail\nAda\tada\n")
    assert told[1:] == [
        "roster.csv:1: name: This column is missing. Separate columns by commas or semicolons.",
        "roster.csv:1: email: This column is missing. Separate columns by commas or semicolons.",
    ]


def test_every_mistake_of_every_line_is_told_at_once(tmp_path: Path) -> None:
    roster = (
        "name,email,github,slug,project_name,\n"
        ",ada@,@ada,Ada,=1+1,\n"
        "Grace Hopper,grace@example.org,grace--hopper,grace-,-5,stray\n"
        "Alan\n"
        '"Joan\nClarke",joan@example.org,,,\u202eevil,\n'
        "Mary,mary@example.org,https://github.com/mary,,+ and -,,,too\n"
        "😀,smile@example.org,,,\x07,\n"
    )
    name = "Write the name alone, letters, digits and single hyphens, at most 39 of them"
    slug = "Write lower-case letters, digits and hyphens between them, like ada-lovelace."
    assert mistakes(tmp_path, roster=roster) == [
        "roster.csv:2: name: is empty. Each student needs a name and an e-mail address.",
        (
            'roster.csv:2: email: "ada@" is no e-mail address. There must be something after the '
            "@-sign. Write it like ada@example.org."
        ),
        'roster.csv:2: github: "@ada" begins with @. Write it without: ada.',
        f'roster.csv:2: slug: "Ada" is no slug. {slug}',
        'roster.csv:2: project_name: "=1+1" is a formula to a spreadsheet. Write plain text.',
        f'roster.csv:3: github: "grace--hopper" is no GitHub user name. {name}, like ada-lovelace.',
        f'roster.csv:3: slug: "grace-" is no slug. {slug}',
        'roster.csv:3: column 6: "stray" is in a column without a name. Name it in the first line.',
        (
            "roster.csv:4: There is 1 cell for 6 columns. Each student needs a name and an e-mail "
            "address. Between cells stands a comma, as in the first line."
        ),
        "roster.csv:5: name: has a line break. Write it on one line.",
        (
            'roster.csv:5: project_name: "\\u202eevil" has a character that cannot be seen. '
            "Type it anew."
        ),
        (
            "roster.csv:7: There are 8 cells for 6 columns. A cell that has a comma in it stands "
            "in quotes."
        ),
        'roster.csv:8: project_name: "\\x07" has a character that cannot be seen. Type it anew.',
        (
            'roster.csv:8: name: "😀" has nothing to make a slug of. Give a short name in a column '
            "`slug`."
        ),
    ]


@pytest.mark.parametrize("cell", ["=1", "+a", "-a", "@a", "\ta", " =1", "'=", "-1", "+1.5", "a=b"])
def test_a_cell_is_a_formula_if_a_spreadsheet_takes_it_for_one(tmp_path: Path, cell: str) -> None:
    roster = f"name,email,project_name\nAda,ada@example.org,{cell}\n"
    formulas = {"=1", "+a", "-a", "@a", "\ta", " =1"}
    said = f'roster.csv:2: project_name: "{cell.strip()}" is a formula to a spreadsheet. '
    assert mistakes(tmp_path, roster=roster) == (
        [f"{said}Write plain text."] if cell in formulas else []
    )


def test_a_wrong_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    roster = 'name,email\n"Ada,ada@example.org\nGrace,grace@\n"Alan" T,alan@example.org\n'
    assert mistakes(tmp_path, roster=roster) == [
        f"roster.csv:2: {QUOTES}",
        (
            'roster.csv:3: email: "grace@" is no e-mail address. There must be something after the '
            "@-sign. Write it like ada@example.org."
        ),
        f"roster.csv:4: {QUOTES}",
    ]


def test_who_is_twice_in_a_roster_is_told(tmp_path: Path) -> None:
    roster = (
        "name,email,github\n"
        "Ada Lovelace,ada@example.org,ada\n"
        "ada lovelace,ADA@example.org,\n"
        "Grace Hopper,ada@example.org,\n"
        "Alan Turing,alan@example.org,ADA\n"
    )
    assert mistakes(tmp_path, roster=roster) == [
        "roster.csv:3: email: is the student of line 2 once more. Remove one of the two lines.",
        'roster.csv:4: email: "ada@example.org" is on line 2 too. Correct one of them.',
        'roster.csv:5: github: "ADA" is on line 2 too. Correct one of them.',
    ]


def test_two_students_with_one_slug_are_told(tmp_path: Path) -> None:
    roster = (
        "name,email,slug\nAda Lovelace,ada@example.org,\nÁda Lovelace,ada2@example.org,\n"
        "Grace,grace@example.org,ada-lovelace\n"
    )
    message = (
        '"ada-lovelace" is the slug of line 2 too. Give one of the two another in a column `slug`.'
    )
    assert mistakes(tmp_path, roster=roster) == [
        f"roster.csv:3: slug: {message}",
        f"roster.csv:4: slug: {message}",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Ada Lovelace", "ada-lovelace"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("李小龙", "li-xiao-long"),
        ("Grace O'Brien", "grace-o-brien"),
        ("Grace O\u2019Brien", "grace-o-brien"),
        ("Grace O\u2018Brien", "grace-o-brien"),
        ("Grace O\u02bcBrien", "grace-o-brien"),
        ("&#x110000; & co", "x110000-co"),
        ("../../etc", "etc"),
    ],
)
def test_a_slug_is_made_of_any_alphabet(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_name_that_is_too_long_for_a_slug_asks_for_one(tmp_path: Path) -> None:
    roster = f"name,email\n{'a' * 81},ada@example.org\n"
    assert mistakes(tmp_path, roster=roster) == [
        (
            f'roster.csv:2: name: "{"a" * 79}…" makes a slug longer than 80 characters. Give a '
            "short name in a column `slug`."
        )
    ]


def test_a_team_shares_one_repository(tmp_path: Path) -> None:
    roster = (
        "name,email,github,team,slug,project_name\n"
        "Alan Turing,alan@example.org,,Bletchley Park,,Enigma\n"
        "Ada Lovelace,ada@example.org,,,ada,\n"
        "Joan Clarke,joan@example.org,joan,bletchley park,hut-8,\n"
    )
    assert students(tmp_path, roster=roster) == [
        Student(
            slug="hut-8",
            name="Bletchley Park",
            emails=("alan@example.org", "joan@example.org"),
            github="joan",
            lines=(2, 4),
            answers={
                "project": "blog-api",
                "user_name": "Bletchley Park",
                "project_name": "Enigma",
            },
        ),
        Student("ada", "Ada Lovelace", ("ada@example.org",), None, (3,), ADA.answers),
    ]


def test_a_team_has_one_answer_to_a_question(tmp_path: Path) -> None:
    roster = (
        "name,email,team,slug,project_name\n"
        "Alan,alan@example.org,Park,park,Enigma\n"
        "Joan,joan@example.org,Park,hut,Bombe\n"
    )
    end = "is not what line 2 says for the same team. Write it once, or alike."
    assert mistakes(tmp_path, roster=roster) == [
        f'roster.csv:3: slug: "hut" {end}',
        f'roster.csv:3: project_name: "Bombe" {end}',
    ]


def test_a_team_whose_name_makes_no_slug_is_told_at_its_column(tmp_path: Path) -> None:
    assert mistakes(tmp_path, roster="name,email,team\nAda,ada@example.org,!!!\n") == [
        (
            'roster.csv:2: team: "!!!" has nothing to make a slug of. Give a short name in a '
            "column `slug`."
        )
    ]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Ada", "ada@example.org", "@ada", "=1", '"', "a,b", "\r", "\n", "Red", "{name}", "hut-8"]
    ),
)
TEAMS = st.sampled_from(["", "", "Red", "red"])


def outcome(file: Path) -> tuple[list[str], list[str]]:
    """The slugs of all students, and the mistakes."""
    try:
        return [student.slug for student in load(file, lambda _: Asking())[1]], []
    except MistakesError as error:
        return [], [str(mistake) for mistake in error.mistakes]


@st.composite
def almost_a_roster(draw: st.DrawFn) -> bytes:
    """A roster with right columns, and lines of which some have one cell that may be anything."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;")))
    writer.writerow(["name", "email", "github", "team", "slug", "project_slug"])
    for number in range(draw(st.integers(0, 4))):
        cells = [f"Ada {number}", f"ada{number}@example.org", "", draw(TEAMS), "", "blog"]
        if draw(st.booleans()):
            cells[draw(st.integers(0, 5))] = draw(CELLS)
        writer.writerow(cells)
    return text.getvalue().encode("utf-8", "surrogatepass")


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), almost_a_roster()))
@example(b"name,email\n" + b'"a\n' * 2_000)
@example(b"name,email\n" + b"a" * 200_000 + b",a@example.org\n")
def test_any_bytes_give_students_or_mistakes(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = write(Path(folder), cohort=COHORT, roster=content)
        slugs, told = outcome(file)
    assert bool(slugs) != bool(told)
    assert len(set(slugs)) == len(slugs)
    assert not any("\n" in mistake for mistake in told)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1))
def test_what_a_spreadsheet_writes_is_what_is_read(names: list[str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(["name", "email", "slug"])
    writer.writerows([f"{name}, Jr.", f"s{n}@example.org", f"s{n}"] for n, name in enumerate(names))
    with TemporaryDirectory() as folder:
        read = students(Path(folder), roster=text.getvalue())
    assert [student.name for student in read] == [f"{name}, Jr." for name in names]
