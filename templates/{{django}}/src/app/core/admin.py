"""What the admin's pages have in common: they go through services, and show what those refuse."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from app.core.errors import ApplicationError


class CheckedActions(admin.ModelAdmin[Any]):
    """Pages whose actions are told what can be no row at all, instead of failing."""

    def response_action(
        self, request: HttpRequest, queryset: Any, *args: Any, **options: Any
    ) -> HttpResponse | None:
        """Do what was asked for with the rows that were chosen."""
        key = self.opts.pk
        try:
            for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME):
                key.clean(chosen, None)
        except ValidationError:
            messages.error(request, "Something was chosen that is no row of this list.")
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **options)


class ServiceAdmin(CheckedActions):
    """Pages of a model that is changed by services only."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what a service refused on the page that it was asked from."""
        return _or_message(request, super().changeform_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same for what is done with those that were chosen in a list."""
        return _or_message(request, super().changelist_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same where something is deleted."""
        return _or_message(request, super().delete_view, *args, **kwargs)

    def each(
        self,
        request: HttpRequest,
        chosen: Iterable[models.Model],
        service: Callable[[Any], None],
        done: str,
    ) -> None:
        """Do something with each of the chosen rows, and say of each what kept it from that.

        Args:
            request: The request, which gets the messages.
            chosen: The rows.
            service: What is done with each.
            done: What has been done then, as in `3 shipped`.
        """
        count = 0
        for instance in chosen:
            try:
                service(instance)
            except ApplicationError as error:
                messages.error(request, f"{instance}: {error.message}")
            else:
                count += 1
        if count:
            messages.success(request, f"{count} {done}.")


class ReadOnlyAdmin(ServiceAdmin):
    """Pages of a model that nobody writes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        del request, obj
        return False


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows that belong to another, to look at. Who may see that one may see these."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        del request, obj
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever came so far."""
        del request, obj
        return True


def _or_message(
    request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except ApplicationError as error:
        sentences = [error.message, *(problem.message for problem in error.errors)]
        messages.error(request, " ".join(sentences))
        return HttpResponseRedirect(request.get_full_path())
