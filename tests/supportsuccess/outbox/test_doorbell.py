import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.db import transaction
from kombu import Queue

from supportsuccess import outbox
from supportsuccess.outbox import doorbell


@pytest.fixture(autouse=True)
def _own_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorbell, "_doorbell", None)


def app_at(broker: str, monkeypatch: pytest.MonkeyPatch) -> Celery:
    app = Celery("test", broker=broker, set_as_current=False)
    app.conf.task_queues = [Queue("quick"), Queue("long")]
    app.conf.broker_transport_options = {"socket_timeout": 5, "confirm_publish": True}
    monkeypatch.setattr(doorbell, "current_app", app)
    return app


def seconds_of(rings: int) -> float:
    began = time.perf_counter()
    for _ in range(rings):
        doorbell.ring("quick")
    return time.perf_counter() - began


@pytest.fixture
def black_hole(tmp_path: Path) -> Iterator[str]:
    """A broker that takes the connection and never says a word."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(50)
        yield f"redis+socket://{path}"


@pytest.mark.parametrize("broker", ["amqp://127.0.0.1:1//", "redis://127.0.0.1:1/0", "black hole"])
def test_ring_takes_no_time_while_the_broker_is_away(
    broker: str, black_hole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_at(black_hole if broker == "black hole" else broker, monkeypatch)

    assert seconds_of(100) < 0.2


@pytest.mark.parametrize("broker", ["amqp://127.0.0.1:1//", "redis://127.0.0.1:1/0", "black hole"])
def test_publishing_gives_up_soon(
    broker: str, black_hole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_at(black_hole if broker == "black hole" else broker, monkeypatch)
    began = time.perf_counter()

    with doorbell.short_connection() as connection, pytest.raises(doorbell.failures(connection)):
        doorbell.publish("quick", connection)

    assert time.perf_counter() - began < 5


@pytest.mark.django_db(transaction=True)
def test_promise_rings_for_its_queue_after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_at("memory://doorbell", monkeypatch)

    with transaction.atomic():
        outbox.promise("note", queue=outbox.LONG)

    with app.connection_for_read() as connection, connection.SimpleQueue("long") as queue:
        message = queue.get(timeout=30)
    assert message.headers["task"] == doorbell.RING
    assert message.payload[0] == ["long"]


@pytest.mark.django_db(transaction=True)
def test_promise_rolled_back_does_not_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "ring", rung.append)

    with transaction.atomic():
        outbox.promise("note")
        transaction.set_rollback(True)

    assert rung == []
