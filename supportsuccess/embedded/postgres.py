"""The life of the embedded PostgreSQL: make, start, wait, stop; never longer than its starter."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import LiteralString, Self

import psycopg
from psycopg import sql

from supportsuccess.embedded import paths
from supportsuccess.embedded.binaries import postgres_bindir, postgres_major
from supportsuccess.embedded.processes import CannotStart, Program, last_lines, server_account

DATABASE = "supportsuccess"
OWNER_ROLE = "ss_owner"
APP_ROLE = "ss_app"
START_SECONDS = 60.0
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres(Program):
    def __init__(
        self, *, options: Mapping[str, str] | None = None, initdb: Sequence[str] = ()
    ) -> None:
        super().__init__("postgres", stop_signal=signal.SIGINT, stop_seconds=30)  # fast shutdown
        self.state = paths.make_state_dir()
        self.socket_dir = paths.postgres_socket_dir()
        self.log = self.state / "postgres.log"
        self.options = {**OPTIONS, **(options or {})}
        self.initdb = initdb
        self.bindir = postgres_bindir()
        self.data = self.state / f"pg{postgres_major(self.bindir)}" / "data"

    def start(self) -> Self:
        """Start the server and wait for it. Raises CannotStart."""
        paths.own_dir(self.data.parent)
        paths.own_dir(self.socket_dir)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._stop_left_over()
        deadline = time.monotonic() + START_SECONDS
        while not self._try_start(deadline):
            # After a SIGKILL the old backends need a moment to let go of shared memory.
            if time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL did not start: {last_lines(self.log)}")
            time.sleep(0.3)
        return self

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_dir),
            user="postgres",
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_roles(self) -> Self:
        """Make the role that owns the tables and the role that reads and writes them."""
        with self.connect() as connection:
            for role in (OWNER_ROLE, APP_ROLE):
                if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        return self

    def create_database(self, name: str = DATABASE) -> Self:
        with self.connect() as connection:
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(name), sql.Identifier(OWNER_ROLE)
                    )
                )
        return self

    def _make_cluster(self) -> None:
        partial = self.data.with_name("data.partial")  # a killed initdb leaves no half cluster
        shutil.rmtree(partial, ignore_errors=True)
        locale = ["--locale=C.UTF-8"]
        if postgres_major(self.bindir) >= 17:
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = self._run(
            "initdb",
            "--pgdata",
            str(partial),
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-instructions",
            *locale,
            *self.initdb,
        )
        if done.returncode:
            raise CannotStart(f"PostgreSQL's files could not be made: {_one_line(done.stdout)}")
        partial.rename(self.data)

    def _stop_left_over(self) -> None:
        if not (self.data / "postmaster.pid").exists():
            return
        if self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0:
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def _try_start(self, deadline: float) -> bool:
        self._spawn_server()
        while time.monotonic() < deadline:
            if self.exited() is not None:
                return False
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _spawn_server(self) -> None:
        options = {**self.options, "unix_socket_directories": str(self.socket_dir)}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self.spawn(
                [str(self.bindir / "postgres"), "-D", str(self.data), *settings],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C"},
                **server_account(),
            )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bindir / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **server_account(),
        )


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None


def _one_line(text: str) -> str:
    return " / ".join(line for line in text.splitlines()[-3:] if line.strip())


def postgres_answers(socket_dir: Path) -> bool:
    try:
        psycopg.connect(
            host=str(socket_dir), user="postgres", dbname="postgres", connect_timeout=5
        ).close()
    except psycopg.OperationalError:
        return False
    return True
