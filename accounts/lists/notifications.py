"""What the list of notices shows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from supportsuccess.lists import cells
from supportsuccess.lists.table import Column, Table

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class NotificationRow(NamedTuple):
    pk: int
    title: str
    created_at: datetime
    read_at: datetime | None
    mailed_at: datetime | None


def notification_table(*, now: datetime) -> Table[NotificationRow]:
    """A person's notices as of now."""
    return Table(
        id="notifications",
        caption="Notifications",
        url="accounts:notification",
        label=lambda row: row.title,
        columns=[
            Column(label="State", cell=_unread),
            Column(label="Notice", lead="yes", grow="yes", cell=lambda row: row.title),
            Column(label="Mail", priority=3, cell=_mail),
            Column(label="When", align="end", cell=lambda row: cells.ago(row.created_at, now=now)),
        ],
    )


def _unread(row: NotificationRow) -> SafeString:
    return cells.badge("New", "accent") if row.read_at is None else cells.badge("Read")


def _mail(row: NotificationRow) -> str:
    return "sent" if row.mailed_at else "pending"
