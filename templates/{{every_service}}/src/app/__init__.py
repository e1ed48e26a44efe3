"""The application: `python -m app --help` lists what it can do."""
