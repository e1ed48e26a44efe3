"""Where the students of a cohort are: as a table, as JSON, as CSV, and as a page."""
