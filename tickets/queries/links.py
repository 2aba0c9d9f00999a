"""The ticket that a link from the helpdesk means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Source
from tickets.models import Ticket

if TYPE_CHECKING:
    from accounts.models import User

MOST = 9  # as many as there are keys to choose by


def linked_tickets(*, source: str, name: str, user: User) -> list[Ticket]:
    """The one that its source calls so, else all with that number, the newest first."""
    found = Ticket.objects.visible_to(user).of_source(source).called(name).for_panel()[:MOST]
    return [ticket for ticket in found if ticket.external_id == name] or list(found)


def source_named(key: str) -> Source | None:
    return Source.objects.filter(key=key).first()


def source_keys() -> list[str]:
    """What a link may say as its source."""
    return list(Source.objects.order_by("key").values_list("key", flat=True))
