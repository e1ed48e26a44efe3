"""Sort the files of a folder by rules: plan, show, move, and take it back."""
