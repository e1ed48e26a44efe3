"""Rights in the admin: nobody can give what they do not have, nor become somebody who has it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from support import member

from app.accounts.models import User

pytestmark = pytest.mark.django_db

USERS, GROUPS = "/admin/accounts/user/", "/admin/auth/group/"


def permission(name: str) -> Permission:
    app, _, codename = name.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def group(name: str, *permissions: str) -> Group:
    made = Group.objects.create(name=name)
    made.permissions.set(map(permission, permissions))
    return made


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def manager() -> User:
    """Somebody on the staff who may look after accounts, and nothing else."""
    user = member("manager@example.com", is_staff=True)
    user.groups.add(
        group(
            "managers",
            *("accounts.view_user", "accounts.add_user", "accounts.change_user"),
            *("accounts.delete_user", "auth.view_group", "auth.change_group"),
        )
    )
    return user


@pytest.fixture
def browser(manager: User) -> Client:
    """The browser of that person."""
    return browser_of(manager)


def page(user: User) -> str:
    return f"{USERS}{user.pk}/change/"


def form(user: User, **changed: Any) -> dict[str, Any]:
    """What the form of a user sends if nothing is changed, and what is."""
    flags = {name: "on" for name in ("is_active", "is_staff") if getattr(user, name)}
    sent = {
        "email": user.email,
        "name": user.name,
        **flags,
        "groups": [each.pk for each in user.groups.all()],
        "user_permissions": [each.pk for each in user.user_permissions.all()],
        **changed,
    }
    return {name: value for name, value in sent.items() if value is not None}


def is_refused(response: Any) -> bool:
    return bool(response.status_code == 403)


def test_a_manager_changes_ordinary_accounts(browser: Client) -> None:
    ada = member()
    assert browser.post(page(ada), form(ada, name="Ada L.", is_active=None)).status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.is_active) == ("Ada L.", False)


def test_a_manager_makes_accounts(browser: Client) -> None:
    password = "correct horse battery"
    sent = {"email": "New@Example.com", "usable_password": "true"}
    response = browser.post(f"{USERS}add/", {**sent, "password1": password, "password2": password})
    assert response.status_code == 302
    user = User.objects.get(email="new@example.com")
    assert user.check_password(password)
    assert not user.is_staff


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@example.com"])
def test_an_address_that_is_taken_is_refused_in_the_form(browser: Client, email: str) -> None:
    member()
    sent = {"email": email, "usable_password": "false"}
    response = browser.post(f"{USERS}add/", sent)
    assert "There is an account with this e-mail address already." in response.content.decode()
    assert User.objects.count() == 2


def test_nobody_can_make_themselves_or_others_superusers(browser: Client, manager: User) -> None:
    for user in (manager, member()):
        response = browser.post(page(user), form(user, is_superuser="on"))
        assert response.status_code == 302
    assert not User.objects.filter(is_superuser=True).exists()


def test_nobody_can_give_groups_or_permissions_that_they_do_not_have(
    browser: Client, manager: User
) -> None:
    beyond = group("beyond", "accounts.view_user", "auth.delete_group")
    right = permission("auth.delete_group")
    for user in (manager, member()):
        for changed in ({"groups": [beyond.pk]}, {"user_permissions": [right.pk]}):
            response = browser.post(page(user), form(user, **changed))
            assert response.status_code == 200
            assert "not one of the available choices" in response.content.decode()
    assert not User.objects.filter(groups=beyond).exists()
    assert not User.objects.filter(user_permissions=right).exists()


def test_groups_and_permissions_that_one_has_can_be_given(browser: Client) -> None:
    within, right = group("within", "accounts.view_user"), permission("accounts.view_user")
    ada = member()
    changed = {"groups": [within.pk], "user_permissions": [right.pk], "is_staff": "on"}
    assert browser.post(page(ada), form(ada, **changed)).status_code == 302
    assert set(ada.groups.all()) == {within}
    assert set(ada.user_permissions.all()) == {right}


POWERFUL = ["superuser", "inactive superuser", "group", "permission", "inactive group"]


def powerful(kind: str) -> User:
    """Somebody who may do what a manager may not, or could if they were active again."""
    user = member(
        "powerful@example.com",
        is_staff=True,
        is_superuser="superuser" in kind,
        is_active="inactive" not in kind,
    )
    if "group" in kind:
        user.groups.add(group("powerful", "auth.delete_group"))
    if kind == "permission":
        user.user_permissions.add(permission("auth.delete_group"))
    return user


@pytest.mark.parametrize("kind", POWERFUL)
def test_whoever_has_more_rights_is_out_of_reach(browser: Client, kind: str) -> None:
    user = powerful(kind)
    before = User.objects.filter(pk=user.pk).values().get()
    password = {"password1": "correct horse x", "password2": "correct horse x"}
    assert is_refused(browser.post(page(user), form(user, email="mine@example.com")))
    assert is_refused(browser.post(f"{USERS}{user.pk}/password/", password))
    assert is_refused(browser.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}))
    browser.post(USERS, {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"})
    assert User.objects.filter(pk=user.pk).values().get() == before


def test_others_can_be_given_a_password_and_be_deleted(browser: Client) -> None:
    ada = member()
    password = {"password1": "correct horse x", "password2": "correct horse x"}
    url = f"{USERS}{ada.pk}/password/"
    assert browser.post(url, {**password, "usable_password": "true"}).status_code == 302
    ada.refresh_from_db()
    assert ada.check_password("correct horse x")
    assert browser.post(f"{USERS}{ada.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=ada.pk).exists()


def test_groups_are_for_superusers_alone(browser: Client, manager: User) -> None:
    managers = Group.objects.get(name="managers")
    url = f"{GROUPS}{managers.pk}/change/"
    rights = [each.pk for each in Permission.objects.all()]
    sent = {"name": "managers", "permissions": rights}
    assert is_refused(browser.post(url, sent))
    assert is_refused(browser.get(f"{GROUPS}add/"))
    assert is_refused(browser.post(f"{GROUPS}{managers.pk}/delete/", {"post": "yes"}))
    manager.is_superuser = True
    manager.save()
    assert browser_of(manager).post(url, sent).status_code == 302
    assert managers.permissions.count() == len(rights)


def test_a_superuser_may_do_all_of_it() -> None:
    root = User.objects.create_superuser("root@example.com", "x")
    browser, user = browser_of(root), powerful("group")
    assert browser.post(page(user), form(user, is_superuser="on")).status_code == 302
    user.refresh_from_db()
    assert user.is_superuser


@pytest.mark.parametrize("path", [USERS, f"{USERS}?q=ada", f"{USERS}add/", GROUPS, "/admin/"])
def test_pages_are_there(path: str) -> None:
    member()
    browser = browser_of(User.objects.create_superuser("root@example.com", "x"))
    assert browser.get(path).status_code == 200


def test_the_page_of_a_user_does_not_show_the_hash() -> None:
    ada = member()
    browser = browser_of(User.objects.create_superuser("root@example.com", "x"))
    assert ada.password.split("$")[-1] not in browser.get(page(ada)).content.decode()
