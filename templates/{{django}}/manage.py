"""What `python -m app` runs too, under the name that Django's documentation has for it."""

from app.__main__ import main

if __name__ == "__main__":
    main()
