"""Redis and Valkey as a broker: a worker that cannot acknowledge connects anew.

When the connection is lost while a task runs, kombu logs the failed acknowledgement and keeps the
task's place in the prefetch window for ever. With a window of one the worker is deaf from then on,
connected and silent. A broken pipe is the one failure that it hands on to the consumer, which then
connects anew with an empty window; the broker gives the unacknowledged message out again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from kombu.transport import TRANSPORT_ALIASES, redis


class QoS(redis.QoS):
    def ack(self, delivery_tag: str) -> None:
        with as_broken_pipe():
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's
        with as_broken_pipe():
            super().reject(delivery_tag, requeue=requeue)


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel


@contextmanager
def as_broken_pipe() -> Iterator[None]:
    try:
        yield
    except redis.Transport.connection_errors as error:
        raise BrokenPipeError(*error.args) from error


def use() -> None:
    """Have every redis:// and redis+socket:// URL use this transport."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "supportsuccess.broker:Transport"))
