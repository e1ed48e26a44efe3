"""Exit codes that more than one place needs."""

INTERRUPTED = 130
"""What a shell reports for Ctrl-C: 128 and the signal's number."""
