"""Accounts in the admin. Nobody can give rights there that they do not have themselves."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest

from app.accounts.models import User
from app.core.admin import CheckedActions


class NewUserForm(AdminUserCreationForm[User]):
    """An account to be made."""

    class Meta:
        model = User
        fields = ("email",)


class UserForm(UserChangeForm[User]):
    """An account."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(CheckedActions, DjangoUserAdmin[User]):
    """Users, with their roles."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("email", "name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            "Rights",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Let nobody but a superuser make superusers."""
        fields = super().get_readonly_fields(request, obj)
        return fields if _is_superuser(request) else (*fields, "is_superuser")

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **options: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        """Offer groups and permissions that one has oneself."""
        if not _is_superuser(request):
            if db_field.name == "groups":
                beyond = Permission.objects.exclude(pk__in=_own(request))
                options["queryset"] = Group.objects.exclude(permissions__in=beyond)
            elif db_field.name == "user_permissions":
                options["queryset"] = Permission.objects.filter(
                    pk__in=_own(request)
                ).select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **options)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever can give somebody another password can be them."""
        return super().has_change_permission(request, obj) and _may_be(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The same for deleting."""
        return super().has_delete_permission(request, obj) and _may_be(request, obj)


class GroupAdmin(CheckedActions, DjangoGroupAdmin):
    """Groups are roles, which code and migrations know; superusers alone may change them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether they may add one."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether they may change it."""
        del obj
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Whether they may delete it."""
        del obj
        return _is_superuser(request)


admin.site.unregister(Group)
admin.site.register(Group, GroupAdmin)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def _may_be(request: HttpRequest, other: User | None) -> bool:
    """Whether somebody has all the rights that another has, or would have while active."""
    if other is None or _is_superuser(request):
        return True
    beyond = _rights(other).exclude(pk__in=_own(request))
    return not other.is_superuser and not beyond.exists()


def _own(request: HttpRequest) -> QuerySet[Permission]:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return _rights(request.user)


def _rights(user: User) -> QuerySet[Permission]:
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()
