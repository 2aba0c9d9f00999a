"""What was written on tickets: one row per message.

`ticket`, `source` (whose ticket it is), `occurred_at`, `direction` and `body` are needed; `message`
tells two of one moment apart. A body may have many lines.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from supportsuccess.imports.cells import Unusable, chosen, moment, required, text
from supportsuccess.imports.formats import Format, Outcome, Section, usable
from tickets.actions.message_recording import Written, count_known, record_messages
from tickets.adapters.ticket_logs import actor
from tickets.models import MessageDirection

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ("ticket", "source", "occurred_at", "message", "direction", "by", "body")
LONGEST_NAME = 150
# All its words must fit into the megabyte that the index of words takes of one row.
LONGEST_BODY = 100_000
DIRECTIONS = {value: value for value in MessageDirection.values}


class MessageFile(Format):
    """Messages of tickets that are here already."""

    name = "messages"
    label = "Messages of tickets, our own layout"
    required_columns = COLUMNS

    def check(self, section: Section) -> Outcome:
        """Judge the rows; those of tickets that nobody knows are counted apart."""
        outcome = Outcome()
        messages = _messages(section, outcome)
        known = count_known(messages)
        outcome.count("messages", known=known, unknown=len(messages) - known)
        return outcome

    def run(self, section: Section) -> Outcome:
        """Record the messages of known tickets."""
        outcome, batch = Outcome(), section.batch
        messages = _messages(section, outcome)
        outcome.count("messages", **record_messages(batch, messages=messages, by=actor(batch)))
        return outcome


def _messages(section: Section, outcome: Outcome) -> list[Written]:
    return [message for _, message in usable(section, outcome, read=_read)]


def _read(row: Mapping[str, str]) -> Written:
    at = moment(row, "occurred_at", parse=datetime.fromisoformat, form="2026-06-01T09:30:00+02:00")
    return Written(
        ticket=required(row, "ticket"),
        source=required(row, "source"),
        at=at,
        key=f"{at.isoformat()} {_short(row, 'message', most=LONGEST_NAME)}",
        direction=chosen(row, "direction", among=DIRECTIONS),
        by_label=_short(row, "by", most=LONGEST_NAME),
        body=_short(row, "body", most=LONGEST_BODY) or required(row, "body"),
    )


def _short(row: Mapping[str, str], column: str, *, most: int) -> str:
    said = text(row, column)
    if len(said) > most:
        raise Unusable(column, f"is longer than {most} characters")
    return said


MESSAGES = MessageFile()
