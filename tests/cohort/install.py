"""Install the SSH server that the cohort's tests start, where that can be done."""

from tests.cohort.servers.ssh import find_sshd
from tests.debian import install, may_install


def main() -> None:
    """Install Debian's openssh-server if there is no `sshd`, and we may.

    Where it cannot be done nothing is said: the tests themselves then fail with what to do.
    """
    if find_sshd() is None and may_install():
        install(["openssh-server"], because="There is no sshd")


if __name__ == "__main__":
    main()
