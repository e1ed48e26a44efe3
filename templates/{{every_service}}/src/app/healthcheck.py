"""Asks the server in this container whether it is alive: the image's HEALTHCHECK.

It imports nothing of the application, so a check every few seconds costs next to nothing.
"""

import http.client
import os


def main() -> int:
    """Return 0 when the server answers that it is alive, else 1, as Docker expects it."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5
    )
    try:
        connection.request("GET", "/health/live")
        return 0 if connection.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    raise SystemExit(main())
