"""What an adapter says of a row of its file: one neutral record, or why the row is unusable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tickets.models import Channel, TicketKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

CACHED_MOMENTS = 65_536


class Unusable(Exception):
    """A row can't be taken: the column at fault, and the reason in words for its author."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


class EventRecord(NamedTuple):
    """What a source said of a ticket at one moment; an empty field says nothing.

    `key` names the event within its ticket, so that reading it twice stores it once.
    """

    ticket: str
    key: str
    occurred_at: datetime
    sequence: int = 0
    status: str = ""
    source_status: str = ""
    priority: str = ""
    team: str = ""
    assignee_label: str = ""
    by_label: str = ""
    is_blocked: bool | None = None
    reopen_count: int | None = None
    reassignment_count: int | None = None
    # what is said once of the whole ticket
    opened_at: datetime | None = None
    customer: str = ""
    contact: str = ""
    subject: str = ""
    channel: str = Channel.OTHER
    ticket_kind: str = TicketKind.OTHER
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketFormat:
    """A layout of ticket files: the columns it needs, and how a row becomes an event."""

    key: str
    name: str
    columns: tuple[str, ...]
    read: Callable[[Mapping[str, str]], EventRecord]
    # its stamps say when the company knew
    is_event_log: bool
    # a file of this format names no customer: whoever imports it says whose it is
    needs_customer: bool = False


def required(row: Mapping[str, str], column: str) -> str:
    """A cell that must say something. Raises Unusable."""
    text = row[column].strip()
    if not text:
        raise Unusable(column, "is empty")
    return text


def chosen(row: Mapping[str, str], column: str, *, among: Mapping[str, str]) -> str:
    """What a cell's word means here. Raises Unusable for a word we do not know."""
    text = row[column].strip()
    if text not in among:
        raise Unusable(column, f"“{text}” is not one of {', '.join(among)}")
    return among[text]


def counted(row: Mapping[str, str], column: str) -> int:
    """A whole number from 0 up. Raises Unusable."""
    text = row[column].strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Unusable(column, f"“{text}” is not a whole number")
    return int(text)


def moment(
    row: Mapping[str, str], column: str, *, parse: Callable[[str], datetime], form: str
) -> datetime:
    """A moment with its zone, between 1990 and 2100. Raises Unusable, naming the form wanted."""
    text = row[column].strip()
    try:
        read = _cached(parse, text)
    except ValueError:
        raise Unusable(column, f"“{text}” is not a moment of the form {form}") from None
    if read.tzinfo is None:
        raise Unusable(column, f"“{text}” has no time zone")
    if not 1990 <= read.year < 2100:
        raise Unusable(column, f"“{text}” lies outside of 1990 to 2099")
    return read


@lru_cache(maxsize=CACHED_MOMENTS)
def _cached(parse: Callable[[str], datetime], text: str) -> datetime:
    return parse(text)
