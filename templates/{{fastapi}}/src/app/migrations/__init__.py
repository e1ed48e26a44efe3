"""Migrations. `uv run alembic revision --autogenerate -m "what changes"` writes the next one."""
