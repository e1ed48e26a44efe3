"""How fast is the commerce backend? `python -m benchmarks.commerce_backend --help`."""
