"""What waits for a person: for each thing they may do, how much, and the first of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, Func, IntegerField
from django.urls import reverse

from accounts.models import Customer
from accounts.queries.organisation import Ours
from accounts.queries.roster import roster_of
from insights.models import QueuedRenewal
from insights.queries.customers import unplaced
from supportsuccess.lists import cells
from tickets.lists.handoff_becoming import in_short
from tickets.models import Handoff, HandoffType, Ticket
from tickets.queries.handoffs import in_box, sent_lately

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from accounts.models import User

SHOWN = 3
# beyond this a number says only that it is more
COUNTED = 10_001
SETTING = """
    SELECT o.name, o.currency, o.timezone, o.is_demo, o.demo_day,
           coalesce((SELECT jsonb_agg(jsonb_build_object('name', s.name, 'weeks', s.shifted_weeks)
                                      ORDER BY s.name)
                     FROM accounts_source s WHERE s.shifted_weeks <> 0), '[]')
    FROM (SELECT 1) one LEFT JOIN accounts_organisation o ON true
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One of the first rows behind a number."""

    text: str
    url: str
    mark: SafeString | str = ""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do next: how many there are, where they are, and the first few."""

    title: str
    icon: str
    url: str
    count: int
    lines: list[Line]
    done: str


@dataclass(frozen=True)
class Viewer:
    """Who looks, and when."""

    user: User
    at: datetime
    day: date


@dataclass(frozen=True)
class Setting:
    """The company, and the sources whose times were moved at loading, by how many weeks."""

    ours: Ours
    shifted: list[tuple[str, int]]


def setting() -> Setting:
    """In one query, also before there is anything."""
    with connection.cursor() as cursor:
        cursor.execute(SETTING)
        name, currency, timezone, is_demo, demo_day, shifted = cursor.fetchone()
    ours = Ours(name, currency, timezone, is_demo, demo_day) if currency else Ours()
    return Setting(ours, [(source["name"], source["weeks"]) for source in json.loads(shifted)])


def tasks_for(user: User, *, at: datetime, day: date) -> list[Task]:
    """The two or three things that this person's role does next, one query each."""
    viewer = Viewer(user, at, day)
    makers = next((m for permissions, m in TASKS if user.has_perms(permissions)), ())
    return [make(viewer) for make in makers]


def is_untouched(user: User) -> bool:
    """Whether nothing was brought in yet: no ticket, no contract."""
    has_tickets = Ticket.objects.visible_to(user).exists()
    return not has_tickets and not Customer.objects.exclude(contracts=None).exists()


def _renewals_to_decide(viewer: Viewer) -> Task:
    rows = QueuedRenewal.objects.visible_to(viewer.user).due().waiting().by_priority()
    owner = "all"
    decides = viewer.user.has_perm("accounts.decide_renewal")
    if decides and not viewer.user.has_perm("accounts.reassign_customer"):
        owner = "me"
        covered = roster_of([], at=viewer.at).covered_by(viewer.user.pk)
        rows = rows.owned_by({viewer.user.pk, *covered})
    found, count = _first(
        rows, "renewal_id", "customer__name", "decision_point_on", "notice_received_on"
    )
    return Task(
        title="Renewals to decide",
        icon="calendar-clock",
        url=f"{reverse('insights:renewals')}?owner={owner}&section=due",
        count=count,
        lines=[
            Line(
                text=name,
                url=reverse("insights:renewal", args=[pk]),
                mark=_decided(decided_on, notice_on, today=viewer.day),
            )
            for pk, name, decided_on, notice_on in found
        ],
        done="Every renewal that is due has been decided.",
    )


def _decided(decided_on: date, notice_on: date | None, *, today: date) -> SafeString:
    return cells.badge("Notice", "bad") if notice_on else cells.due(decided_on, today=today)


def _handoffs_to_accept(viewer: Viewer) -> Task:
    seen = Handoff.objects.visible_to(viewer.user).to_accept()
    rows = in_box(seen, "in", of=viewer.user, at=viewer.at)
    return _handoffs(
        viewer,
        rows.order_by("due_at", "pk"),
        title="Handoffs to accept",
        url=f"{reverse('tickets:handoffs')}?box=in&person={viewer.user.pk}&state=unanswered",
        done="Nothing waits for your answer.",
    )


def _handoffs_sent(viewer: Viewer) -> Task:
    seen = Handoff.objects.visible_to(viewer.user)
    found, count = _first(
        sent_lately(seen, by=viewer.user, at=viewer.at),
        *("pk", "customer__name", "state", "return_reason", "outcome"),
        *("receiver__name", "thanked_at"),
    )
    return Task(
        title="What became of my handoffs",
        icon="arrow-right-left",
        url=f"{reverse('tickets:handoffs')}?box=out&person={viewer.user.pk}&state=recent",
        count=count,
        lines=[
            Line(
                text=f"{name}: "
                + in_short(state, reason=reason, outcome=outcome, receiver=receiver),
                url=reverse("tickets:handoff", args=[pk]),
                mark=cells.badge("Thanks", "good") if thanked_at else "",
            )
            for pk, name, state, reason, outcome, receiver, thanked_at in found
        ],
        done="Nothing you handed over is open, or ended in the last month.",
    )


def _handoffs_overdue(viewer: Viewer) -> Task:
    rows = Handoff.objects.visible_to(viewer.user).waiting().due_before(viewer.at)
    return _handoffs(
        viewer,
        rows.order_by("due_at", "pk"),
        title="Handoffs nobody accepted in time",
        url=f"{reverse('tickets:handoffs')}?box=all&late=1",
        done="Every handoff is answered in time.",
    )


def _handoffs(viewer: Viewer, rows: QuerySet[Handoff], *, title: str, url: str, done: str) -> Task:
    found, count = _first(rows, "pk", "customer__name", "type", "due_at")
    return Task(
        title=title,
        icon="arrow-right-left",
        url=url,
        count=count,
        lines=[
            Line(
                text=f"{name}: {HandoffType(kind).label.lower()}",
                url=reverse("tickets:handoff", args=[pk]),
                mark=cells.ago(due_at, now=viewer.at),
            )
            for pk, name, kind, due_at in found
        ],
        done=done,
    )


def _labels_due(viewer: Viewer) -> Task:
    rows = Ticket.objects.visible_to(viewer.user).due().order_by("-opened_at", "-pk")
    found, count = _first(rows, "pk", "number", "subject", "opened_at")
    return Task(
        title="Tickets to label",
        icon="inbox",
        url=reverse("tickets:inbox"),
        count=count,
        lines=[
            Line(
                text=subject or number,
                url=reverse("tickets:detail", args=[pk]),
                mark=cells.age(opened_at, now=viewer.at),
            )
            for pk, number, subject, opened_at in found
        ],
        done="Every ticket has its labels.",
    )


def _labels_overdue(viewer: Viewer) -> Task:
    rows = Ticket.objects.visible_to(viewer.user).overdue(viewer.at)
    found, count = _first(
        rows.order_by("learning_due_at", "pk"), "pk", "number", "subject", "learning_due_at"
    )
    return Task(
        title="Labels overdue",
        icon="alarm-clock",
        url=f"{reverse('tickets:inbox')}?overdue=1",
        count=count,
        lines=[
            Line(
                text=subject or number,
                url=reverse("tickets:detail", args=[pk]),
                mark=cells.ago(due_at, now=viewer.at),
            )
            for pk, number, subject, due_at in found
        ],
        done="No label is overdue.",
    )


def _unplaced(viewer: Viewer) -> Task:
    by_arr = F("customer__listed__arr").desc(nulls_last=True)
    rows = unplaced(viewer.user, at=viewer.at).order_by(by_arr, "customer")
    found, count = _first(rows, "customer_id", "customer__name", "during")
    return Task(
        title="Customers not placed",
        icon="map-pin-off",
        url=f"{reverse('insights:customers')}?unplaced=yes",
        count=count,
        lines=[
            Line(
                text=name,
                url=reverse("insights:customer", args=[pk]),
                mark=cells.age(during.lower, now=viewer.at),
            )
            for pk, name, during in found
        ],
        done="Every customer has an owner or a pool.",
    )


def _first(rows: QuerySet[Any], *columns: str) -> tuple[list[tuple[Any, ...]], int]:
    """The first rows, and how many there are up to `COUNTED`, in one query."""
    all_of_them = ArraySubquery(rows.order_by().values("pk")[:COUNTED])
    how_many = Func(all_of_them, function="cardinality", output_field=IntegerField())
    found = list(rows.annotate(how_many=how_many).values_list(*columns, "how_many")[:SHOWN])
    return [row[:-1] for row in found], (found[0][-1] if found else 0)


# The first line whose permissions a person has says what they do next.
TASKS: tuple[tuple[tuple[str, ...], tuple[Callable[[Viewer], Task], ...]], ...] = (
    (
        ("accounts.reassign_customer", "accounts.decide_renewal"),
        (_renewals_to_decide, _handoffs_overdue, _unplaced),
    ),
    (("accounts.reassign_customer",), (_labels_overdue, _handoffs_overdue, _unplaced)),
    (("accounts.decide_renewal",), (_handoffs_to_accept, _renewals_to_decide)),
    (("tickets.label_ticket",), (_labels_due, _handoffs_sent, _handoffs_to_accept)),
    (("tickets.receive_handoff",), (_handoffs_to_accept, _handoffs_sent)),
    (("accounts.view_renewal",), (_renewals_to_decide,)),
)
