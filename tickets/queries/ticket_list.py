"""What a list of tickets reads: its rows, its words, and which due one comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Assignment
from supportsuccess.lists.keyset import Keyset
from tickets.models import Handoff, Labeling, TicketEvent, TicketEventKind
from tickets.queries.tickets import with_decision_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from supportsuccess.lists.periods import Period
    from tickets.models import Ticket
    from tickets.models.tickets import TicketQuerySet

NEWEST_FIRST = Keyset(("-opened_at", "-pk"))


class TicketRow(NamedTuple):
    pk: int
    number: str
    subject: str
    customer_id: int | None
    customer__name: str | None
    channel: str
    kind: str
    priority: str
    is_blocked: bool
    opened_at: datetime
    learning: str
    labels_answered: int
    learning_due_at: datetime | None
    decision_on: date | None
    owner_name: str | None
    handoff_state: str | None


@dataclass(frozen=True)
class Answered:
    """How many tickets a person answered, and when last."""

    tickets: int
    last_at: datetime | None


def next_due(tickets: TicketQuerySet, *, after: Ticket) -> Ticket | None:
    """The due ticket below this one in the inbox, else the newest of those left; none: all done."""
    others = tickets.exclude(pk=after.pk)
    cursor = NEWEST_FIRST.cursor(after)
    below = NEWEST_FIRST.after(others, cursor=cursor).first()
    return below or NEWEST_FIRST.after(others, cursor="").first()


def answered_since(moment: datetime, *, by: User) -> Answered:
    """What a person answered since a moment."""
    given = Labeling.objects.visible_to(by).filter(by=by, recorded_at__gte=moment)
    found = given.exclude(value=None).aggregate(
        tickets=Count("ticket", distinct=True), last_at=Max("recorded_at")
    )
    return Answered(**found)


def within(tickets: TicketQuerySet, column: str, period: Period) -> TicketQuerySet:
    """Tickets whose moment of this name lies in a period."""
    start, end = period
    return tickets.filter(**{f"{column}__gte": start, f"{column}__lt": end})


def reopened_within(tickets: TicketQuerySet, period: Period) -> TicketQuerySet:
    """Tickets that were opened again in a period, as far as no import took that back."""
    start, end = period
    events = TicketEvent.objects.filter(
        ticket=OuterRef("pk"),
        kind=TicketEventKind.REOPENED,
        occurred_at__gte=start,
        occurred_at__lt=end,
        batch__withdrawn_at=None,
    )
    return tickets.reopened().filter(Exists(events))


def with_columns(tickets: TicketQuerySet, *, user: User) -> TicketQuerySet:
    """With what a row says of the customer: who owns it, when it decides, what was handed over."""
    owners = Assignment.objects.visible_to(user).in_role("owner").current()
    handoffs = Handoff.objects.visible_to(user).open().filter(tickets=OuterRef("pk"))
    name = Coalesce("holder_user__name", "holder_pool__name")
    return with_decision_on(tickets, user=user).annotate(
        owner_name=Subquery(
            owners.filter(customer=OuterRef("customer")).annotate(held_by=name).values("held_by")
        ),
        handoff_state=Subquery(handoffs.order_by("-offered_at").values("state")[:1]),
    )
