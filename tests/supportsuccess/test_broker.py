import pytest
from celery import current_app
from kombu.transport import redis as kombu_redis
from kombu.transport.virtual import Channel as VirtualChannel
from redis.exceptions import ConnectionError as RedisConnectionError

from supportsuccess import broker


@pytest.mark.parametrize("answer", ["ack", "reject"])
def test_an_answer_that_is_lost_is_a_broken_pipe(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object, **__: object) -> None:
        raise RedisConnectionError("Connection closed by server.")

    monkeypatch.setattr(kombu_redis.QoS, answer, lose)
    window = broker.QoS.__new__(broker.QoS)

    with pytest.raises(BrokenPipeError, match="closed by server"):
        getattr(window, answer)("tag")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/s.sock"])
def test_every_redis_url_uses_it(url: str) -> None:
    connection = current_app.connection_for_write(url)

    assert isinstance(connection.transport, broker.Transport)
    assert issubclass(broker.Channel, VirtualChannel)
    assert broker.Channel.QoS is broker.QoS
