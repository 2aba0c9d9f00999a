"""Tickets whose lesson is due: a page of them, how many there are, and which one comes next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Assignment, Customer
from supportsuccess.lists.keyset import Keyset
from supportsuccess.lists.table import rows_of
from tickets.models import Handoff, Labeling, Ticket
from tickets.queries.tickets import with_decision_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from tickets.models.tickets import TicketQuerySet

PAGE_SIZE = 50
COUNTED = 10_000
CUSTOMERS_FOUND = 1000
UNMATCHED = "none"
NEWEST_FIRST = Keyset(("-opened_at", "-id"))
OLDEST_FIRST = Keyset(("opened_at", "id"))


@dataclass(frozen=True, kw_only=True)
class InboxFilters:
    """Which due tickets are asked for."""

    text: str = ""
    team_id: int | None = None
    kind: str = ""
    # the customer's id, or UNMATCHED
    customer: str = ""
    is_overdue: bool = False

    def __bool__(self) -> bool:
        return any(asdict(self).values())


class InboxRow(NamedTuple):
    id: int
    number: str
    subject: str
    customer_id: int | None
    customer__name: str | None
    channel: str
    kind: str
    priority: str
    is_blocked: bool
    opened_at: datetime
    labels_answered: int
    learning_due_at: datetime | None
    decision_on: date | None
    owner_name: str | None
    handoff_state: str | None


@dataclass(frozen=True)
class InboxPage:
    """Some due tickets, newest first, and where the pages beside begin; empty where none is."""

    rows: list[InboxRow]
    after: str
    before: str


@dataclass(frozen=True)
class Answered:
    """How many tickets a person answered, and when last."""

    tickets: int
    last_at: datetime | None


def due_tickets(user: User, *, filters: InboxFilters, at: datetime) -> TicketQuerySet:
    """Tickets this person may see whose labels are due, as asked for."""
    tickets = Ticket.objects.visible_to(user).due()
    if filters.team_id is not None:
        tickets = tickets.filter(team=filters.team_id)
    if filters.kind:
        tickets = tickets.filter(kind=filters.kind)
    if filters.customer:
        is_unmatched = filters.customer == UNMATCHED
        tickets = tickets.filter(customer=None if is_unmatched else int(filters.customer))
    if filters.is_overdue:
        tickets = tickets.overdue(at)
    return _matching(tickets, text=filters.text) if filters.text else tickets


def inbox_page(tickets: TicketQuerySet, *, user: User, after: str, before: str) -> InboxPage:
    """The 50 tickets after one cursor or before another. Raises BadCursor."""
    rows = _with_columns(tickets, user=user)
    if before:
        found = rows_of(InboxRow, OLDEST_FIRST.after(rows, cursor=before)[: PAGE_SIZE + 1])
        page = OLDEST_FIRST.cut(found, size=PAGE_SIZE)
        newest_first = page.rows[::-1]
        following = NEWEST_FIRST.cursor(newest_first[-1]) if newest_first else ""
        return InboxPage(rows=newest_first, after=following, before=page.next_cursor)
    found = rows_of(InboxRow, NEWEST_FIRST.after(rows, cursor=after)[: PAGE_SIZE + 1])
    page = NEWEST_FIRST.cut(found, size=PAGE_SIZE)
    previous = OLDEST_FIRST.cursor(page.rows[0]) if after and page.rows else ""
    return InboxPage(rows=page.rows, after=page.next_cursor, before=previous)


def count_due(tickets: TicketQuerySet) -> int:
    """How many there are, counted no further than one over 10,000."""
    return tickets.order_by()[: COUNTED + 1].count()


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


def has_tickets(user: User) -> bool:
    """Whether this person may see any ticket at all."""
    return Ticket.objects.visible_to(user).exists()


def _matching(tickets: TicketQuerySet, *, text: str) -> TicketQuerySet:
    # Customers first: then either side has an index, and none is tried ticket by ticket.
    found = Customer.objects.named_like(text).values_list("pk", flat=True)[:CUSTOMERS_FOUND]
    words = SearchQuery(text, config="simple", search_type="plain")
    return tickets.filter(Q(customer__in=list(found)) | Q(search=words))


def _with_columns(tickets: TicketQuerySet, *, user: User) -> TicketQuerySet:
    owners = Assignment.objects.visible_to(user).in_role("owner").current()
    handoffs = Handoff.objects.visible_to(user).open().filter(tickets=OuterRef("pk"))
    name = Coalesce("holder_user__name", "holder_pool__name")
    return with_decision_on(tickets, user=user).annotate(
        owner_name=Subquery(
            owners.filter(customer=OuterRef("customer")).annotate(held_by=name).values("held_by")
        ),
        handoff_state=Subquery(handoffs.order_by("-offered_at").values("state")[:1]),
    )
