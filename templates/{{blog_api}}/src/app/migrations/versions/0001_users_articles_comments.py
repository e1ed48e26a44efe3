"""Users, follows, articles with tags and favourites, comments, full-text search.

Revision: 0001
After: nothing
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

SEARCH_ON_POSTGRESQL = (
    # As `english`, but no word is skipped for being frequent: SQLite skips none either.
    "CREATE TEXT SEARCH DICTIONARY every_english_word (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION every_english_word (COPY = english)",
    """
    ALTER TEXT SEARCH CONFIGURATION every_english_word
    ALTER MAPPING REPLACE english_stem WITH every_english_word
    """,
    """
    ALTER TABLE articles ADD COLUMN fts_document tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('every_english_word', title), 'A')
        || setweight(to_tsvector('every_english_word', description), 'B')
        || setweight(to_tsvector('every_english_word', body), 'D')
    ) STORED
    """,
    "CREATE INDEX fts_articles ON articles USING gin (fts_document)",
)

# An index of its own beside the table, told of each change by triggers:
# https://www.sqlite.org/fts5.html#external_content_tables
SEARCH_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE fts_articles USING fts5(
        title, description, body,
        content='articles', content_rowid='id', tokenize='porter unicode61'
    )
    """,
    "INSERT INTO fts_articles(fts_articles, rank) VALUES ('rank', 'bm25(10.0, 4.0, 1.0)')",
    """
    CREATE TRIGGER fts_articles_insert AFTER INSERT ON articles BEGIN
        INSERT INTO fts_articles(rowid, title, description, body)
        VALUES (new.id, new.title, new.description, new.body);
    END
    """,
    """
    CREATE TRIGGER fts_articles_delete AFTER DELETE ON articles BEGIN
        INSERT INTO fts_articles(fts_articles, rowid, title, description, body)
        VALUES ('delete', old.id, old.title, old.description, old.body);
    END
    """,
    """
    CREATE TRIGGER fts_articles_update AFTER UPDATE OF title, description, body ON articles BEGIN
        INSERT INTO fts_articles(fts_articles, rowid, title, description, body)
        VALUES ('delete', old.id, old.title, old.description, old.body);
        INSERT INTO fts_articles(rowid, title, description, body)
        VALUES (new.id, new.title, new.description, new.body);
    END
    """,
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "users",
        sa.Column("id", BIG, nullable=False),
        sa.Column("username", sa.String(50), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("token_version", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("role IN ('user', 'moderator')", name=op.f("ck_users_role_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "follows",
        sa.Column("follower_id", BIG, nullable=False),
        sa.Column("followed_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("follower_id <> followed_id", name=op.f("ck_follows_not_oneself")),
        sa.ForeignKeyConstraint(
            ["follower_id"],
            ["users.id"],
            name=op.f("fk_follows_follower_id_users"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["followed_id"],
            ["users.id"],
            name=op.f("fk_follows_followed_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("follower_id", "followed_id", name=op.f("pk_follows")),
    )
    op.create_index(op.f("ix_follows_followed_id"), "follows", ["followed_id"])
    op.create_table(
        "articles",
        sa.Column("id", BIG, nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "draft OR published_at IS NOT NULL", name=op.f("ck_articles_published_some_time")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_articles_author_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
    )
    op.create_index(
        op.f("ix_articles_draft_published_at_id"), "articles", ["draft", "published_at", "id"]
    )
    op.create_index(
        op.f("ix_articles_author_id_draft_published_at_id"),
        "articles",
        ["author_id", "draft", "published_at", "id"],
    )
    op.create_table(
        "article_tags",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_tags_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "name", name=op.f("pk_article_tags")),
    )
    op.create_index(op.f("ix_article_tags_name"), "article_tags", ["name"])
    op.create_table(
        "favorites",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_favorites_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_favorites_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "article_id", name=op.f("pk_favorites")),
    )
    op.create_index(op.f("ix_favorites_article_id"), "favorites", ["article_id"])
    op.create_table(
        "comments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_comments_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["users.id"],
            name=op.f("fk_comments_author_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_article_id_id"), "comments", ["article_id", "id"])
    op.create_index(op.f("ix_comments_author_id"), "comments", ["author_id"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in SEARCH_ON_POSTGRESQL if on_postgresql else SEARCH_ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if not on_postgresql:
        op.execute("DROP TABLE fts_articles")  # its triggers go with the table of articles
    for table in ("comments", "favorites", "article_tags", "articles", "follows", "users"):
        op.drop_table(table)
    if on_postgresql:
        op.execute("DROP TEXT SEARCH CONFIGURATION every_english_word")
        op.execute("DROP TEXT SEARCH DICTIONARY every_english_word")
