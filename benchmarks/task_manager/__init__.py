"""How fast is the task manager? `python -m benchmarks.task_manager --help`."""
