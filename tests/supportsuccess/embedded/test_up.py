import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.supportsuccess.embedded.running import (
    PROGRAMS,
    Running,
    connect,
    is_delivered,
    is_true_soon,
    left_behind,
    prepare_database,
    promise,
)


@pytest.fixture
def prepared(state: Path) -> Path:
    prepare_database()
    return state


@pytest.fixture
def up(prepared: Path) -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


@pytest.mark.slow
def test_up_serves_until_it_is_stopped_and_leaves_nothing_behind(up: Running) -> None:
    up.wait_ready()
    assert [up.status(path) for path in ("/healthz", "/readyz", "/accounts/login/")] == [200] * 3

    second = Running()
    assert second.ended() == 1
    assert f"already running at http://localhost:{up.port}" in second.text

    assert up.stop() == 0
    assert "stopped" in up.text
    assert left_behind() == []


@pytest.mark.slow
def test_up_refuses_a_taken_port_before_it_starts_anything(prepared: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        refused = Running(port=listener.getsockname()[1])
        code = refused.ended()

    assert code == 1
    assert refused.text.startswith("ss: port ")
    assert refused.text.count("\n") == 1


@pytest.mark.storm
def test_whatever_is_killed_is_started_again_and_nothing_is_lost(up: Running) -> None:
    up.wait_ready()
    for program in PROGRAMS:
        promised = [promise(queue="quick"), promise(queue="long")]
        killed = up.pid_of(program)
        assert killed, program
        os.kill(killed, signal.SIGKILL)

        assert is_true_soon(lambda gone=killed, name=program: up.pid_of(name) not in {None, gone})
        assert is_true_soon(lambda: up.status("/readyz") == 200), up.text
        assert all(is_true_soon(lambda one=one: is_delivered(one)) for one in promised), up.text


@pytest.mark.storm
def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_start_goes_on(
    up: Running,
) -> None:
    up.wait_ready()
    with connect() as connection:
        connection.execute("DELETE FROM outbox_delivery")
    promised = promise(queue="quick")
    up.process.kill()
    up.process.wait()

    assert is_true_soon(lambda: left_behind() == []), left_behind()

    again = Running()
    try:
        again.wait_ready()
        assert is_true_soon(lambda: is_delivered(promised)), again.text
    finally:
        again.stop()


@pytest.mark.storm
def test_a_start_that_is_killed_anywhere_is_finished_by_the_next(state: Path) -> None:
    for seconds in (0.5, 1.5, 3.0, 6.0, 10.0):
        starting = Running()
        time.sleep(seconds)
        starting.process.kill()
        starting.process.wait()
        assert is_true_soon(lambda: left_behind() == []), left_behind()

    finished = Running()
    try:
        assert is_true_soon(lambda: "is ready at" in finished.text, seconds=180), finished.text
    finally:
        finished.stop()
