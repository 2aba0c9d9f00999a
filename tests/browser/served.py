"""The program as a process of its own, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import cluster


class Served:
    """A web server that a browser can visit; its socket is open before it has started."""

    def __init__(self, *, database: str, log: Path) -> None:
        self.log = log
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(64)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        with log.open("w") as output:
            self.process = subprocess.Popen(
                self._command(),
                env={
                    **os.environ,
                    **cluster.environment_of(database),
                    "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
                    "SS_PROCESS": "web",
                },
                pass_fds=[self.socket.fileno()],
                stdout=output,
                stderr=output,
            )

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "gunicorn", "supportsuccess.wsgi:application"),
            *("--bind", f"fd://{self.socket.fileno()}", "--threads", "4", "--no-control-socket"),
        ]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.socket.close()


class Desk:
    """Where a browser test prepares and reads data.

    While Playwright runs, an event loop stands in the test's thread and the ORM refuses to work
    there; here it has a thread of its own, and the database of the served program.
    """

    def __init__(self, *, database: str, blocker: DjangoDbBlocker) -> None:
        self.database = database
        self.blocker = blocker
        self.thread = ThreadPoolExecutor(max_workers=1, initializer=self._use_database)

    def __call__[Result](self, work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """What `work` returns, done at the desk: desk(CustomerFactory, name="Halden Lifts")."""
        with self.blocker.unblock():
            return self.thread.submit(work, *args, **kwargs).result()

    def clear(self) -> None:
        """Empty the tables, as after a test that commits."""
        self(_flush)

    def close(self) -> None:
        self(connections.close_all)
        self.thread.shutdown()

    def _use_database(self) -> None:
        for alias in connections:
            connection = connections[alias]
            connection.settings_dict = {**connection.settings_dict, "NAME": self.database}


def _flush() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT test_baseline.flush()")
