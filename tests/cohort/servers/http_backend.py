"""Git over HTTP as a host serves it: the real `git http-backend`, with a password, on loopback."""

import base64
import io
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, BinaryIO
from urllib.parse import unquote, urlsplit

from tests.cohort.servers.counted import Counted
from tests.cohort.servers.limits import limited

REALM = 'Basic realm="Repositories of the cohort"'
BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was answered.

    Attributes:
        method: `GET` or `POST`.
        path: The path and the query.
        status: What was answered.
        user: Who asked; `None` if no credentials, or wrong ones, came along.
    """

    method: str
    path: str
    status: int
    user: str | None


@dataclass(slots=True)
class HttpFault(Counted):
    """What the server does wrong with some requests.

    Attributes:
        status: What it answers instead; `None` if it is to answer as ever, once released.
        text: The body, which Git shows of some answers if it is plain text.
        headers: Further headers, such as `Retry-After`.
        repository: Only requests for this repository; its path below the root, without `.git`.
        service: Only requests for this service, such as `git-receive-pack`.
        method: Only requests by this method.
        lose_answer: Do what is asked, if `status` is `None`, and hang up instead of answering.
        hold: Keeps each of these requests waiting until it is set.
        reached: Is set as soon as one of these requests has come.
    """

    status: int | None
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    repository: str | None = None
    service: str | None = None
    method: str | None = None
    lose_answer: bool = False
    hold: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)

    def concerns(self, method: str, path: str) -> bool:
        """Whether the fault is about a request, which is then counted."""
        if self.method not in {None, method}:
            return False
        if self.repository and not unquote(path).startswith(f"/{self.repository}.git/"):
            return False
        if self.service and self.service not in path:
            return False
        return self.happens()


@dataclass(slots=True)
class HttpBackend:
    """A server that runs.

    Attributes:
        root: The folder that its repositories are below.
        user: Who may read and write.
        password: The password; no request without it gets anything.
        port: Where it listens, on 127.0.0.1.
        requests: What was asked of it so far.
        faults: What it does wrong.
        largest_file: How many bytes a file may have that a push writes; `None` if any number.
    """

    root: Path
    user: str
    password: str
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    faults: list[HttpFault] = field(default_factory=list)
    largest_file: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where the root is; it has no credentials in it."""
        return f"http://127.0.0.1:{self.port}"

    def fault(self, fault: HttpFault) -> HttpFault:
        """Do something wrong from now on."""
        with self.lock:
            self.faults.append(fault)
        return fault

    def mend(self) -> None:
        """Do nothing wrong any more, and let go what is held."""
        with self.lock:
            faults, self.faults[:] = list(self.faults), []
        for fault in faults:
            if fault.hold:
                fault.hold.set()

    def fault_of(self, method: str, path: str) -> HttpFault | None:
        """The fault that a request meets, if any."""
        with self.lock:
            return next((each for each in self.faults if each.concerns(method, path)), None)


@contextmanager
def http_backend(
    root: Path, *, user: str = "instructor", password: str = "open sesame: #1"
) -> Iterator[HttpBackend]:
    """Serve the bare repositories below a folder for as long as the block lasts.

    Args:
        root: The folder.
        user: Who may read and write.
        password: The password. It has signs that a URL would not bear, as good ones do.
    """
    backend = HttpBackend(root, user, password)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.backend = backend
        backend.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield backend
        finally:
            backend.mend()
            server.shutdown()
            thread.join()


def credential_store(folder: Path, backend: HttpBackend, *, password: str = "") -> dict[str, str]:
    """Give Git credentials as a person has them: kept by a helper, never in a URL.

    Args:
        folder: Where to write settings of Git and the helper's file. What Git is set to now stays.
        backend: The server that they are for.
        password: A password other than the right one.

    Returns:
        The environment to run Git in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    store, settings = folder / "credentials", folder / "gitconfig-with-credentials"
    _git(settings, "include.path", os.environ["GIT_CONFIG_GLOBAL"])
    _git(settings, "credential.helper", f"store --file='{store}'")
    known = (
        f"url={backend.url}\nusername={backend.user}\npassword={password or backend.password}\n\n"
    )
    environment = {"GIT_CONFIG_GLOBAL": str(settings)}
    subprocess.run(
        ["git", "credential", "approve"],
        input=known,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return environment


def _git(settings: Path, name: str, value: str) -> None:
    subprocess.run(["git", "config", f"--file={settings}", name, value], check=True)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # The whole cohort may come at once.
    request_queue_size = 128
    backend: HttpBackend


class _Handler(BaseHTTPRequestHandler):
    # Git keeps its connections, as it does with any host.
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Requests are in a list, not on the terminal."""

    def handle(self) -> None:
        """Serve a connection; one that breaks is what some tests are about."""
        with suppress(ConnectionError):
            super().handle()

    def _answer(self) -> None:
        backend = self.server.backend
        fault = backend.fault_of(self.command, self.path)
        if fault:
            fault.reached.set()
            if fault.hold:
                fault.hold.wait()
            if fault.status is not None:
                self._refuse(fault.status, fault.text, fault.headers)
                return
        if self._user() is None:
            self._refuse(HTTPStatus.UNAUTHORIZED, "", {"WWW-Authenticate": REALM})
            return
        self._run_backend(lose_answer=fault is not None and fault.lose_answer)

    def _user(self) -> str | None:
        """Who asks, if the password is right."""
        backend = self.server.backend
        right = base64.b64encode(f"{backend.user}:{backend.password}".encode()).decode()
        return backend.user if self.headers["Authorization"] == f"Basic {right}" else None

    def _refuse(self, status: int, text: str, headers: Mapping[str, str]) -> None:
        for _ in self._body():  # A connection is no use with half a request in it.
            pass
        body = text.encode()
        self._begin(status, {"Content-Type": "text/plain", **headers}, len(body))
        self.wfile.write(body)

    def _begin(self, status: int, headers: Mapping[str, str], length: int) -> None:
        # Before the answer, so that whoever has that finds the request in the list.
        request = Request(self.command, self.path, status, self._user())
        self.server.backend.requests.append(request)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _body(self) -> Iterator[bytes]:
        """The request's body; it ends early where the connection does."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            yield from self._read(int(self.headers.get("Content-Length", 0)))
            return
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            yield from self._read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():  # Trailers.
            pass

    def _read(self, length: int) -> Iterator[bytes]:
        while length and (block := self.rfile.read(min(length, BLOCK))):
            length -= len(block)
            yield block

    def _run_backend(self, *, lose_answer: bool) -> None:
        backend = self.server.backend
        command = ["git", "http-backend"]
        if backend.largest_file is not None:
            command = limited(command, largest_file=backend.largest_file)
        with subprocess.Popen(
            command,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            # It may answer while it is still being asked.
            blocks: list[bytes] = []
            answering = threading.Thread(target=_read_all, args=(process.stdout, blocks))
            answering.start()
            try:
                self._feed(process.stdin)
            finally:
                with suppress(BrokenPipeError):
                    process.stdin.close()
                answering.join()
        if lose_answer:
            self.close_connection = True
        else:
            self._pass_on(io.BytesIO(b"".join(blocks)))

    def _feed(self, stdin: IO[bytes]) -> None:
        blocks = self._body()
        with suppress(BrokenPipeError):
            for block in blocks:
                stdin.write(block)
        with suppress(BrokenPipeError):
            stdin.close()
        for _ in blocks:  # What it did not want to read.
            pass

    def _environment(self) -> dict[str, str]:
        backend = self.server.backend
        path, _, query = self.path.partition("?")
        return {
            **os.environ,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(backend.root),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            # It reads to the end. Told a length, it waits for ever for what a cut line withholds.
            "CONTENT_LENGTH": "",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "PATH_INFO": unquote(urlsplit(path).path),
            "QUERY_STRING": query,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_USER": backend.user,
            "REQUEST_METHOD": self.command,
        }

    def _pass_on(self, answer: BinaryIO) -> None:
        """Pass on what the program answered, by the rules of CGI."""
        headers: dict[str, str] = {}
        while line := answer.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name] = value.strip()
        status = headers.pop("Status", "200 OK") if headers else "500"
        body = answer.read()
        self._begin(int(status.split()[0]), headers, len(body))
        self.wfile.write(body)


def _read_all(stdout: IO[bytes], blocks: list[bytes]) -> None:
    while block := stdout.read(BLOCK):
        blocks.append(block)
