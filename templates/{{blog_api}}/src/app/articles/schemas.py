"""What requests and responses about articles look like."""

from enum import StrEnum
from typing import Annotated

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
)

from app.articles.models import TAG_LENGTH, TITLE_LENGTH
from app.core.names import CamelCase, CamelCaseView
from app.core.pages import Page
from app.core.schemas import Changes, Timestamp
from app.core.text import NO_COMMA, NOT_BLANK, STORABLE
from app.profiles.schemas import Profile

MOST_TAGS = 20


class Status(StrEnum):
    """Whether an article is there for all to read, or for its author alone."""

    DRAFT = "draft"
    PUBLISHED = "published"


def _one_of_each(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TITLE_LENGTH), NOT_BLANK]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), NOT_BLANK]
# With more, PostgreSQL's index of its words could exceed the 1 MiB that it may have.
# Kept as it is: Markdown gives spaces at the start a meaning.
Body = Annotated[str, StringConstraints(max_length=100_000), NOT_BLANK]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TAG_LENGTH), NO_COMMA]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS), AfterValidator(_one_of_each)]
Wanted = Annotated[str, StringConstraints(max_length=200), STORABLE]
SlugPath = Annotated[
    str, Path(max_length=TITLE_LENGTH, description="The slug of an article."), STORABLE
]


class ArticleQuery(Page):
    """Which articles a list has. What is not said does not matter."""

    tag: Annotated[Wanted | None, Field(description="With this tag.")] = None
    author: Annotated[Wanted | None, Field(description="Written by this user.")] = None
    favorited: Annotated[Wanted | None, Field(description="Favourited by this user.")] = None
    q: Annotated[Wanted | None, Field(description="With all of these words, best first.")] = None
    status: Annotated[Status, Field(description="`draft` lists your own drafts.")] = (
        Status.PUBLISHED
    )


class NewArticle(CamelCase):
    """An article to be made."""

    title: Title
    description: Description
    body: Body
    tag_list: Tags = Field(default_factory=list)
    status: Status = Status.PUBLISHED


class ArticleChanges(CamelCase, Changes):
    """What changes in an article; what is left out stays."""

    title: Title | None = None
    description: Description | None = None
    body: Body | None = None
    tag_list: Tags | None = None
    status: Status | None = None


class NewArticleRequest(BaseModel):
    """The body of a new article."""

    article: NewArticle


class ArticleChangesRequest(BaseModel):
    """The body of a change to an article."""

    article: ArticleChanges


class ArticleSummary(CamelCaseView):
    """An article in a list: all but its body."""

    slug: str
    title: str
    description: str
    tag_list: list[str]
    created_at: Timestamp
    updated_at: Timestamp
    favorited: bool = Field(description="Whether the one who asks favourites it.")
    favorites_count: int
    author: Profile
    status: Status


class FullArticle(ArticleSummary):
    """An article."""

    body: str


class ArticleResponse(BaseModel):
    """One article."""

    article: FullArticle


class ArticlesResponse(CamelCaseView):
    """A part of a list of articles."""

    articles: list[ArticleSummary]
    articles_count: int = Field(description="How many there are in all, not in this part.")
