"""Students' own tests: what they get, how they end, and that nothing of theirs is left behind."""

import json
import os
import resource
import stat
import sys
from pathlib import Path

import psutil
import pytest

from seedbed.checking import LONGEST_OUTPUT, check
from seedbed.model import Check, Checked, CheckResult
from tests.cohort.working import PATIENCE, until


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def checked(project: Path, program: str, *, seconds: float = PATIENCE) -> Checked:
    """Check a project whose tests are a Python program."""
    (project / "program.py").write_text(program)
    command = (sys.executable, "program.py")
    return check(project, Check(command, seconds), home=project.parent / "home")


def test_tests_that_end_with_0_have_passed_and_their_output_is_kept(project: Path) -> None:
    done = checked(project, "import sys\nprint('3 passed')\nprint('a warning', file=sys.stderr)\n")

    assert (done.result, sorted(done.output.split("\n"))) == (
        CheckResult.PASSED,
        ["3 passed", "a warning"],
    )
    assert 0 < done.seconds < PATIENCE


def test_tests_that_end_with_another_code_have_failed(project: Path) -> None:
    done = checked(project, "print('1 failed')\nraise SystemExit(5)\n")

    assert (done.result, done.output) == (CheckResult.FAILED, "1 failed")


def test_tests_that_a_signal_ended_have_failed(project: Path) -> None:
    done = checked(project, "import os\nos.kill(os.getpid(), 11)\n")

    assert (done.result, done.output) == (CheckResult.FAILED, "")


def test_tests_run_in_the_projects_root_without_input_and_without_a_terminal(project: Path) -> None:
    done = checked(
        project,
        "import os, sys\n"
        "print(os.getcwd(), repr(sys.stdin.read()), os.getsid(0) == os.getpid())\n"
        "try:\n"
        "    open('/dev/tty')\n"
        "except OSError:\n"
        "    print('no terminal')\n",
    )

    assert done.output == f"{project} '' True\nno terminal"


def test_tests_get_these_variables_and_no_other(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    secret = (
        *("GH_TOKEN", "GITHUB_TOKEN", "SSH_AUTH_SOCK", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL"),
        *("AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "UV_PUBLISH_TOKEN", "UV_INDEX_OWN_PASSWORD"),
        *("UV_KEYRING_PROVIDER", "PYTHONPATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "XDG_CONFIG_HOME"),
    )
    ours = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/instructor",
        "LANG": "de_DE.UTF-8",
        "TZ": "Europe/Berlin",
    }
    passed = {
        "UV_DEFAULT_INDEX": "https://packages.example.org/simple",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_OFFLINE": "1",
        "SSL_CERT_FILE": "/etc/ssl/own.pem",
        "no_proxy": "localhost",
    }
    for name, value in {**dict.fromkeys(secret, "secret"), **ours, **passed}.items():
        monkeypatch.setenv(name, value)

    done = checked(project, "import json, os\nprint(json.dumps(dict(os.environ)))\n")

    assert json.loads(done.output) == {
        **passed,
        "PATH": "/usr/bin:/bin",
        "HOME": f"{tmp_path}/home",
        "TMPDIR": f"{tmp_path}/home/tmp",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "UV_CACHE_DIR": "/home/instructor/.cache/uv",
        "UV_PYTHON_INSTALL_DIR": "/home/instructor/.local/share/uv/python",
    }


@pytest.mark.parametrize(
    ("name", "value", "given"),
    [
        ("UV_INDEX_URL", "https://user:pass@host/simple", "https://host/simple"),
        ("UV_DEFAULT_INDEX", "own=https://token@host/simple", "own=https://host/simple"),
        ("UV_INDEX", "a=https://u:p@a/x b=https://u:p@b/y", "a=https://a/x b=https://b/y"),
        ("HTTPS_PROXY", "http://user:p@ss@proxy:3128", "http://proxy:3128"),
        ("HTTP_PROXY", "user:p@ss@proxy:3128", "proxy:3128"),
    ],
)
def test_an_address_is_passed_on_without_user_and_password(
    name: str, value: str, given: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    done = checked(project, f"import os\nprint(os.environ[{name!r}])\n")

    assert done.output == given


@pytest.mark.parametrize(
    ("variable", "value", "given"),
    [
        ("XDG_CACHE_HOME", "/caches", {"UV_CACHE_DIR": "/caches/uv"}),
        ("UV_CACHE_DIR", "/cache", {"UV_CACHE_DIR": "/cache"}),
        ("UV_CACHE_DIR", "cache", {"UV_CACHE_DIR": f"{Path.cwd()}/cache"}),
        ("UV_PYTHON_INSTALL_DIR", "/pythons", {"UV_PYTHON_INSTALL_DIR": "/pythons"}),
        ("XDG_DATA_HOME", "/data", {"UV_PYTHON_INSTALL_DIR": "/data/uv/python"}),
    ],
)
def test_uv_finds_packages_and_pythons_where_the_instructors_uv_does(
    variable: str,
    value: str,
    given: dict[str, str],
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("UV_CACHE_DIR")
    monkeypatch.setenv(variable, value)

    done = checked(
        project, f"import os\nprint({{name: os.environ[name] for name in {list(given)}}})\n"
    )

    assert done.output == str(given)


def test_uv_runs_a_projects_tests_in_an_environment_of_its_own(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        "[project]\nname = 'own'\nversion = '0'\nrequires-python = '>=3.11'\n"
    )
    (project / "test.py").write_text(
        "import sys\nfrom pathlib import Path\nprint(Path(sys.prefix).relative_to(Path.cwd()))\n"
    )
    command = Check(("uv", "run", "--offline", "--quiet", "python", "test.py"), PATIENCE)

    done = check(project, command, home=project.parent / "home")

    assert (done.result, done.output) == (CheckResult.PASSED, ".venv")


def test_only_the_end_of_much_output_is_kept_and_it_fills_neither_memory_nor_disk(
    project: Path,
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    done = checked(
        project,
        "import sys\n"
        "for _ in range(1024):\n"
        "    sys.stdout.write(('x' * 1023 + '\\n') * 1024)\n"
        "print('the end')\n",
    )

    assert done.output.endswith(f"{'x' * 1023}\nthe end")
    assert LONGEST_OUTPUT - 1024 <= len(done.output) <= LONGEST_OUTPUT
    # Of a gigabyte.
    megabyte = 1024 * (1024 if sys.platform == "darwin" else 1)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * megabyte
    written = [path.name for path in project.parent.rglob("*") if path.is_file()]
    assert written == ["program.py"]


def test_output_without_line_ends_is_kept_up_to_the_limit(project: Path) -> None:
    done = checked(project, "print('x' * 1_000_000, end='')\n")

    assert done.output == "x" * LONGEST_OUTPUT


def test_output_is_text_without_colours_and_with_its_other_controls_written_out(
    project: Path,
) -> None:
    done = checked(
        project,
        "import os\n"
        r"os.write(1, b'\x1b[31mred\x1b[0m\r\n10%\r20%\r100%\n')"
        "\n"
        r"os.write(1, b'\x1b]0;title\x07\x08\xff\xe2\x80\xae\n')",
    )

    assert done.output == "red\n100%\n\\x08\N{REPLACEMENT CHARACTER}\\u202e"


def test_what_takes_too_long_is_stopped_and_what_it_wrote_is_kept(project: Path) -> None:
    done = checked(
        project, f"import time\nprint('began', flush=True)\ntime.sleep({PATIENCE})\n", seconds=5
    )

    assert (done.result, done.output) == (CheckResult.TIMED_OUT, "began")
    assert 5 <= done.seconds < PATIENCE


def test_what_takes_too_long_without_output_open_is_stopped(project: Path) -> None:
    done = checked(
        project, f"import os, time\nos.close(1)\nos.close(2)\ntime.sleep({PATIENCE})\n", seconds=1
    )

    assert (done.result, done.output) == (CheckResult.TIMED_OUT, "")


def test_what_ignores_that_it_is_told_to_end_is_ended_with_all_that_it_started(
    project: Path,
) -> None:
    done = checked(
        project,
        "import os, signal, time\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "for _ in range(2):\n"
        "    os.fork()\n"
        "print(os.getpid(), flush=True)\n"
        f"time.sleep({PATIENCE})\n",
        seconds=5,
    )

    started = [int(number) for number in done.output.split()]
    assert done.result is CheckResult.TIMED_OUT
    assert len(started) == 4
    # Signals take a moment.
    until(lambda: not any(map(runs, started)))


def test_a_process_left_behind_that_holds_the_output_open_is_not_waited_for_and_ended(
    project: Path,
) -> None:
    done = checked(
        project,
        "import os, time\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    time.sleep({PATIENCE})\n"
        "print(child)\n",
    )

    assert done.result is CheckResult.PASSED
    assert done.seconds < PATIENCE
    until(lambda: not runs(int(done.output)))


def test_one_that_left_the_group_and_writes_on_is_not_waited_for(project: Path) -> None:
    done = checked(
        project,
        "import os\n"
        "ready, told = os.pipe()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os.setsid()\n"
        "    os.write(told, b'.')\n"
        "    try:\n"
        "        while True:\n"
        "            os.write(1, b'again\\n' * 100)\n"
        "    except BrokenPipeError:\n"
        "        os._exit(0)\n"
        "os.read(ready, 1)\n",
    )

    assert done.result is CheckResult.PASSED
    assert done.seconds < PATIENCE
    assert set(done.output.split()) <= {"again"} | {"again"[begun:] for begun in range(5)}


def test_a_program_that_is_not_there_is_told_with_what_to_do(project: Path) -> None:
    done = check(
        project, Check(("no-such-program", "test"), PATIENCE), home=project.parent / "home"
    )

    assert done == Checked(
        CheckResult.NOT_STARTED,
        0,
        "`no-such-program` was not found: install it, or name another command in cohort.toml",
    )


def test_a_program_that_may_not_be_executed_is_told_with_what_to_do(project: Path) -> None:
    (project / "run").write_text("#!/bin/sh\n")

    done = check(project, Check(("./run",), PATIENCE), home=project.parent / "home")

    assert done == Checked(
        CheckResult.NOT_STARTED,
        0,
        "`./run` may not be executed: `chmod +x` it, or name another command in cohort.toml",
    )


def test_what_is_no_program_is_told_with_what_to_do(project: Path) -> None:
    (project / "run").write_text("echo passed\n")
    (project / "run").chmod(stat.S_IRWXU)

    done = check(project, Check(("./run",), PATIENCE), home=project.parent / "home")

    assert done == Checked(
        CheckResult.NOT_STARTED,
        0,
        "`./run` is no program: begin it with a line like `#!/bin/sh`, or name another command in"
        " cohort.toml",
    )


def test_a_check_leaves_no_file_open(project: Path) -> None:
    process = psutil.Process()
    checked(project, "")
    before = process.num_fds()

    for number in range(5):
        home = project.parent / f"home-{number}"
        check(project, Check((sys.executable, "-c", "print(1)"), PATIENCE), home=home)

    assert process.num_fds() == before


def runs(number: int) -> bool:
    """Whether a process runs; what has ended, and nobody has asked for the end of, does not."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
