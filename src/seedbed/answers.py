"""Each student's answers: the cohort's with the student's own, as the template would take them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from seedbed.cohort_file import CohortFile
from seedbed.filling import filled, placeholders
from seedbed.groups import Group
from seedbed.mistakes import Mistake
from seedbed.model import Cohort
from seedbed.roster import Roster
from seedbed.suggestions import did_you_mean


class Questions(Protocol):
    """What a version of the template asks."""

    @property
    def names(self) -> frozenset[str]:
        """The questions that may be answered."""

    def refused(self, answers: Mapping[str, Any]) -> Mapping[str, str]:
        """What the template says against answers.

        Args:
            answers: The answers; a text is taken as Copier takes one from `--data`.

        Returns:
            The template's message by question, all that it refuses at once.
        """


class Answering:
    """Fills in each group's answers, and finds the mistakes that are in them."""

    def __init__(
        self, read: CohortFile, cohort: Cohort, roster: Roster, questions: Questions
    ) -> None:
        self._read = read
        self._asked = cohort.answers
        self._roster = roster
        self._questions = questions
        self._known = questions.names
        self._common = {name: each for name, each in cohort.answers.items() if name in self._known}
        self._needed_by = {name: placeholders_in(each) for name, each in self._common.items()}
        to = cohort.repositories
        self._address_needs = placeholders_in(to) if isinstance(to, str) else frozenset()

    def unknown(self) -> Iterator[Mistake]:
        """Answers of the cohort to questions that the template does not ask."""
        for name in self._asked:
            if name not in self._known:
                message = f"The template asks no such question. {did_you_mean(name, self._known)}"
                yield self._read.mistake(("answers", name), message)

    def answers(self, group: Group) -> tuple[Mapping[str, Any], Sequence[Mistake]]:
        """A group's answers, and what is wrong with them."""
        own = {name: text for name, text in group.own.items() if name in self._known}
        common = {
            name: _filled(answer, group.about)
            for name, answer in self._common.items()
            if self._needed_by[name] <= group.about.keys()
        }
        answers = {**common, **own}
        mistakes = list(self._without_github(group, own))
        refused = self._questions.refused(answers)
        # An answer of the cohort's may be refused because of the student's own ones only.
        refused_without_own = self._questions.refused(common) if refused and own else refused
        for name, message in refused.items():
            left_out = name in self._common and name not in answers
            if not left_out and name not in group.wrong:
                is_common = name in refused_without_own
                mistakes.append(self._refusal(group, name, message, is_common=is_common))
        return answers, mistakes

    def _without_github(self, group: Group, own: Mapping[str, str]) -> Iterator[Mistake]:
        """A mistake if a group has no GitHub user name, and something needs it."""
        if "github" in group.about or "github" in group.wrong:
            return
        needing = [
            f"answers.{name}"
            for name, needed in self._needed_by.items()
            if "github" in needed and name not in own
        ]
        if "github" in self._address_needs:
            needing.append("repositories.url")
        if needing:
            needed_by = " and ".join(needing)
            message = (
                f"is empty, and needed by {needed_by} in {self._read.file.name}. Fill it in, or "
                "take {github} out there."
            )
            yield group.mistake(self._roster.file, "github", message)

    def _refusal(self, group: Group, name: str, message: str, *, is_common: bool) -> Mistake:
        needed = sorted(self._needed_by.get(name, ()))
        if name in group.own:
            return group.mistake(self._roster.file, name, message)
        if needed:
            said = f"cannot be the answer to `{name}`: {message}"
            return group.mistake(self._roster.file, needed[0], said)
        if not is_common:
            said = f"With this student's own answers: {message}"
            return group.mistake(self._roster.file, name, said)
        return self._read.mistake(("answers", name), message)


def placeholders_in(answer: Any) -> frozenset[str]:
    """The placeholders in all texts of an answer."""
    match answer:
        case str():
            return placeholders(answer)
        case list():
            return frozenset().union(*map(placeholders_in, answer))
        case dict():
            return frozenset().union(*map(placeholders_in, answer.values()))
    return frozenset()


def _filled(answer: Any, about: Mapping[str, str]) -> Any:
    match answer:
        case str():
            return filled(answer, about)
        case list():
            return [_filled(each, about) for each in answer]
        case dict():
            return {name: _filled(each, about) for name, each in answer.items()}
    return answer
