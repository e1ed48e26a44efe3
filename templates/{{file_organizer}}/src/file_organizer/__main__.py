"""`python -m file_organizer` is the same program as `organize`."""

import sys

from file_organizer.cli import main

sys.exit(main())
