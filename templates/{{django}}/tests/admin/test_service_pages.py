"""What pages of the admin have in common: they go through services, and show what those refuse."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.test import Client
from support import Routes

from app.accounts.models import User
from app.accounts.sites import AdminSite
from app.core.admin import ReadOnlyAdmin, ReadOnlyInline, ServiceAdmin
from app.core.errors import ConflictError, FieldProblem

pytestmark = pytest.mark.django_db

PAGES = "/admin/auth/group/"


def greet(group: Group) -> None:
    """A service that does not do everything."""
    if group.name == "b":
        raise ConflictError("There is nobody in it.")


class GroupAdmin(ServiceAdmin):
    """Groups, by a service that refuses some."""

    actions = ("greet",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Refuse, after something was written."""
        super().save_model(request, obj, form, change)
        if obj.name == "refused":
            raise ConflictError("No.", errors=[FieldProblem("name", "It is refused.")])

    @admin.action(description="Greet")
    def greet(self, request: HttpRequest, queryset: Any) -> None:
        """Greet each."""
        self.each(request, queryset.order_by("name"), greet, "greeted")


def browser_with(settings: Any, model_admin: Any) -> Client:
    """The browser of a superuser, for a site where groups have these pages."""
    site = AdminSite()
    site.register(Group, model_admin)
    settings.ROOT_URLCONF = Routes(**{"admin/": site.urls})
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.com", "x"))
    return browser


@pytest.fixture
def browser(settings: Any) -> Client:
    """The browser of a superuser."""
    return browser_with(settings, GroupAdmin)


def test_what_a_service_refuses_is_shown_and_not_done(browser: Client) -> None:
    response = browser.post(f"{PAGES}add/", {"name": "refused"}, follow=True)
    assert response.status_code == 200
    assert "No. It is refused." in response.content.decode()
    assert not Group.objects.filter(name="refused").exists()


def test_what_it_does_is_done(browser: Client) -> None:
    assert browser.post(f"{PAGES}add/", {"name": "a"}).status_code == 302
    assert Group.objects.filter(name="a").exists()


def test_an_action_tells_of_each_that_was_refused(browser: Client) -> None:
    groups = [Group.objects.create(name=name) for name in "abc"]
    chosen = {"action": "greet", "_selected_action": [group.pk for group in groups]}
    page = browser.post(PAGES, chosen, follow=True).content.decode()
    assert "B: There is nobody in it." in page
    assert "2 greeted." in page


@pytest.mark.parametrize("chosen", ["abc", "1.5", "", str(2**63)])
@pytest.mark.parametrize("pages", [PAGES, "/admin/accounts/user/"])
def test_what_can_be_no_row_is_refused_by_actions(client: Client, pages: str, chosen: str) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    sent = {"action": "delete_selected", "_selected_action": [chosen], "post": "yes"}
    page = client.post(pages, sent, follow=True)
    assert page.status_code == 200
    assert "Something was chosen that is no row of this list." in page.content.decode()


class Look(ReadOnlyAdmin):
    """Groups, to look at."""


def test_what_is_read_only_can_be_seen_and_not_changed(settings: Any) -> None:
    browser = browser_with(settings, Look)
    group = Group.objects.create(name="a")
    page = f"{PAGES}{group.pk}/change/"
    assert [browser.get(path).status_code for path in (PAGES, page)] == [200, 200]
    for path, sent in (
        (f"{PAGES}add/", {"name": "b"}),
        (page, {"name": "b"}),
        (f"{PAGES}{group.pk}/delete/", {"post": "yes"}),
    ):
        assert browser.post(path, sent).status_code == 403
    assert Group.objects.filter(name="a").exists()
    assert not Group.objects.filter(name="b").exists()


class Members(ReadOnlyInline):
    """Who is in a group."""

    model = User.groups.through


class WithMembers(Look):
    """Groups, with who is in them."""

    inlines = (Members,)


def test_rows_that_belong_to_another_are_seen_with_it(settings: Any) -> None:
    browser = browser_with(settings, WithMembers)
    group = Group.objects.create(name="a")
    User.objects.get().groups.add(group)
    page = browser.get(f"{PAGES}{group.pk}/change/").content.decode()
    assert "root@example.com" in page
    assert 'name="User_groups-0-user"' not in page
