"""Users: registration, signing in, the current user."""
