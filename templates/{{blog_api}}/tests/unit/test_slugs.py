"""Slugs: addresses made from titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.models import TITLE_LENGTH
from app.articles.slugs import RESERVED, slug_for
from app.core.errors import FieldProblem, InvalidError

TITLES = st.text(st.characters(exclude_categories=["Cs"]), max_size=TITLE_LENGTH)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("How to train your dragon", "how-to-train-your-dragon"),
        ("  Hello,   World! ", "hello-world"),
        ("C++ & C#", "c-c"),
        ("Über Bücher", "uber-bucher"),
        ("Война и мир", "voina-i-mir"),
        ("\U0001f600 42", "42"),
        ("feed", "feed-article"),
        ("FEED!", "feed-article"),
        ("feeds", "feeds"),
    ],
)
def test_a_title_becomes_an_address_that_can_be_read(title: str, slug: str) -> None:
    assert slug_for(title) == slug


@pytest.mark.parametrize("title", ["\U0001f600", "?!", "---", "\u200b"])
def test_a_title_that_makes_no_address_is_refused(title: str) -> None:
    for draft in (False, True):
        with pytest.raises(InvalidError) as caught:
            slug_for(title, draft=draft)
        assert caught.value.errors == (
            FieldProblem("article.title", "needs a letter or digit, to make an address of"),
        )


def test_a_long_title_is_cut_between_words() -> None:
    assert slug_for("word " * 40) == "-".join(["word"] * 36)


def test_a_draft_has_another_address_each_time() -> None:
    slugs = {slug_for("Feed", draft=True) for _ in range(10)}
    assert len(slugs) == 10
    for slug in slugs:
        assert re.fullmatch(r"feed-[0-9a-f]{16}", slug)


@given(TITLES, st.booleans())
def test_whatever_the_title_an_address_needs_no_escaping_and_has_room(
    title: str, draft: bool
) -> None:
    try:
        slug = slug_for(title, draft=draft)
    except InvalidError:
        return
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= TITLE_LENGTH
    assert slug not in RESERVED
    if not draft:
        assert slug_for(slug) in {slug, f"{slug}-article"}
