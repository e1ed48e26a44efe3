"""The rules file: its shape, how it is loaded, and errors that name file, rule and key."""

import difflib
import fnmatch
import re
import tomllib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from file_organizer.errors import ConfigurationError
from file_organizer.names import folded
from file_organizer.targets import PLACEHOLDERS, TargetPattern, parse_target
from file_organizer.units import parse_age, parse_size

Hidden = Literal["report", "ignore", "move"]
Identical = Literal["number", "skip"]


def _as_list(value: object) -> object:
    """`extension = "pdf"` means the same as `extension = ["pdf"]`."""
    return [value] if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _checked_by(parse: Callable[[str], object]) -> AfterValidator:
    """Accept what `parse` accepts, and keep the text: it is shown as the user wrote it."""

    def check(value: str) -> str:
        parse(value)
        return value

    return AfterValidator(check)


def compile_regex(pattern: str) -> re.Pattern[str]:
    """Compile, or say what is wrong with it. What Python only warns about is refused as well."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return re.compile(pattern)
        except re.error as error:
            raise ValueError(f"is not a valid regular expression: {error}") from None
        except Warning as warning:
            raise ValueError(f"is an ambiguous regular expression: {warning}") from None
        except (OverflowError, RecursionError):
            raise ValueError("is too large a regular expression") from None


def compile_globs(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all patterns; it expects a folded name."""
    return re.compile("|".join(fnmatch.translate(folded(pattern)) for pattern in patterns))


def _not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    # pydantic's `min_length` would not count items that are wrong, and so complain twice.
    if not values:
        raise ValueError("must not be empty")
    return values


Text = Annotated[str, AfterValidator(_not_blank)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list), AfterValidator(_not_empty)]
Extension = Annotated[str, AfterValidator(lambda value: folded(_not_blank(value.strip(" ."))))]
Extensions = Annotated[tuple[Extension, ...], BeforeValidator(_as_list), AfterValidator(_not_empty)]
Size = Annotated[str, _checked_by(parse_size)]
Age = Annotated[str, _checked_by(parse_age)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Model):
    """The conditions of a rule. All that are given must be true."""

    extension: Extensions | None = None
    name: Texts | None = None
    glob: Texts | None = None
    regex: Annotated[Text, _checked_by(compile_regex)] | None = None
    mime: Texts | None = None
    larger_than: Size | None = None
    smaller_than: Size | None = None
    older_than: Age | None = None
    newer_than: Age | None = None

    @field_validator("regex")
    @classmethod
    def _groups_are_not_placeholders(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            for group in compile_regex(pattern).groupindex:
                if group in PLACEHOLDERS:
                    raise ValueError(f"names a group '{group}', which is already a placeholder")
        return pattern

    @model_validator(mode="after")
    def _not_empty(self) -> "Match":
        if not self.model_fields_set:
            raise ValueError("needs at least one condition")
        return self

    def given(self) -> dict[str, str | tuple[str, ...]]:
        """The conditions that this rule has, in the order of the documentation."""
        return self.model_dump(exclude_none=True)


class Rule(_Model):
    """One rule: a name to report, conditions, and where the file goes."""

    name: Text
    match: Match
    target: str

    @field_validator("target")
    @classmethod
    def _target_is_safe(cls, text: str, info: ValidationInfo) -> str:
        match = info.data.get("match")
        # With a wrong `match` its groups are unknown, and one error is enough.
        groups = None if match is None else _groups(match)
        parse_target(text, groups)
        return text

    def pattern(self) -> TargetPattern:
        """The target, ready to be filled in."""
        return parse_target(self.target, _groups(self.match))


def _groups(match: Match) -> tuple[str, ...]:
    return tuple(compile_regex(match.regex).groupindex) if match.regex else ()


class RuleBook(_Model):
    """A whole rules file."""

    hidden: Hidden = "report"
    identical: Identical = "number"
    rules: Annotated[tuple[Rule, ...], AfterValidator(_not_empty)]

    @field_validator("rules")
    @classmethod
    def _names_differ(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        seen = set()
        for rule in rules:
            if rule.name in seen:
                raise ValueError(f"has two rules with the name '{rule.name}'")
            seen.add(rule.name)
        return rules


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """Rules, where they came from, and the text they were read from."""

    source: str
    text: str
    book: RuleBook


def load_rules(path: Path | None) -> LoadedRules:
    """Read a rules file; without one, the rules that come with the program."""
    if path is None:
        text = resources.files("file_organizer").joinpath("default_rules.toml").read_text("utf-8")
        return LoadedRules("built-in rules", text, _parse(text, "built-in rules"))
    try:
        text = path.read_text("utf-8-sig")  # some Windows editors write a mark at the start
    except UnicodeDecodeError:
        raise _wrong(path, "is not text in UTF-8") from None
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the rules file {path}: {error.strerror}",
            "Name an existing file: organize rules --toml > my-rules.toml makes one to start from.",
        ) from error
    return LoadedRules(str(path), text, _parse(text, path))


def _parse(text: str, source: Path | str) -> RuleBook:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(source, f"is not valid TOML: {error}") from None
    except RecursionError:
        raise _wrong(source, "is nested too deeply") from None
    try:
        return RuleBook.model_validate(data)
    except ValidationError as error:
        problems = [_describe(problem, data) for problem in error.errors(include_url=False)]
    raise _wrong(source, "has mistakes:", problems)


def _wrong(source: Path | str, what: str, problems: list[str] | None = None) -> ConfigurationError:
    return ConfigurationError(
        f"the rules file {source} {what}",
        "Correct the file; organize rules --toml shows a commented example.",
        problems or (),
    )


def _describe(problem: Any, data: dict[str, Any]) -> str:
    """One line: which rule, which key, what is wrong."""
    location: tuple[int | str, ...] = problem["loc"]
    where = []
    if len(location) > 1 and location[0] == "rules" and isinstance(location[1], int):
        where = [f"rule {location[1] + 1}{_quoted_name(data['rules'][location[1]])}"]
        location = location[2:]
    keys = [part for part in location if isinstance(part, str)]
    items = [part for part in location if isinstance(part, int)]
    explained = _explain(problem, keys, in_rule=bool(where))
    if keys:
        where.append(f"key {'.'.join(keys)}")
    item = f"item {items[0] + 1} " if items else ""
    return f"{', '.join(where)}: {item}{explained}"


def _quoted_name(rule: object) -> str:
    name = rule.get("name") if isinstance(rule, dict) else None
    return f" '{name}'" if isinstance(name, str) else ""


def _explain(problem: Any, keys: list[str], *, in_rule: bool) -> str:
    """Pydantic's kinds of error, in the words of a rules file."""
    kind: str = problem["type"]
    if kind == "value_error":
        return str(problem["ctx"]["error"])
    if kind == "extra_forbidden":
        return _unknown_key(keys, in_rule=in_rule)
    if kind == "literal_error":
        return f"must be {problem['ctx']['expected']}"
    if kind == "tuple_type" and keys == ["rules"]:
        return "must be a list of tables, each under [[rules]]"
    return _EXPLAINED.get(kind) or str(problem["msg"])


_EXPLAINED = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "tuple_type": "must be text or a list of texts",
    "model_type": "must be a table of keys",
}


def _unknown_key(keys: list[str], *, in_rule: bool) -> str:
    model: type[BaseModel] = Rule if in_rule else RuleBook
    if keys[0] == "match" and len(keys) > 1:
        model = Match
    allowed = list(model.model_fields)
    close = difflib.get_close_matches(keys[-1], allowed, n=1)
    return "unknown key; " + (
        f"did you mean {close[0]}?" if close else f"there are {', '.join(allowed)}"
    )
