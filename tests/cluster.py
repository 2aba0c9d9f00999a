"""The database of a test run: migrated once into a template, cloned for every xdist worker.

The throw-away cluster is a copy of one kept under the system's folder for temporary files, named
by a hash of everything that decides what a migrated database looks like. With DATABASE_URL and
DATABASE_OWNER_URL a template is made on that server instead.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from supportsuccess.embedded import paths
from supportsuccess.embedded.postgres import OWNER_ROLE, Postgres

# What decides how a migrated database looks; added are modules of ours that migrations import.
SOURCES = (
    "*/migrations/*.py",
    "supportsuccess/*/migrations/*.py",
    "supportsuccess/**/*.sql",
    "supportsuccess/settings.py",
    "supportsuccess/embedded/postgres.py",
    "supportsuccess/embedded/management/commands/migrate.py",
    "requirements/base.txt",
    "tests/cluster.py",
    "tests/flush.sql",
)
OWN_IMPORT = re.compile(
    r"^(?:from|import) ((?:supportsuccess|accounts|tickets|insights)[.\w]*)", re.MULTILINE
)
# Nothing here outlives the run.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "2MB",
}
SMALL = ("--wal-segsize=1", "--no-sync")
KEPT_CLUSTERS = 6


def sources_hash() -> str:
    sources = {path for pattern in SOURCES for path in paths.BASE_DIR.glob(pattern)}
    imported = {
        module.replace(".", "/")
        for path in sources
        if path.parent.name == "migrations"
        for module in OWN_IMPORT.findall(path.read_text())
    }
    for module in imported:
        sources |= {*paths.BASE_DIR.glob(f"{module}.py"), *paths.BASE_DIR.glob(f"{module}/*.py")}
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(sources):
        digest.update(f"{path.relative_to(paths.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Cluster:
    """A server with the migrated template on it."""

    def __init__(self) -> None:
        self.hash = sources_hash()
        self.template = f"ss_template_{self.hash}"
        self.server: Postgres | None = None

    def start(self) -> None:
        if os.environ.get("DATABASE_URL"):
            self._make_template(stamp=f"_{os.getpid()}")
            return
        self.server = Postgres(options=FAST, initdb=SMALL)
        self.copy_kept(to=self.server.data)
        self.server.start()

    def stop(self) -> None:
        if self.server is None:
            with psycopg.connect(admin_url(), autocommit=True) as connection:
                _drop(connection, self.template)
            return
        self.server.stop()
        for path in (self.server.state, self.server.socket_dir):
            shutil.rmtree(path, ignore_errors=True)

    def copy_kept(self, *, to: Path) -> None:
        """Copy the kept cluster, built where it is missing, to the data folder of a server."""
        with _kept_clusters() as kept:
            copy = kept / self.hash
            if not copy.exists():
                self._build(copy)
            _copy(copy, to=to)
            os.utime(copy)

    def _build(self, copy: Path) -> None:
        server = Postgres(options=FAST, initdb=SMALL)
        server.start().create_roles()
        try:
            self._make_template(stamp="")
        finally:
            server.stop()
        partial = copy.with_name(f"{copy.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        _copy(server.data, to=partial)
        partial.rename(copy)
        shutil.rmtree(server.data)
        _forget_oldest(copy.parent)

    def _make_template(self, *, stamp: str) -> None:
        self.template += stamp
        owner = urlsplit(url_of(self.template, role=OWNER_ROLE)).username or OWNER_ROLE
        with psycopg.connect(admin_url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(self.template), sql.Identifier(owner)
                )
            )
        migrated = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=paths.BASE_DIR,
            env={
                **os.environ,
                **environment_of(self.template),
                "DJANGO_SETTINGS_MODULE": "supportsuccess.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if migrated.returncode:
            raise RuntimeError(f"the test database cannot be migrated:\n{migrated.stderr}")
        with psycopg.connect(admin_url(self.template), autocommit=True) as connection:
            connection.execute((Path(__file__).parent / "flush.sql").read_bytes())


@contextlib.contextmanager
def clone(template: str, *, name: str) -> Iterator[None]:
    """A database of one's own, as the template is."""
    with psycopg.connect(admin_url(), autocommit=True) as connection:
        _drop(connection, name)
        owner = urlsplit(url_of(name, role=OWNER_ROLE)).username or OWNER_ROLE
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(owner)
            )
        )
        try:
            yield
        finally:
            _drop(connection, name)


def admin_url(database: str = "postgres") -> str:
    """Who may make databases and set session_replication_role."""
    given = os.environ.get("SS_TEST_ADMIN_URL") or os.environ.get("DATABASE_OWNER_URL")
    if given:
        return _with_database(given, database)
    return url_of(database, role="postgres")


def url_of(database: str, *, role: str) -> str:
    variable = "DATABASE_OWNER_URL" if role == OWNER_ROLE else "DATABASE_URL"
    if given := os.environ.get(variable):
        return _with_database(given, database)
    socket_dir = quote(str(paths.postgres_socket_dir()), safe="")
    return f"postgresql://{role}@{socket_dir}/{database}"


def environment_of(database: str) -> dict[str, str]:
    """What a program of its own needs to use that database."""
    return {
        "DATABASE_URL": url_of(database, role="ss_app"),
        "DATABASE_OWNER_URL": url_of(database, role=OWNER_ROLE),
    }


def _with_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


@contextlib.contextmanager
def _kept_clusters() -> Iterator[Path]:
    """The folder of kept clusters, locked: of two runs one builds."""
    folder = Path(tempfile.gettempdir()) / f"ss-test-clusters-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{folder} belongs to somebody else: remove it")
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _copy(source: Path, *, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", source, to], check=True)


def _forget_oldest(folder: Path) -> None:
    kept = sorted(
        (path for path in folder.iterdir() if path.is_dir()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in kept[KEPT_CLUSTERS:]:
        shutil.rmtree(path, ignore_errors=True)
