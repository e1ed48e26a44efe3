"""What a process needs for each student: the template, ready to be rendered, and the store."""

from dataclasses import dataclass, field

from seedbed.model import Cohort
from seedbed.rendering import Renderer
from seedbed.store import Store, store_of
from seedbed.template import Template, template_of


@dataclass(frozen=True)
class Tools:
    """What a process needs again for each student.

    Attributes:
        template: The template.
        store: The cohort's store.
    """

    template: Template
    store: Store
    _renderers: dict[str, Renderer] = field(default_factory=dict)

    def renderer(self, version: str) -> Renderer:
        """A version of the template, ready to be rendered."""
        if version not in self._renderers:
            self._renderers[version] = Renderer.of(self.template, version)
        return self._renderers[version]


def tools_of(cohort: Cohort) -> Tools:
    """The tools of a cohort; made once in a process."""
    if not _made or _made[0][0] != cohort:
        _made[:] = [(cohort, Tools(template_of(cohort), store_of(cohort)))]
    return _made[0][1]


_made: list[tuple[Cohort, Tools]] = []
