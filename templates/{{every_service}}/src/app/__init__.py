"""The application. `main.create_app` puts its parts together; `python -m app --help` runs it."""
