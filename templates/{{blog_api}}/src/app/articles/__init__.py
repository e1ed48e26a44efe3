"""Articles: writing, finding and favouriting them, and their tags."""
