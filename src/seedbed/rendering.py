"""Rendering by Copier itself, once for each student.

This is the only module that knows Copier's inner parts. It lets one worker after another have the
same clone of the template and the same Jinja environment, compiles each template once, and leaves
out what concerns an existing repository's index only. What comes out is, byte for byte, what
`copier copy` and `copier recopy` write: tests compare them. Because of it pyproject.toml holds
Copier's version.
"""

import os
import re
import stat
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import jinja2
import yaml
from copier._main import Worker
from copier._settings import SettingsModel
from copier._template import Template as CopierTemplate
from copier._types import Phase
from copier.errors import CopierError, UnsafeTemplateError

from seedbed.model import SeedbedError
from seedbed.template import Template

_REFUSALS = (CopierError, jinja2.TemplateError, ValueError, yaml.YAMLError)
_SAID = re.compile(r"(Validation error|Invalid choice) for (question )?'(?P<question>\w+)': ")
"""What Copier says before the template's own words."""
ANSWERS_FILE = ".copier-answers.yml"


@dataclass(frozen=True, slots=True)
class File:
    """A rendered file.

    Attributes:
        mode: Its mode, as Git writes it: `100644`, `100755`, or `120000` for a symbolic link.
        content: What is in it; of a link, where it leads.
    """

    mode: str
    content: bytes


Tree = Mapping[str, File]
"""The files of a project, by their path."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a version of the template makes of answers.

    Attributes:
        files: The files.
        is_learners: Whether a path, once it exists, belongs to who has the project: an update
            leaves it alone. It is Copier's `_skip_if_exists`.
    """

    files: Tree
    is_learners: Callable[[str], bool]


class _Worker(Worker):
    """Copier's worker, which works out once what stays the same while it renders.

    Copier works these out for each part of each path: most of the time of a large template.
    """

    def _render_context(self) -> MutableMapping[str, Any]:
        if Phase.current() is not Phase.RENDER:
            return super()._render_context()
        known: MutableMapping[str, Any] | None = vars(self).get("_context")
        if known is None:
            known = vars(self)["_context"] = super()._render_context()
        return known

    @property
    def answers_relpath(self) -> Path:
        """The path of the answers file."""
        if Phase.current() is not Phase.RENDER:
            return super().answers_relpath
        known: Path | None = vars(self).get("_answers_relpath")
        if known is None:
            # Copier makes a context of its own for it, and changes it.
            with Phase.use(Phase.UNDEFINED):
                known = vars(self)["_answers_relpath"] = super().answers_relpath
        return known

    def _render_string(self, string: str, extra_context: dict[str, Any] | None = None) -> str:
        # Most parts of paths are plain names.
        marks = (
            self.jinja_env.variable_start_string,
            self.jinja_env.block_start_string,
            self.jinja_env.comment_start_string,
        )
        if "\n" not in string and not any(mark in string for mark in marks):
            return string
        return super()._render_string(string, extra_context)

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Nothing: a new folder has no index. Copier asks Git here, once for each file."""


@dataclass(frozen=True)
class Renderer:
    """One version of the template, ready to be rendered often.

    Attributes:
        template: Copier's own view of the template.
        environment: Copier's own Jinja environment.
    """

    template: CopierTemplate
    environment: jinja2.Environment

    @classmethod
    def of(cls, template: Template, version: str) -> Self:
        """Prepare a version of a template."""
        source = CopierTemplate(url=template.source, ref=version)
        # Filled before anybody asks, so Copier does not clone the template again.
        vars(source)["local_abspath"] = template.checkout(version)
        worker = Worker(src_path=template.source, settings=SettingsModel())
        vars(worker)["template"] = source
        environment = worker.jinja_env
        _compile_once(environment)
        return cls(source, environment)

    def render(self, folder_name: str, answers: Mapping[str, Any]) -> Rendering:
        """Render a new project, as `copier copy --defaults` does with `--data` for each answer.

        Args:
            folder_name: The name of the project's folder, which a template may use.
            answers: The answers.

        Raises:
            SeedbedError: The template refuses an answer, or wants to run something.
        """
        return self._render(folder_name, None, dict(answers))

    def render_again(
        self, folder_name: str, answers_file: bytes, new: Mapping[str, Any]
    ) -> Rendering:
        """Render a project anew, as `copier recopy --defaults` does.

        Args:
            folder_name: The name of the project's folder.
            answers_file: The project's answers file.
            new: Answers to questions that the answers file does not know yet.

        Raises:
            SeedbedError: The template refuses an answer, or wants to run something.
        """
        return self._render(folder_name, answers_file, dict(new))

    @property
    def names(self) -> frozenset[str]:
        """The questions that may be answered."""
        questions = self.template.questions_data.items()
        return frozenset(name for name, question in questions if question.get("when") is not False)

    def refused(self, answers: Mapping[str, Any]) -> Mapping[str, str]:
        """Find the answers that the template refuses.

        Args:
            answers: The answers; cells of a spreadsheet are read as Copier reads `--data`.

        Returns:
            For each question whose answer is refused, the template's own words.
        """
        left, refused = dict(answers), {}
        while error := self._error(left):
            name = self._culprit(left, error)
            refused[name] = _SAID.sub("", error)
            del left[name]
        return refused

    def _culprit(self, answers: Mapping[str, Any], error: str) -> str:
        """The question whose answer Copier refuses."""
        if (said := _SAID.match(error)) and said["question"] in answers:
            return said["question"]
        # Copier names no question when an answer is of a wrong type. It is the one that it came to
        # first, so the one without which it says something else.
        for name in answers:
            if self._error(_without(answers, name)) != error:
                return name
        raise SeedbedError(f"The template refuses its own answers: {error}")

    def _error(self, answers: Mapping[str, Any]) -> str:
        """What Copier says against answers; nothing if they are fine."""
        with TemporaryDirectory(prefix="seedbed-") as parent:
            worker = self._worker(Path(parent, "project"), dict(answers))
            try:
                with Phase.use(Phase.PROMPT):
                    worker._ask()  # noqa: SLF001 - the only way to ask without rendering
            except _REFUSALS as error:
                return str(error) or type(error).__name__
        return ""

    def _render(
        self, folder_name: str, answers_file: bytes | None, data: dict[str, Any]
    ) -> Rendering:
        with TemporaryDirectory(prefix="seedbed-") as parent:
            folder = Path(parent) / folder_name
            if answers_file is not None:
                folder.mkdir()
                (folder / ANSWERS_FILE).write_bytes(answers_file)
            worker = self._worker(folder, data)
            try:
                worker.run_copy()
            except UnsafeTemplateError as error:
                raise SeedbedError(
                    f"The template wants to run commands here, and seedbed does not let it: {error}"
                ) from error
            except _REFUSALS as error:
                raise SeedbedError(f"The template cannot be rendered: {error}") from error
            matches = worker.match_skip
            return Rendering(_read(folder), lambda path: matches(Path(path)))

    def _worker(self, folder: Path, data: dict[str, Any]) -> _Worker:
        worker = _Worker(
            src_path=self.template.url,
            dst_path=folder,
            vcs_ref=self.template.ref,
            data=data,
            settings=SettingsModel(),
            defaults=True,
            overwrite=True,
            quiet=True,
        )
        vars(worker).update(template=self.template, jinja_env=self.environment)
        return worker


def _without(answers: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {each: value for each, value in answers.items() if each != name}


def _read(folder: Path) -> Tree:
    """Read all files of a folder."""
    tree = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            tree[path.relative_to(folder).as_posix()] = _file(path)
        # Folders that are links are among the folders, and nobody walks into them.
    return dict(sorted(tree.items()))


def _file(path: Path) -> File:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return File("120000", os.fsencode(path.readlink()))
    return File("100755" if mode & stat.S_IXUSR else "100644", path.read_bytes())


def _compile_once(environment: jinja2.Environment) -> None:
    """Let an environment keep the templates that it makes of strings."""
    compile_string = environment.from_string

    @cache
    def compiled(source: str) -> jinja2.Template:
        return compile_string(source)

    def from_string(source: Any) -> jinja2.Template:
        # A tag of Copier's sets a mark when it is rendered, and compiling takes the mark away.
        if not isinstance(source, str) or "yield" in source:
            return compile_string(source)
        environment.preprocess("")
        return compiled(source)

    vars(environment)["from_string"] = from_string
