"""Commands: `python -m app help` lists them."""
