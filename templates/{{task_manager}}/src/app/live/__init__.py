"""What happens in a project, told as it happens: see docs/decisions/0404-live.md."""
