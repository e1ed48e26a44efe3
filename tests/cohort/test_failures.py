"""Why Git failed is told from what it wrote: these texts are Git's own, made by real faults.

How they were made is in test_servers.py and test_faults.py, which let the faults happen.
"""

import os
from pathlib import Path

import pytest

from seedbed.failures import Failure, GitError, failure_of, without_user_information
from seedbed.git import check_git, git, shown
from seedbed.model import SeedbedError

HANGS_UP = "fatal: the remote end hung up unexpectedly\n"
SSH_AFTER_ALL = """\
fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.
"""
WROTE: list[tuple[str, Failure]] = [
    (
        "fatal: '/x/gone.git' does not appear to be a git repository\n" + SSH_AFTER_ALL,
        Failure.NOT_THERE,
    ),
    ("fatal: repository 'http://127.0.0.1:1/gone.git/' not found\n", Failure.NOT_THERE),
    ("ERROR: Repository not found.\n" + SSH_AFTER_ALL, Failure.NOT_THERE),
    (
        (
            "remote: The project you were looking for could not be found or you don't have"
            " permission to view it.\n"
        ),
        Failure.NOT_THERE,
    ),
    ("git@host: Permission denied (publickey).\n" + SSH_AFTER_ALL, Failure.AUTHENTICATION),
    (
        "fatal: could not read Username for 'https://host': terminal prompts disabled\n",
        Failure.AUTHENTICATION,
    ),
    ("fatal: Authentication failed for 'https://host/x.git/'\n", Failure.AUTHENTICATION),
    ("Host key verification failed.\n" + SSH_AFTER_ALL, Failure.HOST_KEY),
    (
        (
            "remote: Permission to org/x.git denied to ada.\nfatal: unable to access"
            " 'https://host/x.git/': The requested URL returned error: 403\n"
        ),
        Failure.FORBIDDEN,
    ),
    (
        (
            "remote: fatal: unable to write loose object file: No space left on device        \n"
            " ! [remote rejected] HEAD -> new (unpacker error)\n"
        ),
        Failure.DISK_THERE,
    ),
    ("fatal: unable to write loose object file: No space left on device\n", Failure.DISK),
    (
        "error: inflate: data stream error (incorrect header check)\n"
        "fatal: loose object fd32 (stored in x) is corrupt\n" + HANGS_UP,
        Failure.CORRUPT,
    ),
    ("fatal: expected 'acknowledgments'\n", Failure.CORRUPT),
    ("fatal: expected 'packfile'\n" + HANGS_UP, Failure.CORRUPT),
    (
        "fatal: detected dubious ownership in repository at '/x/r.git'\n" + SSH_AFTER_ALL,
        Failure.OWNER,
    ),
    (" ! [rejected]        HEAD -> main (stale info)\nerror: failed to push\n", Failure.MOVED),
    (" ! [rejected]        HEAD -> main (fetch first)\nerror: failed to push\n", Failure.MOVED),
    (
        (
            "remote: error: cannot lock ref 'refs/heads/main': Unable to create '/main.lock': File"
            " exists.        \n ! [remote rejected] HEAD -> main (failed to update ref)\n"
        ),
        Failure.LOCKED,
    ),
    (" ! [remote rejected] HEAD -> main (pre-receive hook declined)\n", Failure.REFUSED),
    (
        "error: RPC failed; HTTP 413 curl 22 The URL returned error: 413\n",
        Failure.REFUSED,
    ),
    ("fatal: unable to access 'http://x/': Could not resolve host: x\n", Failure.NO_NAME),
    (
        "ssh: Could not resolve hostname x: Name not known\n" + SSH_AFTER_ALL,
        Failure.NO_NAME,
    ),
    (
        "fatal: unable to access 'http://127.0.0.1:9/': Failed to connect to 127.0.0.1 port 9\n",
        Failure.NO_SERVER,
    ),
    ("ssh: connect to host x port 22: Connection refused\n" + SSH_AFTER_ALL, Failure.NO_SERVER),
    (
        "error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503\n",
        Failure.TRANSPORT,
    ),
    ("fatal: unable to access 'x': The requested URL returned error: 429\n", Failure.TRANSPORT),
    ("fatal: early EOF\nfatal: index-pack failed\n", Failure.TRANSPORT),
    ("Connection to 127.0.0.1 closed by remote host.\n" + SSH_AFTER_ALL, Failure.TRANSPORT),
    ("client_loop: send disconnect: Broken pipe\n" + SSH_AFTER_ALL, Failure.TRANSPORT),
    (
        "error: Cannot access URL x, return code 22\nfatal: git-http-push failed\n",
        Failure.TRANSPORT,
    ),
    (
        (
            "remote: error: cannot lock ref 'refs/heads/seedbed/v1': 'refs/heads/seedbed' exists;"
            " cannot create 'refs/heads/seedbed/v1'        \n"
            " ! [remote rejected] HEAD -> seedbed/v1 (failed to update ref)\n"
        ),
        Failure.NAME,
    ),
    ("fatal: mismatched algorithms: client sha1; server sha256\n", Failure.SHA256),
    (
        "fatal: the receiving end does not support this repository's hash algorithm\n" + HANGS_UP,
        Failure.SHA256,
    ),
    (
        "fatal: unable to access 'http://x/course-401/ada.git/': Failed to connect to x port 80\n",
        Failure.NO_SERVER,
    ),
    (
        "fatal: unable to access 'x': The requested URL returned error: 401\n",
        Failure.AUTHENTICATION,
    ),
    ("fatal: something new\n", Failure.OTHER),
]


@pytest.mark.parametrize(("wrote", "why"), WROTE, ids=[text.strip()[:40] for text, _ in WROTE])
def test_a_failure_is_told_by_what_git_wrote(wrote: str, why: Failure) -> None:
    assert failure_of(wrote).failure is why


@pytest.mark.parametrize("why", Failure)
def test_a_reason_says_what_to_do_next_or_what_was_said(why: Failure) -> None:
    assert ":" in why.value or why in {Failure.REFUSED, Failure.OTHER}


def test_what_a_server_says_of_a_refusal_is_passed_on() -> None:
    wrote = (
        "remote: The owner takes no pushes.        \nTo x\n"
        " ! [remote rejected] HEAD -> new (pre-receive hook declined)\n"
        "error: failed to push some refs to 'x'\n"
    )
    assert str(failure_of(wrote)) == (
        "the server refused the push (pre-receive hook declined; The owner takes no pushes.)"
    )


def test_of_several_lines_the_last_that_git_calls_an_error_is_shown() -> None:
    wrote = "warning: a\nfatal: b\nhint: c\n"
    assert str(failure_of(wrote)) == "Git failed (fatal: b)"
    assert str(failure_of("")) == "Git failed (it did not say why)"


def test_no_user_name_and_no_password_is_shown() -> None:
    wrote = "fatal: https://ada:s3cr3t@host/x.git/ and ssh://git@host/y.git: something new\n"
    shown = "fatal: https://host/x.git/ and ssh://host/y.git: something new"
    assert str(failure_of(wrote)) == f"Git failed ({shown})"
    assert without_user_information("https://a:p@ss@host/x") == "https://host/x"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("git@host:org/x.git", "host:org/x.git"),
        ("ssh://git@host:22/x.git", "ssh://host:22/x.git"),
        ("https://ada:p@ss@host/x.git", "https://host/x.git"),
        ("/srv/a@b:c/x.git", "/srv/a@b:c/x.git"),
        ("host:org/a@b.git", "host:org/a@b.git"),
    ],
)
def test_an_address_is_shown_without_a_user(address: str, told: str) -> None:
    assert shown(address) == told


def test_a_git_that_is_ended_from_outside_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(GitError) as ended:
        git(tmp_path, "version", seconds=60)
    assert ended.value.failure is Failure.ENDED


def test_without_git_or_with_an_old_one_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_git()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SeedbedError) as without:
        check_git()
    assert str(without.value) == (
        "There is no Git here. Install Git 2.38 or later, and run it again."
    )
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\necho git version 2.37.9\n")
    program.chmod(0o755)
    with pytest.raises(SeedbedError) as old:
        check_git()
    assert str(old.value) == (
        "This is git version 2.37.9, and Git 2.38 or later is needed: install one, and run it"
        " again."
    )
    program.write_text("#!/bin/sh\necho git version 10.2.windows\n")
    check_git()
