"""Users and sessions, projects and members, tasks, comments, the history, notifications, mails.

Revision: 0001
After: nothing
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.compiler import DDLCompiler

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CHANGES = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

SEARCH_ON_POSTGRESQL = (
    # As `english`, but no word is skipped for being frequent: SQLite skips none either.
    "CREATE TEXT SEARCH DICTIONARY every_english_word (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION every_english_word (COPY = english)",
    """
    ALTER TEXT SEARCH CONFIGURATION every_english_word
    ALTER MAPPING REPLACE english_stem WITH every_english_word
    """,
    """
    ALTER TABLE tasks ADD COLUMN fts_document tsvector NOT NULL GENERATED ALWAYS AS (
        to_tsvector('every_english_word', title)
        || to_tsvector('every_english_word', description)
    ) STORED
    """,
    "CREATE INDEX fts_tasks ON tasks USING gin (fts_document)",
)

# An index of its own beside the table, told of each change by triggers:
# https://www.sqlite.org/fts5.html#external_content_tables
SEARCH_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE fts_tasks USING fts5(
        title, description, content='tasks', content_rowid='id', tokenize='porter unicode61'
    )
    """,
    """
    CREATE TRIGGER fts_tasks_insert AFTER INSERT ON tasks BEGIN
        INSERT INTO fts_tasks(rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
    """
    CREATE TRIGGER fts_tasks_delete AFTER DELETE ON tasks BEGIN
        INSERT INTO fts_tasks(fts_tasks, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
    END
    """,
    """
    CREATE TRIGGER fts_tasks_update AFTER UPDATE OF title, description ON tasks BEGIN
        INSERT INTO fts_tasks(fts_tasks, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
        INSERT INTO fts_tasks(rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
)

# The history is only ever added to. On PostgreSQL whoever adds to it also tells all listeners, when
# they commit: see docs/decisions/0404-live.md.
HISTORY_ON_POSTGRESQL = (
    """
    CREATE FUNCTION activity_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the history is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER activity_is_kept BEFORE UPDATE OR DELETE ON activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_kept()
    """,
    """
    CREATE FUNCTION activity_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('activity', NEW.project_id::text);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER activity_is_told AFTER INSERT ON activity
    FOR EACH ROW EXECUTE FUNCTION activity_is_told()
    """,
)
# REPLACE deletes without telling those who watch for DELETE, so it is caught before that.
HISTORY_ON_SQLITE = tuple(
    f"""
    CREATE TRIGGER activity_{event.lower()} BEFORE {event} ON activity WHEN {condition} BEGIN
        SELECT RAISE(ABORT, 'the history is never changed or deleted');
    END
    """
    for event, condition in {
        "UPDATE": "true",
        "DELETE": "true",
        "INSERT": """EXISTS (
            SELECT * FROM activity WHERE project_id = new.project_id AND seq = new.seq
        )""",
    }.items()
)


@compiles(CreateColumn, "sqlite")
def _create_column(column: CreateColumn, compiler: DDLCompiler, **options: Any) -> str:
    """Name the key of a table whose numbers are not given out again, as all others are named."""
    text: str = compiler.visit_create_column(column, **options)  # type: ignore[no-untyped-call]
    name = column.element.table.primary_key.name
    return text.replace("PRIMARY KEY AUTO", f"CONSTRAINT {name} PRIMARY KEY AUTO")


def upgrade() -> None:
    """Apply."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    _make_people()
    _make_projects()
    _make_tasks()
    for statement in SEARCH_ON_POSTGRESQL if on_postgresql else SEARCH_ON_SQLITE:
        op.execute(statement)
    _make_history()
    for statement in HISTORY_ON_POSTGRESQL if on_postgresql else HISTORY_ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if not on_postgresql:
        op.execute("DROP TABLE fts_tasks")  # its triggers go with the table of tasks
    for table in (
        *("mails", "notifications", "activity", "comments", "task_labels", "tasks"),
        *("invitations", "members", "projects", "sessions", "users"),
    ):
        op.drop_table(table)
    if on_postgresql:
        for function in ("activity_is_told", "activity_is_kept"):
            op.execute(f"DROP FUNCTION {function}")
        op.execute("DROP TEXT SEARCH CONFIGURATION every_english_word")
        op.execute("DROP TEXT SEARCH DICTIONARY every_english_word")


def _make_people() -> None:
    op.create_table(
        "users",
        sa.Column("id", BIG, nullable=False),
        sa.Column("username", sa.String(50), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("token_version", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("refresh_id", BIG, nullable=False),
        sa.Column("previous_refresh_id", BIG, nullable=True),
        sa.Column("token_version", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])


def _make_projects() -> None:
    op.create_table(
        "projects",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(10), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_task", BIG, nullable=False),
        sa.Column("last_activity", BIG, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("key", name=op.f("uq_projects_key")),
    )
    op.create_table(
        "members",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'member', 'maintainer', 'owner')",
            name=op.f("ck_members_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_members_project_id_projects")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_members_user_id_users")),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_user_id"), "members", ["user_id"])
    op.create_table(
        "invitations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("invited_by_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'member', 'maintainer', 'owner')",
            name=op.f("ck_invitations_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_invitations_invited_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_invitations_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("project_id", "email", name=op.f("uq_invitations_project_id_email")),
    )
    op.create_index(op.f("ix_invitations_invited_by_id"), "invitations", ["invited_by_id"])


def _make_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column("parent_id", BIG, nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("rank", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('todo', 'in_progress', 'in_review', 'done')",
            name=op.f("ck_tasks_status_is_known"),
        ),
        sa.CheckConstraint("priority BETWEEN 0 AND 3", name=op.f("ck_tasks_priority_is_known")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_tasks_author_id_users")),
        sa.ForeignKeyConstraint(["parent_id"], ["tasks.id"], name=op.f("fk_tasks_parent_id_tasks")),
        sa.ForeignKeyConstraint(
            ["project_id", "assignee_id"],
            ["members.project_id", "members.user_id"],
            name=op.f("fk_tasks_project_id_assignee_id_members"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_tasks_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_tasks_project_id_number")),
    )
    op.create_index(op.f("ix_tasks_author_id"), "tasks", ["author_id"])
    op.create_index(op.f("ix_tasks_parent_id"), "tasks", ["parent_id"])
    op.create_index(op.f("ix_tasks_project_id_assignee_id"), "tasks", ["project_id", "assignee_id"])
    op.create_index(
        op.f("ix_tasks_project_id_status_rank_number"),
        "tasks",
        ["project_id", "status", "rank", "number"],
    )
    op.create_index(
        op.f("ix_tasks_project_id_updated_at_number"),
        "tasks",
        ["project_id", "updated_at", "number"],
    )
    op.create_table(
        "task_labels",
        sa.Column("task_id", BIG, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_task_labels_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "name", name=op.f("pk_task_labels")),
    )
    op.create_index(op.f("ix_task_labels_name"), "task_labels", ["name"])
    op.create_table(
        "comments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("task_id", BIG, nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_comments_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_comments_task_id_tasks"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_comments_author_id"), "comments", ["author_id"])
    op.create_index(op.f("ix_comments_task_id_id"), "comments", ["task_id", "id"])


def _make_history() -> None:
    op.create_table(
        "activity",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("task_number", BIG, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("changes", CHANGES, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_activity_actor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_activity_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", "seq", name=op.f("pk_activity")),
        # Else REPLACE could name an entry by another number.
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_activity_actor_id"), "activity", ["actor_id"])
    op.create_index(
        op.f("ix_activity_project_id_task_number_seq"),
        "activity",
        ["project_id", "task_number", "seq"],
    )
    op.create_table(
        "notifications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("actor_id", BIG, nullable=False),
        sa.Column("task_id", BIG, nullable=False),
        sa.Column("comment_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "reason IN ('mentioned', 'assigned')", name=op.f("ck_notifications_reason_is_known")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_notifications_actor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comments.id"],
            name=op.f("fk_notifications_comment_id_comments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
            name=op.f("fk_notifications_task_id_tasks"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_notifications_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notifications_actor_id"), "notifications", ["actor_id"])
    op.create_index(op.f("ix_notifications_comment_id"), "notifications", ["comment_id"])
    op.create_index(op.f("ix_notifications_task_id"), "notifications", ["task_id"])
    op.create_index(op.f("ix_notifications_user_id_id"), "notifications", ["user_id", "id"])
    op.create_table(
        "mails",
        sa.Column("id", BIG, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("attempts", BIG, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.String(500), nullable=True),
        sa.CheckConstraint(
            "sent_at IS NULL OR next_attempt_at IS NULL", name=op.f("ck_mails_sent_is_done")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_next_attempt_at_id"), "mails", ["next_attempt_at", "id"])
