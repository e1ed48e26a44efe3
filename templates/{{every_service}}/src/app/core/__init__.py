"""What the application is built on, and what knows nothing of its domain."""
