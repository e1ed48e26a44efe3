"""`python -m seedbed`."""

import sys

from seedbed.cli import main

# A worker process loads this file too, under another name.
if __name__ == "__main__":
    sys.exit(main())
