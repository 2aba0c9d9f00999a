"""The inbox: the tickets whose labels are due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from supportsuccess.lists.cells import duration
from supportsuccess.lists.empty import all_done
from tickets.lists.tickets import DueFilters, TicketList
from tickets.queries.ticket_list import answered_since

if TYPE_CHECKING:
    from supportsuccess.lists.empty import Empty
    from tickets.models.tickets import TicketQuerySet


class Inbox(TicketList):
    """The tickets whose labels are due, the newest first."""

    name, title, url, noun = "inbox", "Inbox", "tickets:inbox", "due ticket"
    filters = DueFilters

    def everything(self) -> TicketQuerySet:
        return super().everything().due()

    def nothing(self) -> Empty:
        if not super().everything().exists():
            return super().nothing()
        midnight = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        mine = answered_since(midnight, by=self.user)
        text = "New tickets come here as they arrive."
        if mine.last_at is not None:
            noun = "ticket" if mine.tickets == 1 else "tickets"
            last = duration(max(self.now - mine.last_at, timedelta()))
            text = f"You labelled {mine.tickets} {noun} today, the last {last} ago."
        return all_done("All labelled", text=text)
