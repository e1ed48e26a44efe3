"""Violated constraints become answers, by name, on every database."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Lower

from app.core.conflicts import conflicts
from app.core.errors import ConflictError


@pytest.fixture(scope="module")
def book() -> Iterator[type[models.Model]]:
    """A model with all kinds of constraints. Migrations do not know it."""

    class Book(models.Model):
        isbn = models.CharField(max_length=20, primary_key=True)
        title = models.CharField(max_length=20, default="")
        shelf = models.CharField(max_length=20)
        place = models.IntegerField()

        class Meta:
            app_label = "core"
            constraints: ClassVar = [
                models.UniqueConstraint(fields=["shelf", "place"], name="place_is_free"),
                models.UniqueConstraint(Lower("title"), name="title_is_new"),
                models.CheckConstraint(condition=models.Q(place__gt=0), name="is_somewhere"),
            ]

    yield Book
    del apps.all_models["core"]["book"]
    apps.clear_cache()


Book = type[models.Model]
ERRORS = {
    "place_is_free": lambda: ConflictError("The place is taken."),
    "title_is_new": lambda: ConflictError("There is such a book."),
    "is_somewhere": lambda: ConflictError("It must be somewhere."),
}


@pytest.fixture(autouse=True)
def shelf(book: Book, transactional_db: None) -> Iterator[None]:
    """One book stands there."""
    del transactional_db
    with connection.schema_editor() as editor:
        editor.create_model(book)
    book._default_manager.create(isbn="1", title="One", shelf="a", place=1)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(book)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": "Two", "shelf": "a", "place": 1}, "The place is taken."),
        ({"title": "ONE", "shelf": "b", "place": 1}, "There is such a book."),
        ({"title": "Two", "shelf": "b", "place": 0}, "It must be somewhere."),
    ],
)
@pytest.mark.parametrize("within", [False, True], ids=["alone", "within another transaction"])
def test_a_known_constraint_is_answered_with_its_error(
    book: Book, values: dict[str, object], message: str, *, within: bool
) -> None:
    with transaction.atomic() if within else transaction.atomic(durable=True):
        with pytest.raises(ConflictError) as caught, conflicts(ERRORS):
            book._default_manager.create(isbn="2", **values)
        # What came before is still there, and more may come.
        assert book._default_manager.count() == 1
    assert caught.value.message == message
    assert isinstance(caught.value.__cause__, IntegrityError)


@pytest.mark.parametrize(
    "values",
    [{"isbn": "1", "shelf": "b", "place": 1}, {"isbn": "2", "shelf": None, "place": 1}],
    ids=["primary key", "not null"],
)
def test_any_other_constraint_is_a_fault(book: Book, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), conflicts(ERRORS):
        book(title="Two", **values).save(force_insert=True)


def test_what_does_not_collide_is_written(book: Book) -> None:
    with conflicts(ERRORS):
        book._default_manager.create(isbn="2", title="Two", shelf="a", place=2)
    assert book._default_manager.count() == 2


def test_an_error_within_the_block_undoes_what_it_wrote(book: Book) -> None:
    def write_and_fail() -> None:
        with conflicts(ERRORS):
            book._default_manager.create(isbn="2", title="Two", shelf="a", place=2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert book._default_manager.count() == 1
