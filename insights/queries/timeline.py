"""A customer's story in one list: tickets, touches, handoffs, promises, decisions, health."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from insights.queries.timeline_sql import BRANCHES
from supportsuccess.lists.keyset import BadCursor
from supportsuccess.lists.periods import Period

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User

PAGE = 40
ALL_OF = "WITH events AS ({}) TABLE events ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT %(limit)s"
# what a filter chip stands for
KINDS: dict[str, tuple[str, ...]] = {
    "tickets": ("opened", "solved", "reopened"),
    "touches": ("touch",),
    "handoffs": ("handoff", "promise"),
    "renewals": ("decision", "closed"),
    "health": ("health", "override", "pulse"),
}
PERMISSIONS = {
    "tickets": "tickets.view_ticket",
    "touches": "accounts.view_customer",
    "handoffs": "tickets.view_handoff",
    "renewals": "accounts.view_renewal",
    "health": "insights.view_health",
}


class Event(NamedTuple):
    """One line of the timeline, as its branch gave it."""

    at: datetime
    source: str
    id: int
    kind: str
    who: str
    title: str
    body: str
    number: int | None
    ref: int | None
    customer_id: int
    zone: str

    @property
    def day(self) -> Period:
        """The whole day of the event where the company is."""
        zone = ZoneInfo(self.zone)
        first = self.at.astimezone(zone).date()
        ends = (first, first + timedelta(days=1))
        return Period(*(datetime.combine(day, time(), tzinfo=zone) for day in ends))


@dataclass(frozen=True)
class Timeline:
    """Some events, the newest first, and where the earlier ones begin."""

    events: list[Event]
    next_cursor: str


def timeline_of(
    customer_id: int, *, user: User, kinds: Collection[str], cursor: str, zone: str
) -> Timeline:
    """A page of what happened, in one statement; the customer is visible already.

    Raises BadCursor.
    """
    allowed = [kind for kind in KINDS if user.has_perm(PERMISSIONS[kind])]
    asked = [kind for kind in allowed if kind in kinds] or allowed
    branches = [BRANCHES[source] for kind in asked for source in KINDS[kind]]
    if not branches:
        return Timeline([], "")
    at, source, last_id = _read(cursor) if cursor else (None, "", 0)
    with connection.cursor() as database:
        database.execute(
            ALL_OF.format("\nUNION ALL\n".join(branches)),
            {
                "customer_id": customer_id,
                "sees_contacts": user.has_perm("accounts.view_contact"),
                "zone": zone,
                "goes_on": bool(cursor),
                "at": at,
                "source": source,
                "id": last_id,
                "limit": PAGE + 1,
            },
        )
        events = [Event(*(*row, customer_id, zone)) for row in database.fetchall()]
    kept = events[:PAGE]
    return Timeline(kept, _cursor(kept[-1]) if len(events) > PAGE else "")


def _cursor(event: Event) -> str:
    place = json.dumps([event.at.isoformat(), event.source, event.id])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, str, int]:
    try:
        at, source, last_id = json.loads(
            base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        )
        moment, number = datetime.fromisoformat(at), int(last_id)
        known = moment.tzinfo is not None and source in BRANCHES and 0 <= number < 2**63
    except (binascii.Error, ValueError, TypeError):
        known = False
    if not known:
        raise BadCursor("This page does not exist; start at the first one.")
    return moment, source, number
