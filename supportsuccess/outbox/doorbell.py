"""Telling the workers that there is work, without ever waiting for the broker.

A thread of its own publishes: a request sets an event and goes on, be the broker down, frozen or
behind a black hole. What is lost here costs the two seconds until the next tick of beat.
"""

import os
import threading

import structlog
from celery import current_app
from kombu import Connection
from kombu.exceptions import KombuError

BUDGET = 0.2
RING = "outbox.ring"
# A ring that nobody took by then is worth nothing: later ones have been sent.
EXPIRES = 60
log = structlog.get_logger(__name__)


class Doorbell:
    """One thread and one connection to the broker, in the process that made it."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._queues: set[str] = set()
        self._rung = threading.Condition()
        self._is_broken = False
        threading.Thread(target=self._publish_for_ever, name="doorbell", daemon=True).start()

    def ring(self, queue: str) -> None:
        with self._rung:
            self._queues.add(queue)
            self._rung.notify()

    def _publish_for_ever(self) -> None:
        connection: Connection | None = None
        while True:
            with self._rung:
                self._rung.wait_for(lambda: self._queues)
                queues, self._queues = self._queues, set()
            connection = connection or short_connection()
            try:
                for queue in queues:
                    publish(queue, connection)
                self._is_broken = False
            except failures(connection) as error:
                self._say_once(error)
                connection.release()
                connection = None

    def _say_once(self, error: BaseException) -> None:
        if not self._is_broken:
            log.warning("doorbell_silent", error=repr(error), until="the broker answers again")
        self._is_broken = True


def short_connection() -> Connection:
    """A connection that gives up at once instead of trying again."""
    options = dict(current_app.conf.broker_transport_options)
    options.pop("confirm_publish", None)  # a ring may be lost
    options |= {
        "max_retries": 0,
        "socket_connect_timeout": BUDGET,
        "socket_timeout": BUDGET,
        "read_timeout": BUDGET,
        "write_timeout": BUDGET,
    }
    return current_app.connection_for_write(connect_timeout=BUDGET, transport_options=options)


def publish(queue: str, connection: Connection) -> None:
    """Send one ring, or raise what the transport raises."""
    with connection.Producer(auto_declare=False) as producer:
        current_app.send_task(
            RING,
            args=[queue],
            queue=queue,
            producer=producer,
            retry=False,
            ignore_result=True,
            expires=EXPIRES,
        )


def failures(connection: Connection) -> tuple[type[BaseException], ...]:
    """What publishing may raise while the broker is away."""
    return (OSError, KombuError, *connection.connection_errors, *connection.channel_errors)


_doorbell: Doorbell | None = None
_making = threading.Lock()


def ring(queue: str) -> None:
    """Ask a worker to look into this queue. Never waits, never fails."""
    global _doorbell  # noqa: PLW0603 - one per process; a forked child has no thread yet
    with _making:
        if _doorbell is None or _doorbell.process != os.getpid():
            _doorbell = Doorbell()
    _doorbell.ring(queue)
