import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from supportsuccess.embedded import binaries
from supportsuccess.embedded.paths import BASE_DIR
from supportsuccess.embedded.postgres import Postgres, postgres_answers
from supportsuccess.embedded.processes import CannotStart

QUICK = ("--no-sync", "--wal-segsize=1")
# Starts a server and waits to be killed.
STARTER = """
import time
from supportsuccess.embedded.postgres import Postgres
server = Postgres(initdb=("--no-sync", "--wal-segsize=1")).start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def postgres(state: Path) -> Iterator[Postgres]:
    server = Postgres(initdb=QUICK)
    yield server
    server.stop()


def insert(server: Postgres) -> None:
    with server.connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")


def count(server: Postgres) -> int:
    with server.connect() as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    return int(row[0]) if row else -1


def test_a_second_start_keeps_the_data(postgres: Postgres) -> None:
    insert(postgres.start())
    postgres.stop()

    assert count(postgres.start()) == 1


def test_a_killed_server_starts_again_with_what_was_committed(postgres: Postgres) -> None:
    insert(postgres.start())
    assert postgres.process
    postgres.process.kill()
    postgres.process.wait()

    postgres.start()

    assert count(postgres) == 1


def test_a_half_made_cluster_is_made_anew(postgres: Postgres) -> None:
    half = postgres.data.with_name("data.partial")
    half.mkdir(parents=True)
    (half / "PG_VERSION").touch()

    postgres.start()

    assert postgres_answers(postgres.socket_dir)


def test_a_server_ends_with_its_killed_starter(state: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    server = int(starter.stdout.readline())
    starter.kill()
    starter.communicate()

    assert is_gone_soon(server)


def test_a_server_left_running_is_stopped_before_the_start(postgres: Postgres) -> None:
    left_over = Postgres(initdb=QUICK).start()
    insert(left_over)

    postgres.start()

    assert left_over.process
    assert left_over.process.wait(10) is not None
    assert count(postgres) == 1


def test_roles_and_database_are_made_once(postgres: Postgres) -> None:
    postgres.start().create_roles().create_database()

    postgres.create_roles().create_database()

    with psycopg.connect(
        host=str(postgres.socket_dir), user="ss_owner", dbname="supportsuccess"
    ) as owner:
        owner.execute("CREATE TABLE mine (n int)")


def test_the_app_role_may_not_make_tables(postgres: Postgres) -> None:
    postgres.start().create_roles().create_database()

    with (
        psycopg.connect(
            host=str(postgres.socket_dir), user="ss_app", dbname="supportsuccess"
        ) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE mine (n int)")


def test_what_keeps_the_server_from_starting_is_said(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportsuccess.embedded.postgres.START_SECONDS", 1.0)
    postgres.options["shared_buffers"] = "nonsense"

    with pytest.raises(CannotStart, match=r"PostgreSQL did not start: .*shared_buffers"):
        postgres.start()


def test_programs_that_are_not_there_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SS_PG_BINDIR", "/nowhere")

    with pytest.raises(CannotStart, match="SS_PG_BINDIR is /nowhere"):
        binaries.postgres_bindir()


def is_gone_soon(pid: int) -> bool:
    deadline = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


def test_stop_ends_a_server_that_is_asked_twice(postgres: Postgres) -> None:
    postgres.start().stop()

    postgres.stop()

    assert postgres.exited() in {0, -signal.SIGINT}
