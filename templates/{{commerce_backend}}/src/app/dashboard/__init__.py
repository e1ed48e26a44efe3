"""The shopkeeper's first page: what was sold, and what waits."""
