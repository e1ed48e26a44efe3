"""Hosts, as they are written."""

import pytest

from app.core.hosts import in_brackets


@pytest.mark.parametrize(
    ("host", "written"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::", "[::]")]
)
def test_a_host_is_written_as_it_stands_before_a_port(host: str, written: str) -> None:
    assert in_brackets(host) == written
