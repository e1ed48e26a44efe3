"""What is said of the task manager's own fields, in bodies and in queries."""

PROJECT_KEY = "must be 2 to 10 capital letters and digits, a letter first, such as WEB"
TASK_KEY = "must be a key such as WEB-12"
DAY = "must be a day such as 2026-12-31"
STATUS = "Input should be 'todo', 'in_progress', 'in_review' or 'done'"
PRIORITY = "Input should be 'low', 'normal', 'high' or 'urgent'"
UNKNOWN = "is not known here"
TOO_GREAT = "Input should be less than or equal to 9223372036854775807"
