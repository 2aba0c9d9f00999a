"""Storms: kills, races and bad input in numbers. SS_STORM=small for the size that CI runs."""

import multiprocessing
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from tests import cluster
from tests.storms.processes import Point, run

PATIENCE_SECONDS = 60
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
"""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Nobody waits for what storms import who runs none."""
    is_left_out = "not storm" in config.option.markexpr and collection_path.suffix == ".py"
    return True if is_left_out else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.storm)


@pytest.fixture(scope="session")
def is_small() -> bool:
    return os.environ.get("SS_STORM") == "small"


@dataclass
class Mailbox:
    """What a real SMTP server took."""

    port: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - its name for it
        mail = message_from_bytes(envelope.content)
        self.taken.append((mail["Message-ID"], envelope.rcpt_tos[0]))
        return "250 OK"


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(smtp_server: Mailbox) -> Mailbox:
    smtp_server.taken.clear()
    return smtp_server


@dataclass
class Processes:
    """Starts programs of `processes`; each ends by itself, or is killed where it was told."""

    environment: dict[str, str]
    context: Any = field(default_factory=lambda: multiprocessing.get_context("forkserver"))

    def start(
        self, work: str, arguments: dict[str, Any], *, at: Point | None = None
    ) -> tuple[ForkServerProcess, Any]:
        """A running process, and where its answer can be read."""
        answer, told = self.context.Pipe(duplex=False)
        process = self.context.Process(
            target=run, args=(work, arguments), kwargs={"point": at, "answer": told}, daemon=True
        )
        with mock.patch.dict(os.environ, self.environment):
            process.start()
        told.close()
        return process, answer

    def finish(self, work: str, arguments: dict[str, Any], *, at: Point | None = None) -> Any:
        """Work to its end: what came out, and how often the point was passed."""
        process, answer = self.start(work, arguments, at=at)
        assert answer.poll(PATIENCE_SECONDS), f"{work} does not end"
        error, result = answer.recv()
        process.join(PATIENCE_SECONDS)
        assert error is None, error
        return result

    def kill(self, work: str, arguments: dict[str, Any], *, at: Point) -> None:
        """Work until the point; fails when the work ends without coming there."""
        process, answer = self.start(work, arguments, at=at)
        process.join(PATIENCE_SECONDS)
        if process.exitcode != -9:
            told = answer.recv() if answer.poll(0) else None
            pytest.fail(f"{work} was not killed at “{at}”: {process.exitcode} {told}")
        wait_until_alone()


@pytest.fixture
def processes(transactional_db: None, database_name: str, smtp_server: Mailbox) -> Processes:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storms.processes"])
    environment = cluster.environment_of(database_name) | {
        "DJANGO_SETTINGS_MODULE": "supportsuccess.settings",
        "SS_MAIL_URL": f"smtp://127.0.0.1:{smtp_server.port}",
        "SS_LOG_LEVEL": "CRITICAL",
    }
    return Processes(environment, context)


def wait_until_alone() -> None:
    """Until the database has noticed that a killed process is gone, and rolled back its work."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.02)
    pytest.fail("a killed process still has a connection")
