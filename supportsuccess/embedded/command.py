"""The embedded PostgreSQL around one management command.

The first command to come starts the server and holds `postgres.lock`; others use that server and
hold `postgres.users` shared meanwhile; who started it waits for them before stopping it.
"""

import contextlib
import os
import time
from collections.abc import Iterator

from supportsuccess.embedded import locks, paths
from supportsuccess.embedded.postgres import Postgres, postgres_answers
from supportsuccess.embedded.processes import CannotStart

PATIENCE_SECONDS = 60.0
# These start the servers themselves, or need none.
WITHOUT_DATABASE = frozenset({"up", "help", "--help", "--version", "version"})


@contextlib.contextmanager
def database_for_command(command: str) -> Iterator[None]:
    """Have a database answer while the command runs. Raises CannotStart."""
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE:
        yield
        return
    state = paths.make_state_dir()
    users = state / "postgres.users"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with locks.shared(users):
            if postgres_answers(paths.postgres_socket_dir()):
                yield
                return
        if starter := locks.take(state / "postgres.lock"):
            with starter, _running_server():
                yield
                with locks.exclusive(users):
                    return
        time.sleep(0.1)
    raise CannotStart(f"PostgreSQL in {state} is being started or stopped by another program")


@contextlib.contextmanager
def _running_server() -> Iterator[None]:
    server = Postgres()
    try:
        server.start().create_roles().create_database()
        yield
    finally:
        server.stop()
