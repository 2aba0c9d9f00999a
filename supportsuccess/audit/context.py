"""What the edge knows about the request in hand, so that groups can note it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass
class Request:
    """One request; `group_id` is the group that carries its operation id."""

    request_id: str = ""
    operation_id: UUID | None = None
    body_hash: str = ""
    group_id: int | None = None


_current: ContextVar[Request] = ContextVar("audit_request")


def current_request() -> Request:
    """The request being answered, or an empty one outside of requests."""
    return _current.get(Request())


@contextmanager
def in_request(request: Request) -> Iterator[Request]:
    """Note the request in every group opened inside."""
    token = _current.set(request)
    try:
        yield request
    finally:
        _current.reset(token)
