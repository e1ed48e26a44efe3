"""Git over SSH as a host serves it: a real `sshd` with a key for one user, on loopback."""

import getpass
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cohort.servers.limits import limit
from tests.postgres import ENDS_WITH_US
from tests.support import free_port, run

PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/sbin")
ALIAS = "cohort-host"
# What sshd wants to exist, as root, to shut in the part of itself that talks to strangers.
PRIVILEGE_SEPARATION = Path("/run/sshd")

# What a host does with a key: it may ask for two programs of Git, below one folder, and no shell.
FORCED_COMMAND = """\
#!/bin/sh
set -eu
refuse() {{ printf '%s\\n' "$1" >&2; exit 128; }}
asked=${{SSH_ORIGINAL_COMMAND-}}
case "$asked" in
  "git-upload-pack '"*"'" | "git-receive-pack '"*"'") ;;
  *) refuse 'This account is for Git alone.' ;;
esac
program=${{asked%% *}}
path=${{asked#*\\'}}
path=${{path%\\'}}
case "/$path/" in
  *"'"* | */../*) refuse 'No such repository.' ;;
esac
export {environment}
{limit}
exec git "${{program#git-}}" {root}/"$path"
"""


@dataclass(slots=True)
class SshServer:
    """A server that runs.

    Attributes:
        root: The folder that its repositories are below.
        folder: Where its keys and settings are, and those of the client.
        user: Who may read and write.
        port: Where it listens, on 127.0.0.1.
    """

    root: Path
    folder: Path
    user: str
    port: int

    @property
    def url(self) -> str:
        """Where the root is, as a URL."""
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        """Where the root is for one who goes by another port, such as a proxy's."""
        return f"ssh://{self.user}@127.0.0.1:{port}"

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return (self.folder / "log").read_text(errors="replace")

    def environment(self, *, identity: str = "identity") -> dict[str, str]:
        """The environment to run Git in, so that it has a person's settings of SSH.

        Args:
            identity: Which key it has: `identity` is known to the server, `stranger` is not.
        """
        config = self._client_config(self.port, identity)
        return {"GIT_SSH_COMMAND": shlex.join(["ssh", "-F", str(config)])}

    def alias(self, port: int | None = None) -> tuple[str, dict[str, str]]:
        """A host's short name, for `host:path`, and the environment in which Git knows it.

        Args:
            port: A port to go by, such as a proxy's; the server's own if none is given.
        """
        config = self._client_config(port or self.port, "identity")
        return ALIAS, {"GIT_SSH_COMMAND": shlex.join(["ssh", "-F", str(config)])}

    def limit_files(self, largest_file: int | None) -> None:
        """Let no file that a push writes grow beyond a size; `None` takes the limit away."""
        _write_forced_command(
            self.folder, self.root, limit(largest_file) if largest_file is not None else ":"
        )

    def _client_config(self, port: int, identity: str) -> Path:
        config = self.folder / f"client-{port}-{identity}"
        config.write_text(
            f"Host {ALIAS}\n"
            "  HostName 127.0.0.1\n"
            f"  Port {port}\n"
            f"  User {self.user}\n"
            "Host *\n"
            f'  IdentityFile "{self.folder / identity}"\n'
            "  IdentitiesOnly yes\n"
            "  IdentityAgent none\n"
            f'  UserKnownHostsFile "{self.folder / "known_hosts"}"\n'
            "  GlobalKnownHostsFile /dev/null\n"
            # One key for whatever port, as a proxy has another one.
            f"  HostKeyAlias {ALIAS}\n"
            "  StrictHostKeyChecking yes\n"
            "  BatchMode yes\n"
        )
        return config


def find_sshd() -> Path | None:
    """Where `sshd` is; it is seldom on a user's path."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    found = shutil.which("sshd", path=path)
    return Path(found) if found else None


@contextmanager
def ssh_server(root: Path, folder: Path) -> Iterator[SshServer]:
    """Serve the bare repositories below a folder for as long as the block lasts.

    Args:
        root: The folder.
        folder: Where to keep keys and settings; it must not exist.

    Raises:
        AssertionError: There is no `sshd`, or it does not start; the message has what it wrote.
    """
    sshd = find_sshd()
    assert sshd, "This needs an SSH server: apt-get install openssh-server"
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    for name in ("host_key", "identity", "stranger"):
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name])
    server = SshServer(root, folder, getpass.getuser(), free_port())
    server.limit_files(None)
    (folder / "known_hosts").write_text(f"{ALIAS} {(folder / 'host_key.pub').read_text()}")
    options = f'command="{folder / "only-git"}",restrict'
    (folder / "authorized_keys").write_text(f"{options} {(folder / 'identity.pub').read_text()}")
    (folder / "sshd_config").write_text(_server_config(server))
    # It starts itself anew for each connection, so it must be called by its whole path.
    command = [*ENDS_WITH_US, sshd, "-D", "-e", "-f", folder / "sshd_config"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_until_listening(process, server)
            yield server
        finally:
            process.terminate()


def _server_config(server: SshServer) -> str:
    folder = server.folder
    return "\n".join(
        [
            f"Port {server.port}",
            "ListenAddress 127.0.0.1",
            f'HostKey "{folder / "host_key"}"',
            f'AuthorizedKeysFile "{folder / "authorized_keys"}"',
            "PidFile none",
            "AuthenticationMethods publickey",
            "UsePAM no",
            # Temporary folders are everybody's, which it would not trust.
            "StrictModes no",
            "PermitRootLogin prohibit-password",
            "AcceptEnv GIT_PROTOCOL",
            # The whole cohort may come at once.
            "MaxStartups 200",
            "PrintMotd no",
            "",
        ]
    )


def _write_forced_command(folder: Path, root: Path, limit_of_files: str) -> None:
    """Write what runs for each connection; in one step, as one may begin at any time."""
    # The tests' settings of Git, not those of whoever runs them.
    kept = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "PATH")
    environment = shlex.join(f"{name}={os.environ[name]}" for name in kept if name in os.environ)
    script, new = folder / "only-git", folder / "only-git.new"
    new.write_text(
        FORCED_COMMAND.format(
            environment=environment, limit=limit_of_files, root=shlex.quote(str(root))
        )
    )
    new.chmod(0o755)
    new.replace(script)


def _wait_until_listening(process: subprocess.Popen[bytes], server: SshServer) -> None:
    deadline = time.monotonic() + 20
    while f"Server listening on 127.0.0.1 port {server.port}" not in server.log:
        assert process.poll() is None, f"sshd ended early:\n{server.log}"
        assert time.monotonic() < deadline, f"sshd does not start:\n{server.log}"
        time.sleep(0.01)
