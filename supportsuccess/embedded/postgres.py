"""The life of the embedded PostgreSQL: make, start, wait, stop; never longer than its starter."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

from supportsuccess.embedded import paths
from supportsuccess.embedded.binaries import postgres_bindir, postgres_major
from supportsuccess.embedded.processes import (
    CannotStart,
    die_with_parent,
    last_lines,
    server_account,
)

DATABASE = "supportsuccess"
OWNER_ROLE = "ss_owner"
APP_ROLE = "ss_app"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres:
    def __init__(self, *, options: Mapping[str, str] | None = None) -> None:
        self.state = paths.make_state_dir()
        self.socket_dir = paths.postgres_socket_dir()
        self.log = self.state / "postgres.log"
        self.options = {**OPTIONS, **(options or {})}
        self.process: subprocess.Popen[bytes] | None = None
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

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)  # fast shutdown
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket_dir),
            user="postgres",
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_roles_and_database(self) -> None:
        """Make the owner role, the app role and the database, where they are missing."""
        with self.connect() as connection:
            for role in (OWNER_ROLE, APP_ROLE):
                if not _exists(connection, "select 1 from pg_roles where rolname = %s", role):
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not _exists(connection, "select 1 from pg_database where datname = %s", DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
                    )
                )

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
        self._spawn()
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                return False
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def _spawn(self) -> None:
        options = {**self.options, "unix_socket_directories": str(self.socket_dir)}
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.bindir / "postgres"), "-D", str(self.data), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 - one C call, no lock
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


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None


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
