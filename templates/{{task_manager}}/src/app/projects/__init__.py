"""Projects, their members and what these may do."""
