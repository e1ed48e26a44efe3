"""Roles of members, and what each may do. This is the only place that says so."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member is in a project, from the least to the most."""

    VIEWER = "viewer"
    MEMBER = "member"
    MAINTAINER = "maintainer"
    OWNER = "owner"

    @property
    def with_article(self) -> str:
        """The role as it stands in a sentence."""
        return f"an {self}" if self is Role.OWNER else f"a {self}"


class Right(StrEnum):
    """Something that not every member may do."""

    READ = "read"
    WORK = "work on tasks"
    MANAGE = "manage tasks and members"
    OWN = "decide about the project"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.MEMBER: frozenset({Right.READ, Right.WORK}),
    Role.MAINTAINER: frozenset({Right.READ, Right.WORK, Right.MANAGE}),
    Role.OWNER: frozenset(Right),
}

_GIVEN: Mapping[Role, frozenset[Role]] = {
    Role.VIEWER: frozenset(),
    Role.MEMBER: frozenset(),
    Role.MAINTAINER: frozenset({Role.VIEWER, Role.MEMBER}),
    Role.OWNER: frozenset(Role),
}


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return right in RIGHTS[role]


def gives(giver: Role, *roles: Role) -> bool:
    """Whether somebody with a role may give all of these to others, and take them away."""
    return _GIVEN[giver] >= set(roles)


def least(right: Right) -> Role:
    """The role that it takes at the least to have a right."""
    return next(role for role in Role if may(role, right))


def givers(*roles: Role) -> str:
    """Whom to ask for these roles, from the most to the least: `an owner or a maintainer`."""
    return " or ".join(each.with_article for each in reversed(Role) if gives(each, *roles))
