"""The commands that every service has: `python -m app help` lists them with Django's own."""
