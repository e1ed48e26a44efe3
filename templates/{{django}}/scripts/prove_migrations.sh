#!/bin/sh
# Do migrations lead up, all the way down and up again, and make the tables that the models have?
# Usage: prove_migrations.sh URL, of a database that may lose everything that is in it.
set -eu

export DATABASE_URL="${1:?name the URL of a database that may lose everything that is in it}"
uv run python -m app migrate
uv run python -m app makemigrations --check
for folder in src/app/*/migrations; do
  uv run python -m app migrate "$(basename "$(dirname "$folder")")" zero
done
uv run python -m app migrate
