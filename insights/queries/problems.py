"""What known issues cost: their tickets, and the customers who wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, F, Func, OuterRef, Q, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce

from insights.models import ListedCustomer
from supportsuccess.audit.models import Change, ChangeKind
from tickets.models import (
    INHERITED_DIMENSIONS,
    UNSOLVED_STATUSES,
    Learning,
    ProblemState,
    Ticket,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from accounts.models import User
    from insights.models.renewals import ListedCustomerQuerySet
    from tickets.models import Problem
    from tickets.models.problems import ProblemQuerySet

SHOWN = 8
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FIELDS = {
    "title": "title",
    "error_signature": "error signature",
    "tracker_key": "key in the tracker",
    "state": "state",
} | {f"{dimension}_id": dimension.label.lower() for dimension in INHERITED_DIMENSIONS}


class ProblemRow(NamedTuple):
    """What one row of the list shows."""

    pk: int
    title: str
    error_signature: str
    state: str
    tracker_key: str
    open_tickets: int
    all_tickets: int
    customers: int
    arr: Decimal | None
    newest_at: datetime


class Told(NamedTuple):
    """When somebody said something of a problem, and what."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Affected:
    """What one problem costs, as far as a person may see it."""

    tickets: int
    open: int
    due: int
    customers: int
    arr: Decimal | None
    largest: list[ListedCustomer]


def with_costs(problems: ProblemQuerySet, *, user: User) -> ProblemQuerySet:
    """With the tickets and customers of each that this person may see."""
    tickets = Ticket.objects.visible_to(user).order_by().filter(problem=OuterRef("pk"))
    customers = customers_of(OuterRef(OuterRef("pk")), user=user)
    return problems.annotate(
        open_tickets=_number(tickets.filter(status__in=UNSOLVED_STATUSES), "COUNT", "id"),
        all_tickets=_number(tickets, "COUNT", "id"),
        newest_at=Coalesce(_total(tickets, "MAX", "opened_at"), Value(NEVER)),
        customers=_number(customers, "COUNT", "customer_id"),
        arr=_total(customers, "SUM", "arr"),
    )


def customers_of(problem: Any, *, user: User) -> ListedCustomerQuerySet:
    """The customers that have a ticket of a problem."""
    tickets = Ticket.objects.visible_to(user).filter(problem=problem)
    return ListedCustomer.objects.visible_to(user).of_customers(tickets.values("customer"))


def affected_by(problem: Problem, *, user: User) -> Affected:
    """The figures of a problem's page, in two queries."""
    tickets = Ticket.objects.visible_to(user).of_problem(problem.pk)
    counted = tickets.aggregate(
        tickets=Count("pk"),
        open=Count("pk", filter=Q(status__in=UNSOLVED_STATUSES)),
        due=Count("pk", filter=Q(learning=Learning.DUE)),
    )
    customers = customers_of(problem.pk, user=user).select_related("customer", "owner")
    summed = customers.annotate(customers=Window(Count("pk")), all_arr=Window(Sum("arr")))
    largest = list(summed.order_by("-arr_rank", "-customer")[:SHOWN])
    return Affected(
        largest=largest,
        customers=getattr(next(iter(largest), None), "customers", 0),
        arr=getattr(next(iter(largest), None), "all_arr", None),
        **counted,
    )


def newest_tickets(problem: Problem, *, user: User) -> list[Ticket]:
    """The tickets that were linked to a problem, the newest first."""
    tickets = Ticket.objects.visible_to(user).of_problem(problem.pk).for_panel()
    return list(tickets.order_by("-opened_at", "-pk")[:SHOWN])


def history_of(problem: Problem) -> list[Told]:
    """What was said of a problem, the newest first."""
    changes = Change.objects.of(problem).select_related("group").latest_first()
    return [
        Told(change.group.actor_label, _what(change), change.group.created_at)
        for change in changes[:SHOWN]
    ]


def _what(change: Change) -> str:
    if change.operation == ChangeKind.INSERT:
        return "named it"
    before, after = change.before or {}, change.after or {}
    changed = [name for name in FIELDS if name in after and before.get(name) != after[name]]
    words = [FIELDS[name] for name in changed if name != "state"]
    if "state" in changed:
        words.insert(0, f"state, to “{ProblemState(after['state']).label}”")
    return f"changed {', '.join(words)}" if words else "saved it unchanged"


def _number(rows: Any, function: str, column: str) -> Coalesce:
    return Coalesce(_total(rows, function, column), 0)


def _total(rows: Any, function: str, column: str) -> Subquery:
    """One figure over rows that belong to the row around them."""
    return Subquery(
        rows.order_by().annotate(total=Func(F(column), function=function)).values("total")
    )
