"""What somebody should look at: they were mentioned, or given a task."""
