"""Several processes serve streams, and end at once when they are told to."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import feed_server
from databases import visit
from feeds import happen, ids, prepare
from processes import SECONDS, Server, environment, free_port


@contextmanager
def serving(url: str) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(Path(feed_server.__file__))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(PORT=str(port), DATABASE_URL=url),
    )
    try:
        server = Server(process, port)
        for _ in range(2):
            server.wait_for("Application startup complete")
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate()


def listen(port: int, stack: ExitStack) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    stack.callback(connection.close)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert response.status == 200
    return response


def test_streams_of_all_processes_end_when_the_server_is_told_to(fresh_url: str) -> None:
    visit(fresh_url, prepare)
    with serving(fresh_url) as server, ExitStack() as stack:
        responses = [listen(server.port, stack) for _ in range(8)]
        starts = [response.read1() for response in responses]
        for _ in range(3):
            visit(fresh_url, happen)
        events = [b"".join(response.readline() for _ in range(12)) for response in responses]
        server.terminate()
        # To the end, which is said in so many words: else this would raise `IncompleteRead`.
        ends = [response.read() for response in responses]
        server.ended()
    assert [ids(start) for start in starts] == [[0]] * 8
    assert [ids(each) for each in events] == [[1, 2, 3]] * 8
    assert ends == [b""] * 8
    assert "Traceback" not in "".join(server.lines)
