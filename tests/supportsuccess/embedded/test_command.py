import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from supportsuccess.embedded import locks, paths
from supportsuccess.embedded.command import database_for_command
from supportsuccess.embedded.paths import BASE_DIR
from supportsuccess.embedded.postgres import Postgres, postgres_answers
from supportsuccess.embedded.processes import CannotStart

# A command that uses the database, tells so, and ends when its input does.
OTHER = """
import sys
from supportsuccess.embedded.command import database_for_command
from supportsuccess.embedded.postgres import postgres_answers
from supportsuccess.embedded import paths
with database_for_command("shell"):
    print("ready", flush=True)
    sys.stdin.read()
    print(postgres_answers(paths.postgres_socket_dir()), flush=True)
"""


@pytest.fixture(autouse=True)
def cluster(state: Path) -> None:
    Postgres(initdb=("--no-sync", "--wal-segsize=1")).start().stop()


def other_command() -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", OTHER],
        cwd=BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout
    assert started.stdout.readline() == "ready\n"
    return started


def test_a_command_has_a_database_and_stops_it_afterwards() -> None:
    with database_for_command("shell"):
        connection = psycopg.connect(
            host=str(paths.postgres_socket_dir()), user="ss_app", dbname="supportsuccess"
        )
        connection.close()

    assert not postgres_answers(paths.postgres_socket_dir())


def test_a_second_command_uses_the_server_of_the_first() -> None:
    first = other_command()

    with database_for_command("shell"):
        assert postgres_answers(paths.postgres_socket_dir())
    said, _ = first.communicate()

    assert said == "True\n"
    assert not postgres_answers(paths.postgres_socket_dir())


def test_the_first_waits_for_the_second_before_it_stops_the_server() -> None:
    with contextlib.ExitStack() as first:
        first.enter_context(database_for_command("shell"))
        second = other_command()
        ending = threading.Thread(target=first.pop_all().close)
        ending.start()

        ending.join(0.5)
        is_waiting = ending.is_alive()
        said, _ = second.communicate()
        ending.join()

    assert is_waiting
    assert said == "True\n"


def test_with_a_database_of_its_own_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/supportsuccess")

    with database_for_command("shell"):
        assert not postgres_answers(paths.postgres_socket_dir())


def test_up_starts_its_servers_itself() -> None:
    with database_for_command("up"):
        assert not postgres_answers(paths.postgres_socket_dir())


def test_a_server_that_never_answers_is_said(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    monkeypatch.setattr("supportsuccess.embedded.command.PATIENCE_SECONDS", 0.3)

    with (
        locks.exclusive(state / "postgres.lock"),
        pytest.raises(CannotStart, match="being started or stopped by another program"),
        database_for_command("shell"),
    ):
        pass


def test_a_production_that_lacks_a_setting_says_which_in_a_sentence() -> None:
    environment = {"SS_PUBLIC_URL": "https://success.example.com", "PATH": os.environ["PATH"]}

    ended = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "ss: SS_SECRET_KEY must be set when SS_PUBLIC_URL is (see README.md)\n"
