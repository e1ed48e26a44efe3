"""How fast is the blog API? `python -m benchmarks.blog_api --help`."""
