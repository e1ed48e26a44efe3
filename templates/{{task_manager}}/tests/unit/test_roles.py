"""Roles: what each may do, and which it gives to others."""

from itertools import pairwise

import pytest

from app.projects.roles import Right, Role, givers, gives, least, may

VIEWER, MEMBER, MAINTAINER, OWNER = Role


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (VIEWER, {Right.READ}),
        (MEMBER, {Right.READ, Right.WORK}),
        (MAINTAINER, {Right.READ, Right.WORK, Right.MANAGE}),
        (OWNER, {Right.READ, Right.WORK, Right.MANAGE, Right.OWN}),
    ],
)
def test_each_role_has_its_rights(role: Role, rights: set[Right]) -> None:
    assert {right for right in Right if may(role, right)} == rights


def test_each_role_may_do_what_the_one_before_may_and_more() -> None:
    allowed = [{right for right in Right if may(role, right)} for role in Role]
    assert all(less < more for less, more in pairwise(allowed))


@pytest.mark.parametrize(
    ("giver", "given"),
    [
        (VIEWER, set()),
        (MEMBER, set()),
        (MAINTAINER, {VIEWER, MEMBER}),
        (OWNER, {VIEWER, MEMBER, MAINTAINER, OWNER}),
    ],
)
def test_a_role_is_given_by_those_above_it(giver: Role, given: set[Role]) -> None:
    assert {role for role in Role if gives(giver, role)} == given


def test_who_changes_a_role_gives_the_new_one_and_takes_the_old_one() -> None:
    decided = {
        (before, after) for before in Role for after in Role if gives(MAINTAINER, before, after)
    }
    assert decided == {(VIEWER, VIEWER), (VIEWER, MEMBER), (MEMBER, VIEWER), (MEMBER, MEMBER)}


def test_whom_to_ask_for_roles_is_told_from_the_most_to_the_least() -> None:
    assert {role: givers(role) for role in Role} == {
        VIEWER: "an owner or a maintainer",
        MEMBER: "an owner or a maintainer",
        MAINTAINER: "an owner",
        OWNER: "an owner",
    }
    assert givers(VIEWER, OWNER) == "an owner"


def test_the_least_role_for_a_right_is_the_lowest_that_has_it() -> None:
    assert {right: least(right) for right in Right} == {
        Right.READ: VIEWER,
        Right.WORK: MEMBER,
        Right.MANAGE: MAINTAINER,
        Right.OWN: OWNER,
    }
