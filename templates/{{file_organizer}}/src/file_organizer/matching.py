"""Which rule takes a file: the first whose conditions are all true.

Rules are prepared once, so that the usual file costs one dictionary look-up and one comparison.
"""

import fnmatch
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from file_organizer.content import content_type
from file_organizer.names import folded
from file_organizer.places import Place
from file_organizer.rules import (
    Match,
    Rule,
    RuleBook,
    compile_globs,
    compile_regex,
)
from file_organizer.scan import File
from file_organizer.targets import TargetPattern, date_values, name_values
from file_organizer.units import parse_age, parse_size


class Candidate:
    """A file on its way through the rules, with what several rules may want to know of it."""

    __slots__ = ("_folder", "_mime", "file", "folded", "name")

    def __init__(self, file: File, folder: Place) -> None:
        self.file = file
        name = file.name
        self.name = name if name.isascii() else unicodedata.normalize("NFC", name)
        self.folded = folded(name)
        self._folder = folder
        self._mime: str | None = None

    def mime(self) -> str:
        """The content type. The file is read once, when the first rule asks."""
        if self._mime is None:
            self._mime = content_type(self._folder, self.file.name)
        return self._mime


Condition = Callable[[Candidate], bool]


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """A rule, ready to be asked about many files."""

    name: str
    conditions: tuple[Condition, ...]
    last_suffixes: frozenset[str] | None
    pattern: TargetPattern
    groups: Callable[[Candidate], dict[str, str]]

    def accepts(self, candidate: Candidate) -> bool:
        """Whether all conditions are true. The costly ones come last."""
        return all(condition(candidate) for condition in self.conditions)

    def target(self, candidate: Candidate) -> str:
        """The folder that this rule sends the file to."""
        pattern = self.pattern
        if not pattern.fields:
            return pattern.text
        values = {"rule": self.name, **name_values(candidate.name), **self.groups(candidate)}
        if not pattern.fields.isdisjoint(("year", "month", "day")):
            values |= date_values(candidate.file.identity.mtime_ns)
        return pattern.fill(values)


class Matcher:
    """All rules of a book, and an index by extension that fills itself."""

    def __init__(self, book: RuleBook, now: float) -> None:
        self._rules = tuple(_prepare(rule, now) for rule in book.rules)
        self._by_suffix: dict[str, tuple[PreparedRule, ...]] = {}

    def first_match(self, candidate: Candidate) -> PreparedRule | None:
        """The first rule that accepts the file. May read it, so may raise `OSError`."""
        suffix = os.path.splitext(candidate.folded)[1]
        rules = self._by_suffix.get(suffix)
        if rules is None:
            rules = tuple(
                rule
                for rule in self._rules
                if rule.last_suffixes is None or suffix in rule.last_suffixes
            )
            self._by_suffix[suffix] = rules
        for rule in rules:
            if rule.accepts(candidate):
                return rule
        return None


def _prepare(rule: Rule, now: float) -> PreparedRule:
    match = rule.match
    suffixes = None
    if match.extension:
        suffixes = frozenset(os.path.splitext("x." + text)[1] for text in match.extension)
    return PreparedRule(
        name=rule.name,
        conditions=(*_conditions_on_names(match), *_conditions_on_files(match, now)),
        last_suffixes=suffixes,
        pattern=rule.pattern(),
        groups=_groups_of(match),
    )


def _conditions_on_names(match: Match) -> list[Condition]:
    conditions: list[Condition] = []
    if match.extension:
        endings = tuple(f".{extension}" for extension in match.extension)
        conditions.append(lambda candidate: candidate.folded.endswith(endings))
    if match.name:
        names = frozenset(folded(name) for name in match.name)
        conditions.append(lambda candidate: candidate.folded in names)
    if match.glob:
        glob = compile_globs(match.glob)
        conditions.append(lambda candidate: glob.match(candidate.folded) is not None)
    if match.regex:
        regex = compile_regex(match.regex)
        conditions.append(lambda candidate: regex.search(candidate.name) is not None)
    return conditions


def _conditions_on_files(match: Match, now: float) -> list[Condition]:
    """Conditions on size, age and content. Size and content of a link say nothing: no match."""
    conditions: list[Condition] = []
    if match.older_than:
        newest = (now - parse_age(match.older_than)) * 1e9
        conditions.append(lambda candidate: candidate.file.identity.mtime_ns < newest)
    if match.newer_than:
        oldest = (now - parse_age(match.newer_than)) * 1e9
        conditions.append(lambda candidate: candidate.file.identity.mtime_ns > oldest)
    if match.larger_than or match.smaller_than or match.mime:
        conditions.append(lambda candidate: not candidate.file.is_link)
    if match.larger_than:
        floor = parse_size(match.larger_than)
        conditions.append(lambda candidate: candidate.file.identity.size > floor)
    if match.smaller_than:
        ceiling = parse_size(match.smaller_than)
        conditions.append(lambda candidate: candidate.file.identity.size < ceiling)
    if match.mime:
        types = tuple(kind.lower() for kind in match.mime)
        conditions.append(
            lambda candidate: any(fnmatch.fnmatchcase(candidate.mime(), kind) for kind in types)
        )
    return conditions


def _groups_of(match: Match) -> Callable[[Candidate], dict[str, str]]:
    """How to get the named groups of the rule's regex from a file's name."""
    regex = compile_regex(match.regex) if match.regex else None
    if regex is None or not regex.groupindex:
        return lambda _candidate: {}

    def groups(candidate: Candidate) -> dict[str, str]:
        found = regex.search(candidate.name)
        return {} if found is None else found.groupdict(default="")

    return groups
