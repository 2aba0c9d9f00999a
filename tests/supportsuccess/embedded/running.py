"""`manage.py up` as a program of its own, on a state folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg

from supportsuccess.embedded import paths
from supportsuccess.embedded.paths import BASE_DIR
from supportsuccess.embedded.postgres import DATABASE, Postgres
from tests import cluster

# What each program has in its command line.
PROGRAMS = {
    "postgres": "bin/postgres",
    "valkey": "valkey-server",
    "web": "gunicorn",
    "quick": "--queues=quick",
    "long": "--queues=long",
    "beat": "celery.beat:Scheduler",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_database() -> None:
    """Put a migrated database into the state folder: no test waits for migrations again."""
    source = cluster.Cluster()
    server = Postgres(options=cluster.FAST)
    paths.own_dir(server.data.parent)
    source.copy_kept(to=server.data)
    server.start()
    try:
        with server.connect() as connection:
            connection.execute(f'ALTER DATABASE "{source.template}" RENAME TO {DATABASE}')
        with server.connect(DATABASE) as connection:
            connection.execute("DROP SCHEMA test_baseline CASCADE")
    finally:
        server.stop()


class Running:
    def __init__(self, *arguments: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-demo", *arguments],
            cwd=BASE_DIR,
            env={
                **os.environ,
                "PORT": str(self.port),
                "DJANGO_SETTINGS_MODULE": "supportsuccess.settings",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            self.lines.extend(output)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_ready(self) -> None:
        assert is_true_soon(lambda: "is ready at" in self.text or self.process.poll() is not None)
        assert "is ready at" in self.text, self.text

    def status(self, path: str) -> int:
        """What is answered, or 0; patient, as two cores start four programs meanwhile."""
        try:
            url = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=30) as response:
                return int(response.status)
        except OSError:
            return 0

    def pid_of(self, program: str) -> int | None:
        """The process that the supervisor started for this program."""
        for pid, parent, command in processes():
            if parent == self.process.pid and PROGRAMS[program] in command:
                return pid
        return None

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(60)
        self.reader.join(10)
        return code


def processes() -> list[tuple[int, int, str]]:
    """Pid, parent and command line of everything that runs."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        found.append((int(folder.name), parent, command))
    return found


def left_behind() -> list[str]:
    """Command lines of what runs on this state folder, which stands in its environment."""
    mine = f"SS_STATE_DIR={paths.state_dir()}\0".encode()
    commands = []
    for pid, _, command in processes():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            continue
        if mine in environment + b"\0":
            commands.append(command)
    return commands


def is_true_soon(condition: Callable[[], bool], *, seconds: float = 90.0) -> bool:
    deadline = time.monotonic() + seconds
    # asked once a turn: what is true may not stay so
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def connect() -> psycopg.Connection:
    return psycopg.connect(
        host=str(paths.postgres_socket_dir()), user="ss_app", dbname=DATABASE, autocommit=True
    )


def promise(*, queue: str) -> int:
    """A row that a worker must deliver; nobody rings for it."""
    with connect() as connection:
        row = connection.execute(
            "INSERT INTO outbox_delivery (name, arguments, queue, run_at, attempts, last_error)"
            " VALUES ('delete_old_receipts', '{\"at\": \"2020-01-01T00:00:00+00:00\"}', %s,"
            " now(), 0, '') RETURNING id",
            [queue],
        ).fetchone()
    assert row
    return int(row[0])


def is_delivered(delivery: int) -> bool:
    try:
        with connect() as connection:
            row = connection.execute(
                "SELECT attempts FROM outbox_delivery WHERE id = %s AND done_at IS NOT NULL",
                [delivery],
            ).fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None
