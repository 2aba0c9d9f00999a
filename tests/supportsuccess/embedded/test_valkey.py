from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from supportsuccess.embedded.processes import CannotStart
from supportsuccess.embedded.valkey import OPTIONS, Valkey


@pytest.fixture
def valkey(state: Path) -> Iterator[Valkey]:
    server = Valkey()
    yield server
    server.stop()


def client(server: Valkey) -> Redis:
    return Redis(unix_socket_path=str(server.socket))


def test_a_second_start_keeps_what_was_queued(valkey: Valkey) -> None:
    with client(valkey.start()) as connection:
        connection.lpush("quick", "ring")
    valkey.stop()

    valkey.start()

    with client(valkey) as connection:
        assert connection.llen("quick") == 1


def test_a_killed_server_starts_again(valkey: Valkey) -> None:
    valkey.start()
    assert valkey.process
    valkey.process.kill()
    valkey.process.wait()

    valkey.start()

    with client(valkey) as connection:
        assert connection.ping()


def test_what_keeps_the_server_from_starting_is_said(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPTIONS, "port", "x")

    with pytest.raises(CannotStart, match="Valkey did not start"):
        valkey.start()
