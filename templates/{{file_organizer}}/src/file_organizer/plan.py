"""The plan: what is to happen to each file, decided before anything happens.

A plan is made of frozen values. `organize plan` shows one and `organize run` carries one out, so
what is shown is what is done.
"""

import time
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from file_organizer.destinations import BlockedError, Destinations
from file_organizer.matching import Candidate, Matcher
from file_organizer.names import comparison_key, is_hidden, names_to_try
from file_organizer.places import Identity, Place
from file_organizer.rules import RuleBook
from file_organizer.scan import File, scan


class Reason(StrEnum):
    """Why a file that a rule matched was left where it is. Part of the JSON output."""

    HIDDEN = "hidden"
    IN_USE = "in-use"
    CHANGED = "changed"
    VANISHED = "vanished"
    UNREADABLE = "unreadable"
    NO_PERMISSION = "no-permission"
    BLOCKED_TARGET = "blocked-target"
    PLACE_TAKEN = "place-taken"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Move:
    """One file, on its way from the organised folder into a folder inside it."""

    source: str
    folder: str
    name: str
    rule: str
    identity: Identity

    @property
    def target(self) -> str:
        """Where the file goes, relative to the organised folder."""
        return f"{self.folder}/{self.name}"


@dataclass(frozen=True, slots=True)
class Left:
    """A file that should have been moved and was not, which the user is told."""

    source: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that stays because the same content is already there, as the rules ask."""

    source: str
    same_as: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would happen to one folder."""

    folder: str
    moves: tuple[Move, ...]
    left: tuple[Left, ...]
    skipped: tuple[Skipped, ...]
    new_folders: tuple[str, ...]
    unmatched: int


def make_plan(folder: Place, book: RuleBook) -> Plan:
    """Look at the folder and decide. Changes nothing."""
    planner = _Planner(folder, book)
    for file in scan(folder):
        planner.consider(file)
    return planner.plan()


class _Planner:
    """Takes files one by one and remembers which names they will need."""

    def __init__(self, folder: Place, book: RuleBook) -> None:
        self._folder = folder
        self._book = book
        self._matcher = Matcher(book, now=time.time())
        self._destinations = Destinations(folder)
        self._moves: list[Move] = []
        self._left: list[Left] = []
        self._skipped: list[Skipped] = []
        self._unmatched = 0

    def consider(self, file: File) -> None:
        """Decide about one file."""
        hidden = is_hidden(file.name)
        if hidden and self._book.hidden == "ignore":
            self._unmatched += 1
            return
        candidate = Candidate(file, self._folder)
        try:
            rule = self._matcher.first_match(candidate)
        except OSError as error:
            self._left.append(Left(file.name, Reason.UNREADABLE, f"{error.strerror}"))
            return
        if rule is None:
            self._unmatched += 1
        elif hidden and self._book.hidden == "report":
            detail = f"hidden files stay; rule '{rule.name}' would match"
            self._left.append(Left(file.name, Reason.HIDDEN, detail))
        else:
            self._send(file, rule.name, rule.target(candidate))

    def _send(self, file: File, rule: str, folder: str) -> None:
        """Plan a move into the folder, under a name that is free there."""
        try:
            taken = self._destinations.taken_in(folder)
        except BlockedError as error:
            self._left.append(Left(file.name, Reason.BLOCKED_TARGET, f"{folder}: {error}"))
            return
        for name in names_to_try(file.name):
            key = comparison_key(name)
            occupant = taken.get(key)
            if occupant is None:
                taken[key] = file.name
                self._moves.append(Move(file.name, folder, name, rule, file.identity))
                return
            if self._book.identical == "skip" and self._destinations.same_content(file, occupant):
                self._skipped.append(Skipped(file.name, occupant))
                return

    def plan(self) -> Plan:
        """The finished plan. Moves are grouped by folder, so each folder is opened once."""
        self._moves.sort(key=attrgetter("folder"))
        return Plan(
            folder=self._folder.path,
            moves=tuple(self._moves),
            left=tuple(self._left),
            skipped=tuple(self._skipped),
            new_folders=tuple(self._destinations.new_folders),
            unmatched=self._unmatched,
        )
