"""A demo to look at: people who write, follow each other, comment and favourite.

It is the same each time, so that a screenshot, a bug report or a benchmark can speak of it.
"""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.articles.models import Article, ArticleTag, Favorite
from app.articles.slugs import slug_for
from app.comments.models import Comment
from app.core.models import now
from app.profiles.models import Follow
from app.users.models import User

EMAIL = "demo@example.com"
PASSWORD = "demo-password"  # noqa: S105 - it is public, and refused in production

NAMES = ("demo", "ada", "grace", "linus", "margaret", "edsger", "barbara", "donald")
FORMS = (
    "What {} taught me",
    "{} in production",
    "A short introduction to {}",
    "Why we moved to {}",
    "Why we moved away from {}",
    "{}, one year on",
    "Testing {}",
    "Five mistakes with {}",
)
TOPICS = {
    "PostgreSQL": ("databases", "sql"),
    "SQLite": ("databases", "sql"),
    "asyncio": ("python", "concurrency"),
    "type hints": ("python", "tooling"),
    "feature flags": ("delivery", "teamwork"),
    "code review": ("teamwork", "quality"),
    "containers": ("operations", "delivery"),
    "structured logs": ("operations", "quality"),
}
SENTENCES = (
    "It began as a small change and ended as a long weekend.",
    "The first version worked, which was the problem: nobody looked at it again.",
    "We measured before we changed anything, and were wrong about nearly all of it.",
    "The documentation said so on its second page, as it turned out.",
    "A test would have found it in a second.",
    "What helped most was to write down what we expected to see.",
    "In the end the simplest thing was also the fastest.",
    "I would do it again, but not in the same order.",
)
REMARKS = (
    "Thank you, that is exactly what I was looking for.",
    "We had the same trouble. How long did it take you to find the cause?",
    "I am not convinced. What about the day when both are down?",
    "Nicely told.",
)


async def is_there(session: AsyncSession) -> bool:
    """Whether the database has the demo already."""
    return await session.scalar(select(User.id).where(User.email == EMAIL)) is not None


async def fill(session: AsyncSession, *, users: int, articles: int) -> AsyncIterator[int]:
    """Write the demo, and give a sign of life after each article.

    Args:
        session: Where to write; committing is the caller's.
        users: How many users there are to be.
        articles: How many articles there are to be.
    """
    chance = random.Random(20)  # noqa: S311 - it is a demo
    people = _people(users)
    session.add_all(people)
    await session.flush()
    for follower, followed in product(people, repeat=2):
        if follower is not followed and chance.random() < min(0.5, 10 / users):
            session.add(Follow(follower_id=follower.id, followed_id=followed.id))
    session.add(_draft(people[0]))
    begun = now()
    for number in range(articles):
        title, tags = _subject(number)
        moment = begun - timedelta(hours=6 * (articles - number))
        article = Article(
            slug=slug_for(title),
            title=title,
            description=chance.choice(SENTENCES),
            body="\n\n".join(" ".join(chance.sample(SENTENCES, 5)) for _ in range(4)),
            author_id=chance.choice(people).id,
            created_at=moment,
            updated_at=moment,
            draft=False,
            published_at=moment,
            tags=[ArticleTag(name=name) for name in tags],
        )
        session.add(article)
        await session.flush()
        readers = chance.sample(people, min(len(people), 5))
        for reader in readers[: chance.randrange(len(readers) + 1)]:
            session.add(Favorite(user_id=reader.id, article_id=article.id))
            said = moment + timedelta(hours=chance.randrange(1, 6))
            session.add(
                Comment(
                    article_id=article.id,
                    author_id=reader.id,
                    body=chance.choice(REMARKS),
                    created_at=said,
                    updated_at=said,
                )
            )
        yield number


def _people(count: int) -> list[User]:
    # Hashed once: it takes a while on purpose, and they all have the same.
    password_hash = PasswordHasher().hash(PASSWORD)
    names = [*NAMES, *(f"reader{number}" for number in range(len(NAMES), count))][:count]
    return [
        User(
            username=name,
            email=f"{name}@example.com",
            password_hash=password_hash,
            bio=f"I am {name}, and I write about what broke.",
            image="",
        )
        for name in names
    ]


def _draft(author: User) -> Article:
    title = "A draft that only its author sees"
    return Article(
        slug=slug_for(title),
        title=title,
        draft=True,
        description="Publish it with PUT and the status published.",
        body="Drafts are in your list with ?status=draft.",
        author_id=author.id,
    )


def _subject(number: int) -> tuple[str, tuple[str, ...]]:
    """The title and the tags of an article; no two have the same title."""
    subjects = list(product(FORMS, TOPICS.items()))
    form, (topic, tags) = subjects[number % len(subjects)]
    title = form.format(topic)
    title = title[0].upper() + title[1:]
    turn = number // len(subjects)
    return (f"{title}, part {turn + 1}" if turn else title), (*tags, "backend")
