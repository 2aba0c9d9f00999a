from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import models

from supportsuccess import audit
from tickets.models.tickets import Channel, TicketKind

if TYPE_CHECKING:
    from datetime import datetime


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


class StagedEvent(models.Model):
    """A usable row of a file between its check and its run; the run takes it away."""

    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # the line of the file, the header being the first
    line = models.PositiveIntegerField()
    ticket = models.TextField(db_collation="C")
    key = models.TextField()
    occurred_at = models.DateTimeField()
    sequence = models.IntegerField()
    status = models.TextField(blank=True)
    source_status = models.TextField(blank=True)
    priority = models.TextField(blank=True)
    team = models.TextField(blank=True)
    assignee_label = models.TextField(blank=True)
    by_label = models.TextField(blank=True)
    is_blocked = models.BooleanField(null=True)
    reopen_count = models.PositiveIntegerField(null=True)
    reassignment_count = models.PositiveIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    customer = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    ticket_kind = models.TextField(blank=True)
    url = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch", "ticket"], name="stagedevent_by_ticket"),
        ]
        triggers = audit.unaudited("rows of a file on their way in; what they become is audited")

    def __str__(self) -> str:
        return f"{self.ticket} {self.key}"
