import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from supportsuccess.embedded import obstacles, paths
from supportsuccess.embedded.paths import BASE_DIR
from supportsuccess.embedded.processes import CannotStart


@pytest.fixture
def taken_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_said_with_another_one(taken_port: int) -> None:
    sentence = f"port {taken_port} is in use .* PORT={taken_port + 1} ./ss up"

    with pytest.raises(CannotStart, match=sentence):
        obstacles.refuse_taken_port(taken_port)


def test_a_port_that_was_just_left_is_free() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    obstacles.refuse_taken_port(port)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "8000.5", "", "²"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(CannotStart, match=f"{re.escape(repr(text))} is not a port"):
        obstacles.parse_port(text)


def test_a_second_start_is_told_where_the_first_runs(tmp_path: Path) -> None:
    lock = tmp_path / "up.lock"

    with (
        obstacles.only_one(lock, address="http://localhost:8000"),
        pytest.raises(CannotStart, match="already running at http://localhost:8000"),
    ):
        obstacles.only_one(lock, address="http://localhost:8001")


def test_after_the_first_has_ended_the_second_may_start(tmp_path: Path) -> None:
    obstacles.only_one(tmp_path / "up.lock", address="http://localhost:8000").close()

    obstacles.only_one(tmp_path / "up.lock", address="http://localhost:8001").close()

    assert (tmp_path / "up.lock").read_text() == "http://localhost:8001"


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly_full = shutil._ntuple_diskusage(10**12, 10**12, 5 * 1024**2)  # type: ignore[attr-defined]  # noqa: SLF001 - no public name
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly_full)

    with pytest.raises(CannotStart, match=f"disk that holds {tmp_path} is full .5 MB free"):
        obstacles.refuse_full_disk(tmp_path)


def test_a_folder_of_somebody_else_is_said(
    state: Path, as_somebody_else: Callable[[Callable[[], object]], str]
) -> None:
    state.mkdir(mode=0o555)

    said = as_somebody_else(paths.make_state_dir)

    assert said == (
        f"CannotStart: {state} belongs to somebody else: set SS_STATE_DIR to a folder of your own"
    )


def test_a_secret_of_somebody_else_is_said(
    state: Path, as_somebody_else: Callable[[Callable[[], object]], str]
) -> None:
    paths.keep_secret("secret_key", "s3cret")
    (state / "secret_key").chmod(0)

    said = as_somebody_else(lambda: paths.kept_secret("secret_key", length=8))

    assert said.startswith(f"CannotStart: {state}/secret_key belongs to somebody else")


def run_ss(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["./ss", *arguments],
        cwd=BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def old_python(folder: Path) -> Path:
    python = folder / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")  # the answer of one that is too old
    python.chmod(0o755)
    return python


def test_a_too_old_python_is_said(tmp_path: Path) -> None:
    done = run_ss("up", PYTHON=str(old_python(tmp_path)), SS_VENV=str(tmp_path / "venv"))

    assert done.returncode == 1
    assert done.stderr.endswith("is not Python 3.12 or newer with the venv module.\n")
    assert done.stderr.count("\n") == 1


def test_no_new_enough_python_on_path_is_said(tmp_path: Path) -> None:
    old_python(tmp_path)
    for name in ("sh", "dirname", "basename", "cmp", "rm", "grep"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")

    done = run_ss("up", PATH=str(tmp_path), SS_VENV=str(tmp_path / "venv"))

    assert done.returncode == 1
    assert "Python 3.12 or newer" in done.stderr


def test_ss_without_a_command_says_what_there_is() -> None:
    done = run_ss()

    assert done.returncode == 0
    assert "./ss up" in done.stdout


def test_ss_refuses_a_command_it_does_not_know() -> None:
    done = run_ss("start")

    assert done.returncode == 2
    assert "./ss up" in done.stderr
