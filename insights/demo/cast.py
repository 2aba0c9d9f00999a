"""The customers of Larkfield's stories: their contracts, and the tickets that tell them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from accounts.models import Segment
from insights.demo.book import DemoCustomer, described, fixed_term
from insights.demo.history import CLOSED_AFTER, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE = ZoneInfo("Europe/Dublin")
YEAR = 365
OUTAGE_CUSTOMERS = 41
OUTAGE_TICKETS = 63


@dataclass(frozen=True)
class Cast:
    """The stories' customers, their rows of the customer file, and their own ticket events."""

    customers: list[DemoCustomer]
    rows: list[dict[str, Any]]
    events: list[dict[str, Any]] = field(default_factory=list)


def cast(*, today: date, now: datetime) -> Cast:
    """Everybody the stories are about, as they stand today."""
    parts = (
        _halden(today),
        _aster_rail(today),
        _tidebrook(today),
        _kestrel(today),
        _miravel(today),
        _orchard_row(today),
        _northsound(today),
        _quillon(today),
        _brightwell(today),
        _pinewood(today),
    )
    told = [*_halden_tickets(today), *_brightwell_tickets(today)]
    return Cast(
        customers=[customer for customers, _ in parts for customer in customers],
        rows=[row for _, rows in parts for row in rows],
        events=[row for row in told if datetime.fromisoformat(row["occurred_at"]) <= now],
    )


def moment(today: date, *, days_ago: int, clock: str) -> datetime:
    """A clock time in Dublin, so many days ago."""
    return datetime.combine(today - timedelta(days=days_ago), time.fromisoformat(clock), OFFICE)


type Part = tuple[list[DemoCustomer], list[dict[str, Any]]]


def _halden(today: date) -> Part:
    """Notice is possible for nine more days."""
    halden = described(
        "Halden Lifts",
        segment=Segment.ENTERPRISE,
        seats=420,
        arr=312_000,
        tickets_a_month=9,
        touch_model="high",
        owner="csm@example.com",
        desired_outcome="Every inspection documented on the day it is made",
    )
    ends_on = today + timedelta(days=9 + 90)
    lines = {"Plan": 96_000, "Go": 148_000, "Inspect": 68_000}
    return [halden], fixed_term(
        halden,
        starts_on=ends_on - timedelta(days=3 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines=lines,
        notice_days=90,
        auto_renew=True,
    )


def _mid_market(name: str, arr: int, **row: Any) -> DemoCustomer:
    tickets = row.pop("tickets_a_month", 5)
    return described(
        name,
        segment=Segment.MID_MARKET,
        seats=arr // 700,
        arr=arr,
        tickets_a_month=tickets,
        **{"owner": "csm@example.com"} | row,
    )


def _one_year(customer: DemoCustomer, *, ends_on: date, **terms: Any) -> list[dict[str, Any]]:
    return fixed_term(
        customer,
        starts_on=ends_on - timedelta(days=YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Go": customer.arr * 3 // 5, "Plan": customer.arr - customer.arr * 3 // 5},
        **terms,
    )


def _aster_rail(today: date) -> Part:
    aster = _mid_market("Aster Rail", 96_000, owner="yuki@example.com")
    return [aster], _one_year(aster, ends_on=today + timedelta(days=20))


def _tidebrook(today: date) -> Part:
    tidebrook = _mid_market("Tidebrook Fire Safety", 64_000, owner="marta@example.com")
    return [tidebrook], _one_year(tidebrook, ends_on=today + timedelta(days=150))


def _kestrel(today: date) -> Part:
    """The contract is the parent's; four subsidiaries work with it."""
    parent = described(
        "Kestrel Group",
        segment=Segment.ENTERPRISE,
        seats=610,
        arr=248_000,
        tickets_a_month=3,
        touch_model="high",
        owner="csm@example.com",
    )
    children = [
        _mid_market(f"Kestrel {part}", 0, parent="Kestrel Group", tickets_a_month=tickets)
        for part, tickets in (("North", 6), ("South", 5), ("Nordic", 4), ("Iberia", 18))
    ]
    ends_on = today + timedelta(days=112)
    rows = fixed_term(
        parent,
        starts_on=ends_on - timedelta(days=3 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Plan": 88_000, "Go": 160_000},
        notice_days=60,
    )
    return [parent, *children], [*rows, *(child.row for child in children)]


def _miravel(today: date) -> Part:
    """They gave notice for one module and keep the other."""
    miravel = _mid_market("Miravel Climate", 58_000, owner="marta@example.com")
    kept = _one_year(miravel, ends_on=today + timedelta(days=64), notice_days=30)
    ends_on = today + timedelta(days=64)
    leaving = fixed_term(
        miravel,
        starts_on=ends_on - timedelta(days=2 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Parts": 19_000},
        notice_days=60,
        auto_renew=True,
        notice_received_on=today - timedelta(days=4),
    )
    return [miravel], [*kept, *leaving]


def _orchard_row(today: date) -> Part:
    orchard = _mid_market("Orchard Row Heating", 71_000)
    return [orchard], _one_year(orchard, ends_on=today + timedelta(days=76), notice_days=30)


def _northsound(today: date) -> Part:
    """No ticket for 140 days: nothing is known, which is not the same as well."""
    northsound = _mid_market("Northsound Alarms", 48_000, tickets_a_month=0)
    return [northsound], _one_year(northsound, ends_on=today + timedelta(days=133))


def _quillon(today: date) -> Part:
    quillon = _mid_market("Quillon Ventilation", 39_000, owner="rob@example.com")
    return [quillon], _one_year(quillon, ends_on=today - timedelta(days=6))


def _brightwell(today: date) -> Part:
    brightwell = _mid_market("Brightwell Elevators", 52_000, owner="rob@example.com")
    return [brightwell], _one_year(brightwell, ends_on=today - timedelta(days=11))


def _pinewood(today: date) -> Part:
    """The contract has ended and both sides still talk."""
    pinewood = _mid_market("Pinewood Sprinklers", 44_000, owner="yuki@example.com")
    return [pinewood], _one_year(pinewood, ends_on=today - timedelta(days=12))


def _story_ticket(
    customer: str,
    number: str,
    *,
    at: datetime,
    subject: str,
    priority: str = "high",
    kind: str = "bug",
) -> Opened:
    return Opened(
        number=number,
        at=at,
        customer=customer,
        contact=f"{customer} contact 1",
        team="Support Europe",
        kind=kind,
        subject=subject,
        priority=priority,
        channel="mail",
    )


def _halden_tickets(today: date) -> Iterator[dict[str, Any]]:
    """The sync bug that came back three times, and what came with it."""
    sync = _story_ticket(
        "Halden Lifts",
        "LF-HALDEN-SYNC",
        at=moment(today, days_ago=38, clock="09:12"),
        subject="Go loses inspections when a technician goes offline",
        priority="critical",
    )
    yield sync.event("opened", sync.at, status="new", by="Ingrid Solheim")
    for times, (solved_ago, reopened_ago) in enumerate(((35, 30), (24, 17), (9, 3)), start=1):
        yield sync.event(
            f"solved {times}",
            moment(today, days_ago=solved_ago, clock="16:40"),
            status="solved",
            assignee="Mina Okafor",
            by="Mina Okafor",
            reopen_count=times - 1,
        )
        yield sync.event(
            f"reopened {times}",
            moment(today, days_ago=reopened_ago, clock="10:05"),
            status="open",
            blocked="yes",
            by="Halden Lifts",
            reopen_count=times,
        )
    for number, days_ago in enumerate((33, 28, 21, 16, 12, 8, 5, 2)):
        yield from _slowly_solved(
            _story_ticket(
                "Halden Lifts",
                f"LF-HALDEN-{number}",
                at=moment(today, days_ago=days_ago, clock="11:20"),
                subject="Inspection missing after sync",
            )
        )


def _slowly_solved(ticket: Opened) -> Iterator[dict[str, Any]]:
    solved_at = ticket.at + timedelta(days=6)
    yield ticket.event("opened", ticket.at, status="new", by=ticket.contact)
    yield ticket.event("solved", solved_at, status="solved", by="Mina Okafor")
    yield ticket.event("closed", solved_at + CLOSED_AFTER, status="closed", by="helpdesk")


def _brightwell_tickets(today: date) -> Iterator[dict[str, Any]]:
    """Five months before they left they said why; nobody handed it over."""
    ticket = _story_ticket(
        "Brightwell Elevators",
        "LF-BRIGHTWELL-PRICE",
        at=moment(today, days_ago=162, clock="14:02"),
        subject="Your price against Servanta's offer",
        kind="billing",
    )
    yield from _slowly_solved(ticket)


def outage(book: list[DemoCustomer], *, today: date) -> Iterator[dict[str, Any]]:
    """One morning 45 days ago, 41 customers opened 63 tickets about the same thing."""
    hit = book[: OUTAGE_CUSTOMERS * 3 : 3]
    for number in range(OUTAGE_TICKETS):
        customer = hit[number % len(hit)]
        ticket = _story_ticket(
            customer.name,
            f"LF-OUTAGE-{number:02}",
            at=moment(today, days_ago=45, clock="08:05") + timedelta(minutes=3 * number),
            subject="Nothing syncs since this morning",
        )
        solved_at = ticket.at + timedelta(hours=9)
        yield ticket.event("opened", ticket.at, status="new", by=ticket.contact)
        yield ticket.event("solved", solved_at, status="solved", by="Priya Nair")
        yield ticket.event("closed", solved_at + CLOSED_AFTER, status="closed", by="helpdesk")
