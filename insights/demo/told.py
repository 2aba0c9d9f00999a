"""The tickets that the stories turn on, each told by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from insights.demo.cast import moment
from insights.demo.history import CLOSED_AFTER, DAYS, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from insights.demo.book import DemoCustomer

INGRID = "Ingrid Solheim"
HALDEN = "Halden Lifts"
BRIGHTWELL = "Brightwell Elevators"
# Somebody in the stories answers these.
LABELLED_BY_HAND = ("LF-HALDEN-SYNC", "LF-BRIGHTWELL-PRICE")
# From then on Halden asks less of other things.
SYNC_BROKE_AGO = 38
EVERY_DAYS, EVERY_DAYS_NOW = 3, 6
# Later ones have not been opened again so far.
CAME_BACK_AGO = 9
OUTAGE_AGO = 45
OUTAGE_CUSTOMERS = 41
OUTAGE_TICKETS = 63
OUTAGE_SUBJECT = "Nothing syncs since this morning"

type Row = dict[str, Any]
type People = Mapping[str, Sequence[str]]


def told(*, people: People, today: date, now: datetime) -> Iterator[Row]:
    """The rows of the stories' own tickets up to now."""
    for rows in (
        _halden_as_usual(people[HALDEN], today),
        _halden_sync(today),
        _halden_again(people[HALDEN], today),
        _brightwell(people[BRIGHTWELL], today),
    ):
        yield from (row for row in rows if row["occurred_at"] <= now)


def outage(book: Sequence[DemoCustomer], *, people: People, today: date) -> Iterator[Row]:
    """One morning 45 days ago, 41 customers opened 63 tickets about the same thing."""
    hit = book[: OUTAGE_CUSTOMERS * 3 : 3]
    for number in range(OUTAGE_TICKETS):
        customer = hit[number % len(hit)]
        ticket = _ticket(
            customer.name,
            f"LF-OUTAGE-{number:02}",
            at=moment(today, days_ago=OUTAGE_AGO, clock="08:05") + timedelta(minutes=3 * number),
            subject=OUTAGE_SUBJECT,
            contact=people[customer.name][0],
        )
        yield from _solved(ticket, after=timedelta(hours=9), by="Priya Nair")


def _ticket(
    customer: str,
    number: str,
    *,
    at: datetime,
    subject: str,
    contact: str,
    priority: str = "high",
    kind: str = "bug",
) -> Opened:
    return Opened(
        number=number,
        at=at,
        customer=customer,
        contact=contact,
        team="Support Europe",
        kind=kind,
        subject=subject,
        priority=priority,
        channel="mail",
    )


def _solved(ticket: Opened, *, after: timedelta, by: str = "Mina Okafor") -> Iterator[Row]:
    solved_at = ticket.at + after
    yield ticket.event("opened", ticket.at, status="new", by=ticket.contact)
    yield ticket.event("solved", solved_at, status="solved", assignee=by, by=by)
    yield ticket.event("closed", solved_at + CLOSED_AFTER, status="closed", by="helpdesk")


def _solved_twice(ticket: Opened, *, after: timedelta) -> Iterator[Row]:
    """Solved, opened again the next day and solved once more."""
    first, by = ticket.at + after, "Mina Okafor"
    again, second = first + timedelta(hours=20), first + timedelta(hours=44)
    yield ticket.event("opened", ticket.at, status="new", by=ticket.contact)
    yield ticket.event("solved", first, status="solved", assignee=by, by=by)
    yield ticket.event("reopened", again, status="open", reopen_count=1, by=ticket.contact)
    yield ticket.event("solved again", second, status="solved", assignee=by, by=by)
    yield ticket.event("closed", second + CLOSED_AFTER, status="closed", by="helpdesk")


def _halden_as_usual(people: Sequence[str], today: date) -> Iterator[Row]:
    """A question every few days, answered in three days or more; one in forty is opened again."""
    calm = range(DAYS, SYNC_BROKE_AGO, -EVERY_DAYS)
    lately = range(SYNC_BROKE_AGO - 1, 0, -EVERY_DAYS_NOW)
    for number, days_ago in enumerate((*calm, *lately)):
        ticket = _ticket(
            HALDEN,
            f"LF-HALDEN-Q{number:03}",
            at=moment(today, days_ago=days_ago, clock="10:40"),
            subject="How do I plan a crew for two sites?",
            contact=people[number % len(people)],
            priority="normal",
            kind="question",
        )
        after = timedelta(hours=90 + 11 * (number % 5))
        yield from (_solved_twice if number % 40 == 39 else _solved)(ticket, after=after)


def _halden_sync(today: date) -> Iterator[Row]:
    """The bug that came back three times; it keeps them from working."""
    sync = _ticket(
        HALDEN,
        "LF-HALDEN-SYNC",
        at=moment(today, days_ago=SYNC_BROKE_AGO, clock="09:12"),
        subject="Go loses inspections when a technician goes offline",
        contact=INGRID,
        priority="critical",
    )
    yield sync.event("opened", sync.at, status="new", by=INGRID)
    for times, (solved_ago, reopened_ago) in enumerate(((35, 30), (24, 17), (10, 4)), start=1):
        yield sync.event(
            f"solved {times}",
            moment(today, days_ago=solved_ago, clock="16:40"),
            status="solved",
            assignee="Mina Okafor",
            by="Mina Okafor",
            blocked="no",
            reopen_count=times - 1,
        )
        yield sync.event(
            f"reopened {times}",
            moment(today, days_ago=reopened_ago, clock="10:05"),
            status="open",
            blocked="yes",
            by=HALDEN,
            reopen_count=times,
        )


def _halden_again(people: Sequence[str], today: date) -> Iterator[Row]:
    """The same bug as others meet it: said to be solved, and it was not; the newest may be."""
    for number, days_ago in enumerate((34, 29, 25, 20, 15, 12, 9, 7)):
        ticket = _ticket(
            HALDEN,
            f"LF-HALDEN-{number}",
            at=moment(today, days_ago=days_ago, clock="11:20"),
            subject="Inspection missing after sync",
            contact=people[number % 4],
        )
        came_back = days_ago >= CAME_BACK_AGO
        yield from (_solved_twice if came_back else _solved)(ticket, after=timedelta(hours=50))


def _brightwell(people: Sequence[str], today: date) -> Iterator[Row]:
    """Five months before they left they said why; nobody handed it over."""
    ticket = _ticket(
        BRIGHTWELL,
        "LF-BRIGHTWELL-PRICE",
        at=moment(today, days_ago=162, clock="14:02"),
        subject="Your price against Servanta's offer",
        contact=people[0],
        kind="billing",
    )
    yield from _solved(ticket, after=timedelta(hours=30))
