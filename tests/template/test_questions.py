"""What people may answer, and what they are told when they may not."""

import ast
import json
import keyword
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from pytest_copie.plugin import Copie

from tests.support import ASKED, PROJECTS, QUESTIONS, REPOSITORY

ONE_LINE = ("project_name", "description", "user_name")
WANTED = {
    "project_name": "a name such as File Organizer",
    "description": "one sentence",
    "user_name": "your name, such as Ada Lovelace",
}
LONGEST = {"project_name": 60, "description": 200, "user_name": 100}

WELCOME = {
    "double quotes": 'the "best" one',
    "single quotes": "it's 'quoted'",
    "backslashes": r"C:\new\table \u0041 \\",
    "only a backslash": "\\",
    "triple quotes": "\"\"\"'''",
    "YAML: a mapping": "key: value # comment",
    "YAML: an anchor": "&anchor *alias !tag |",
    "YAML: a list": "- [a, {b: c}]",
    "YAML: a boolean": "yes",
    "YAML: nothing": "null",
    "YAML: a document": "--- ... %YAML",
    "YAML: a number": "1_000",
    "TOML: a table": "[project] = ]]",
    "a shell command": "$(touch /tmp/x); `id` && ${HOME} | cat > y",
    "an expression of GitHub's": "${ { github.token } }",
    "Markdown and HTML": "# <b>bold</b> <!-- [a](b) | `c` *d*",
    "a percent sign": "100 % {done} #1",
    "a path": "../x",
    "emoji": "🗂️ tidy 👩‍💻",
    "right-to-left text": "מסדר קבצים منظم الملفات",
    "other scripts": "Упорядочиватель 文件整理器 ファイル é ß ø",
    "combining marks": "Z̸a̷l̴g̵o̶",
}

PLAIN_LINE = (
    "Type {wanted} on one line, without control characters or marks that change the direction of"
    " text."
)
ONE_LINE_REFUSED = {
    "nothing": ("", "Type {wanted}; it may not be empty."),
    "spaces": ("   ", "Type {wanted}; it may not be empty."),
    "10,000 characters": (
        "x" * 10_000,
        "Type {wanted} of at most {longest} characters; this one has 10000.",
    ),
    "a space at the start": (" x", "Type {wanted} without spaces at the start or the end."),
    "a space at the end": ("x ", "Type {wanted} without spaces at the start or the end."),
    **{
        name: (
            text,
            PLAIN_LINE,
        )
        for name, text in {
            "two lines": "one\ntwo",
            "a line end": "one\n",
            "a carriage return": "one\rtwo",
            "a tab": "one\ttwo",
            "NUL": "one\0two",
            "an escape sequence": "\x1b[31mred",
            "delete": "one\x7ftwo",
            "a C1 control": "one\x85two",
            "a line separator": "one\u2028two",
            "a right-to-left override": "one\u202etwo",
            "an isolate": "one\u2066two",
            "a byte-order mark": "one\ufefftwo",
        }.items()
    },
    **{
        name: (text, "Type {wanted} without the template marks {{{{ }}}} {{% %}} {{# #}}.")
        for name, text in {
            "an expression": "{{ 7 * 7 }}",
            "a statement": "{% raw %}",
            "a comment": "{# gone #}",
            "half an expression": "}}",
            "half a statement": "%}",
        }.items()
    },
}

SLUG_FORM = (
    "Type a short name of lower-case letters, digits and single hyphens that starts with a letter,"
    " such as file-organizer."
)
SLUG_TAKEN = (
    'Type another short name, such as file-organizer: "{name}" is the name of a Python keyword or'
    " standard-library module."
)
EMAIL_FORM = "Type an e-mail address such as ada@example.com."
GITHUB_FORM = (
    "Type a GitHub user name: letters, digits and single hyphens, at most 39 characters, such as"
    " ada-lovelace."
)
OTHER_REFUSED = [
    *(
        ("project_slug", text, SLUG_FORM)
        for text in (
            "",
            " ",
            "Upper",
            "under_score",
            "1st",
            "-a",
            "a-",
            "a--b",
            "a b",
            "../x",
            "a/b",
            "a.b",
            "é",
            "a\n",
            "🗂",
            "{{ x }}",
            "%}",
            '"',
            "\\",
        )
    ),
    (
        "project_slug",
        "a" * 51,
        "Type a short name of at most 50 characters, such as file-organizer; this one has 51.",
    ),
    (
        "project_slug",
        "a" * 10_000,
        "Type a short name of at most 50 characters, such as file-organizer; this one has 10000.",
    ),
    *(
        ("project_slug", name, SLUG_TAKEN.format(name=name))
        for name in ("class", "json", "test", "site", "asyncio")
    ),
    *(
        ("user_email", text, EMAIL_FORM)
        for text in (
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@example",
            "ada@exa mple.com",
            "ada@example.com\n",
            "ada@-example.com",
            'a"b@example.com',
            "<ada@example.com>",
            "ada@example.com, b@c.org",
            "{{ x }}@example.com",
            "é@example.com",
            "a" * 250 + "@b.co",
            "ada@example..com",
        )
    ),
    *(
        ("github_user", text, GITHUB_FORM)
        for text in (
            "",
            "a b",
            "-a",
            "a-",
            "a--b",
            "a_b",
            "a/b",
            "../x",
            "é",
            "a\n",
            "a" * 40,
            "{{ x }}",
        )
    ),
    *(
        ("copyright_year", text, "Type a year with four digits, such as 2026.")
        for text in (
            "",
            "26",
            "20266",
            "MMXX",
            "2026\n",
        )
    ),
]


def documents(project: Path) -> dict[str, Any]:
    """Parse every file of a project that a program reads; a broken one fails the test."""
    parsed: dict[str, Any] = {}
    for path in project.rglob("*"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        name = str(path.relative_to(project))
        match path.suffix:
            case ".toml":
                parsed[name] = tomllib.loads(text)
            case ".yml" | ".yaml":
                parsed[name] = yaml.safe_load(text)
            case ".json":
                parsed[name] = json.loads(text)
            case ".py":
                parsed[name] = ast.parse(text)
    return parsed


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("text", WELCOME.values(), ids=WELCOME)
def test_a_welcome_answer_reaches_every_file_as_it_was_typed(
    copie: Copie, template: Path, project: str, text: str
) -> None:
    given = dict.fromkeys(ONE_LINE, text)

    result = copie.copy({"project": project, "project_slug": "x", **given}, template)

    assert result.exception is None
    assert result.project_dir is not None
    parsed = documents(result.project_dir)
    answers = parsed[".copier-answers.yml"]
    metadata = parsed["pyproject.toml"]["project"]
    assert {name: answers[name] for name in ONE_LINE} == given
    assert metadata["description"] == text
    assert metadata["authors"] == [{"name": text, "email": "you@example.com"}]
    assert parsed[".devcontainer/devcontainer.json"]["name"] == text


def refusal(copie: Copie, template: Path, question: str, text: str) -> str:
    """What a person is told about an answer; nothing may have been written by then."""
    result = copie.copy({question: text}, template)
    assert list(copie.test_dir.glob("*/*")) == []
    return str(result.exception)


@pytest.mark.parametrize("question", ONE_LINE)
@pytest.mark.parametrize(("text", "message"), ONE_LINE_REFUSED.values(), ids=ONE_LINE_REFUSED)
def test_a_line_that_would_break_files_is_refused_before_anything_is_written(
    copie: Copie, template: Path, question: str, text: str, message: str
) -> None:
    said = message.format(wanted=WANTED[question], longest=LONGEST[question])

    assert refusal(copie, template, question, text) == (
        f"Validation error for question '{question}': {said}"
    )


@pytest.mark.parametrize(("question", "text", "message"), OTHER_REFUSED)
def test_a_name_of_the_wrong_form_is_refused_before_anything_is_written(
    copie: Copie, template: Path, question: str, text: str, message: str
) -> None:
    assert refusal(copie, template, question, text) == (
        f"Validation error for question '{question}': {message}"
    )


@pytest.mark.parametrize("question", ["project", "license", "python_version"])
@pytest.mark.parametrize("text", ["", "GPL", "3.10", "../x"])
def test_a_choice_that_is_not_offered_is_refused_with_the_list(
    copie: Copie, template: Path, question: str, text: str
) -> None:
    choices = QUESTIONS[question]["choices"]
    offered = list(choices.values() if isinstance(choices, dict) else choices)

    assert refusal(copie, template, question, text) == (
        f"Invalid choice for '{question}': {text!r} is not in {offered}"
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("File Organizer", "file-organizer"),
        ("  Ada's   Files!  2 ", "ada-s-files-2"),
        ("Über-Ordner", "ber-ordner"),
        ("文件", "file-organizer"),
        ("x" * 49 + " y", "x" * 49),
        ("2048 Game", "game"),
        ("1_000", "file-organizer"),
        ("JSON", "file-organizer"),
    ],
)
def test_the_short_name_is_derived_from_the_name(name: str, slug: str) -> None:
    assert derived_slug(name) == slug


def derived_slug(name: str) -> str:
    """What the question offers as short name for a project's name."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(REPOSITORY), autoescape=False)
    default = environment.from_string(QUESTIONS["project_slug"]["default"])
    return default.render(project_name=name, project="file-organizer").strip()


def test_every_keyword_and_standard_module_of_this_python_is_reserved() -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(REPOSITORY), autoescape=False)
    reserved = environment.get_template("partials/reserved_names.jinja").make_module()
    names = {*keyword.kwlist, *sys.stdlib_module_names}

    expressible = {name for name in names if name == name.lower() and not name.startswith("_")}

    assert expressible - set(reserved.reserved_names) == set()  # type: ignore[attr-defined]


@pytest.mark.parametrize("question", [name for name in QUESTIONS if not name.startswith("_")])
def test_every_question_has_a_default_also_one_that_is_not_asked(question: str) -> None:
    assert QUESTIONS[question]["default"]


@pytest.mark.parametrize("question", ASKED)
def test_every_question_says_what_it_asks_and_has_a_default(question: str) -> None:
    entry = QUESTIONS[question]

    assert entry["type"] == "str"
    assert entry["help"].strip()
    assert entry["default"]
    assert "choices" in entry or entry["validator"]


def test_a_bad_answer_on_the_command_line_is_refused_with_what_to_type(
    template: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "copier",
            "copy",
            "--defaults",
            "--data",
            "project_slug=My App",
            template,
            tmp_path / "project",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    # Copier shows where in itself it found the fault, and what to do in the last line.
    assert done.stderr.splitlines()[-1] == (
        f"ValueError: Validation error for question 'project_slug': {SLUG_FORM}"
    )
    assert not (tmp_path / "project").exists()
