"""Which promise is being delivered, so that what is sent can carry its id."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_delivery: ContextVar[int] = ContextVar("outbox_delivery")


def stable_id() -> str:
    """The same for every attempt of the promise being delivered. Raises LookupError elsewhere."""
    return f"delivery-{_delivery.get()}"


@contextmanager
def delivering(delivery_id: int) -> Iterator[None]:
    """Mark a promise as being delivered inside."""
    token = _delivery.set(delivery_id)
    try:
        yield
    finally:
        _delivery.reset(token)
