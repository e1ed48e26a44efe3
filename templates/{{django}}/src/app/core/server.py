"""The server: gunicorn, set up by our settings and not by files of its own."""

import gc
import logging
import socket
import struct
import sys
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger as GunicornLogger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from app.core.hosts import in_brackets
from app.core.settings import Settings

LONGEST_LINE = 8190
"""As long as gunicorn lets the first line of a request be: query strings are part of it."""


RECEIVE_SECONDS = 5
"""How long nothing may come in the middle of a request, for its sender occupies a thread."""


class Logger(GunicornLogger):  # type: ignore[misc]
    """Logs as everything else does. `RequestContext` writes the line for each request."""

    def setup(self, cfg: Config) -> None:
        """Leave it to the root logger what is written, and where."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.setLevel(logging.NOTSET)
        self.error_log.propagate = True

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Write an error with its traceback; that somebody sent half a request is none of ours."""
        if isinstance(sys.exception(), BlockingIOError):
            self.error_log.debug("a request did not come to its end")
        else:
            super().exception(msg, *args, **kwargs)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, which half a request does not hold for ever."""

    def enqueue_req(self, conn: Any) -> None:
        """Have a connection fail on which nothing comes, and give it to a thread."""
        seconds = struct.pack("ll", RECEIVE_SECONDS, 0)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
        super().enqueue_req(conn)


class Server(BaseApplication):  # type: ignore[misc]
    """Our application within gunicorn.

    Args:
        settings: Where to serve, by how many processes and threads, and whom to believe.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what the settings say."""
        for name, value in configuration(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application. It is made once, before there are workers."""
        from app.wsgi import application  # noqa: PLC0415 - it is made by being imported

        return application


def configuration(settings: Settings) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": f"{in_brackets(settings.host)}:{settings.port}",
        "worker_class": Worker,
        "workers": settings.web_concurrency,
        "threads": settings.web_threads,
        "graceful_timeout": settings.shutdown_seconds,
        # It says which proxies tell the truth about HTTPS; `clients.py` asks them for addresses.
        "forwarded_allow_ips": settings.forwarded_allow_ips,
        "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
        "forwarder_headers": "",
        "limit_request_line": LONGEST_LINE,
        "preload_app": True,
        "when_ready": _settle,
        "logger_class": Logger,
        "control_socket_disable": True,
        "proc_name": "app",
    }


def _settle(_arbiter: Any) -> None:
    """Get ready for being copied into workers.

    What has been imported and built stays to the end; the garbage collector need not look through
    all of it again and again, and memory that nobody writes to is shared by all workers.
    """
    connections.close_all()
    gc.collect()
    gc.freeze()
