"""Where a repository may be: which addresses Git is given, and which never.

An address that runs a command, that Git would take for an option, or that carries a secret is
refused before anything else looks at it. No message shows an address: it may hold a secret.
"""

import re
from urllib.parse import urlsplit

from seedbed.filling import placeholders
from seedbed.visible import is_plain

EXAMPLE = "git@host:org/{slug}.git"
_SCHEMES = ("ssh", "https", "http", "file")
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>.*)", re.IGNORECASE
)
_SCP = re.compile(
    r"(?P<user>[\w.+-]+@)?(?P<host>[a-z0-9][\w.-]*|\[[0-9a-f:.]+\]):(?P<path>.+)", re.IGNORECASE
)
# To Git, `https:/host` is a path on a host that is called `https`.
_ONE_SLASH = re.compile(r"(git\+)?(ssh|https?|file|git):(?!//)", re.IGNORECASE)
# Copier's own. To Git, `gh:org` is a path on a host that is called `gh`.
_SHORT_FORMS = {"gh": "github.com", "gl": "gitlab.com"}
_ELSEWHERE = re.compile(rf".*://|[^/]*@[^/]*:|({'|'.join(_SHORT_FORMS)}):")
_HELPER = re.compile(r"(git\+)?[\w.+-]*::")
# `user:secret@host:path`, which Git would take for a path on the host `user`.
_SCP_SECRET = re.compile(r"[^/:]+:[^/]*@")


def is_address(text: str) -> bool:
    """Whether what should be a folder of this machine was meant to be elsewhere."""
    return bool(_ELSEWHERE.match(text) or _ONE_SLASH.match(text))


def checked_source(source: str) -> str:
    """A template's source that Copier may be given.

    Raises:
        ValueError: It is refused; the message says why, and what to write.
    """
    if not source:
        raise ValueError("is empty. Name the template, like gh:your-org/seedbed.")
    _refuse_dangers(source)
    return source


def checked_pattern(pattern: str) -> str:
    """A pattern of addresses that Git may be given, one repository for each student.

    Raises:
        ValueError: It is refused; the message says why, and what to write.
    """
    if not placeholders(pattern, ("slug", "github")):
        raise ValueError(
            "has no {slug} or {github}, so that all students would share one repository. "
            f"Write it like {EXAMPLE}."
        )
    _refuse_dangers(pattern)
    if re.search(r"\s", pattern):
        raise ValueError(f"has a blank. Write it like {EXAMPLE}.")
    host, path = _parts(pattern)
    if "{" in host:
        raise ValueError(f"has a placeholder before its path. Write it like {EXAMPLE}.")
    if host.startswith("-") or path.startswith("-"):
        raise ValueError(f"has a part that begins with a hyphen. Write it like {EXAMPLE}.")
    return pattern


def _parts(pattern: str) -> tuple[str, str]:
    """The host, empty on this machine, and the path."""
    if pattern.startswith("/"):
        return "", pattern
    if url := _URL.fullmatch(pattern):
        scheme, authority, path = url["scheme"].lower(), url["authority"], url["path"]
        local = scheme == "file"
        if scheme in _SCHEMES and path.startswith("/") and local == (not authority):
            return authority.rpartition("@")[2], path
    elif scp := _SCP.fullmatch(pattern):
        _refuse_what_was_no_scp(scp)
        return scp["host"], scp["path"]
    raise ValueError(
        "is no address that Git is given here. Write ssh://, https://, http://, file:// or an "
        f"absolute path, or write it like {EXAMPLE}. For a folder beside this file, use `folder`."
    )


def _refuse_what_was_no_scp(scp: re.Match[str]) -> None:
    """Refuse what has the form `host:path` and was meant as another."""
    host = _SHORT_FORMS.get(scp["host"].lower())
    if host and not scp["user"]:
        raise ValueError(f"is Copier's short form. Write git@{host}:org/{{slug}}.git.")
    if re.match(r"[0-9]{1,5}/", scp["path"]):
        raise ValueError(
            "has a number after its host. A port needs ssh://git@host:2222/org/{slug}.git, and a "
            "folder that is named by a number ssh://git@host/2222/{slug}.git."
        )


def _refuse_dangers(address: str) -> None:
    if not is_plain(address):
        raise ValueError("has a character that cannot be seen. Type it anew.")
    if address.startswith("-"):
        raise ValueError("begins with a hyphen, which Git would take for an option.")
    if _HELPER.match(address):
        raise ValueError("names a remote helper of Git's, which could run any command.")
    if _has_secret(address):
        raise ValueError(
            "has a user, password or token in it. seedbed stores no credentials; use Git's "
            "credential helper, and write the address without."
        )
    if address.startswith("//"):
        raise ValueError(
            "begins with two slashes. Write https:// or ssh:// for a server, and one slash for a "
            "folder of this machine."
        )
    if _ONE_SLASH.match(address):
        raise ValueError("lacks two slashes after its first colon. Write it like https://host/...")
    try:
        _ = urlsplit(address).port
    except ValueError:
        raise ValueError(
            "is no address: what stands after its two slashes is neither a host nor a host with "
            "the number of a port. Write it like https://host:8443/..."
        ) from None


def _has_secret(address: str) -> bool:
    if url := _URL.fullmatch(address):
        scheme, user = url["scheme"].lower(), url["authority"].rpartition("@")[0]
        # Over SSH a user is no secret. Over HTTPS a token looks just like one.
        if scheme.endswith("ssh"):
            return ":" in user
        return "@" in url["authority"] or bool(re.search("[?#]", url["path"]))
    return bool(_SCP_SECRET.match(address))
