"""Hosts, as they are written."""


def in_brackets(host: str) -> str:
    """Write a host as it stands before a port."""
    return f"[{host}]" if ":" in host else host
