"""Eighteen months of Larkfield's tickets, as the event file that `import_tickets` reads."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from insights.demo.book import CALM, DemoCustomer, Temper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

MONTHS = 18
DAYS = 546
SUBJECTS = {
    "question": (
        *("How do I plan a crew for two sites?", "Where is the inspection archive?"),
        *("Can two technicians share one van?", "How do I export last month's jobs?"),
        *("Who may change a checklist?", "How do I add a public holiday?"),
    ),
    "bug": (
        *("Go does not sync after a tunnel", "Plan shows yesterday's shift"),
        *("Photos are missing from a report", "Certificate prints without a stamp"),
        *("Parts count is negative", "App closes when I scan a part"),
        *("Sync stops at 80 percent", "Wrong time zone on the shift board"),
    ),
    "missing_feature": (
        *("Signatures on the inspection sheet?", "Can a customer confirm a visit?"),
        *("Is there a way to lock a finished report?",),
    ),
    "feature_request": (
        *("Please show stock of the next depot", "A map of today's jobs, please"),
        *("Let us attach a video", "Recurring jobs by meter reading"),
    ),
    "billing": (
        *("Invoice shows the wrong number of seats", "When is the next invoice?"),
        *("Price list for the Parts module",),
    ),
}
KINDS = (
    *("question",) * 44,
    *("bug",) * 30,
    *("missing_feature",) * 9,
    *("feature_request",) * 9,
    *("billing",) * 8,
)
PRIORITIES = ("normal",) * 66 + ("low",) * 20 + ("high",) * 12 + ("critical",) * 2
CHANNELS = ("portal",) * 40 + ("mail",) * 38 + ("phone",) * 14 + ("chat",) * 8
AGENTS = {
    "Support Europe": ("Mina Okafor", "Tomás Reyes", "Aoife Brennan", "Jakub Zielak"),
    "Support Americas": ("Deshawn Pruitt", "Carla Montez", "Noor Haddad"),
}
HOURS_TO_SOLVE = {"critical": 4, "high": 10, "normal": 20, "low": 40}
UNMATCHED_SHARE = 0.06
ASKED_SHARE = 0.2
WEEKEND_WEIGHT, WEEKDAY_WEIGHT = 0.1, 1.22
FRIDAY = 4
CLOSED_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class Opened:
    """A ticket at its beginning; an empty customer is one that nobody could match."""

    number: str
    at: datetime
    customer: str
    contact: str
    team: str
    kind: str
    subject: str
    priority: str
    channel: str

    def event(self, name: str, at: datetime, **columns: Any) -> dict[str, Any]:
        """A row of the file; what a ticket is stands on each."""
        return {
            "ticket": self.number,
            "occurred_at": at.replace(microsecond=0),
            "event": name,
            "opened_at": self.at,
            "customer": self.customer,
            "contact": self.contact,
            "team": self.team,
            "kind": self.kind,
            "subject": self.subject,
            "priority": self.priority,
            "channel": self.channel,
            "url": f"https://helpdesk.example.com/tickets/{self.number}",
        } | columns


def events(
    book: Iterable[DemoCustomer],
    rng: random.Random,
    *,
    people: Mapping[str, Sequence[str]],
    today: date,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """Every row up to now, ticket by ticket."""
    for customer in book:
        for ticket, temper in _tickets(customer, rng, people=people[customer.name], today=today):
            told = life_of(ticket, rng, temper=temper)
            yield from (row for row in told if row["occurred_at"] <= now)
        told = _left_open(customer, people=people[customer.name], today=today)
        yield from (row for row in told if row["occurred_at"] <= now)


def life_of(
    ticket: Opened, rng: random.Random, *, temper: Temper = CALM
) -> Iterator[dict[str, Any]]:
    """What a helpdesk says of a ticket, from its opening to its closing."""
    agent = rng.choice(AGENTS[ticket.team])
    taken_at = ticket.at + timedelta(minutes=rng.randint(3, 240))
    hours = HOURS_TO_SOLVE[ticket.priority] * temper.slowness
    solved_at = taken_at + timedelta(hours=hours * rng.lognormvariate(-0.4, 0.9))
    yield ticket.event("opened", ticket.at, status="new", by=ticket.contact)
    yield ticket.event("taken", taken_at, status="open", assignee=agent, by=agent)
    if rng.random() < ASKED_SHARE:
        asked_at = taken_at + (solved_at - taken_at) / 3
        yield ticket.event("asked", asked_at, status="pending", assignee=agent, by=agent)
    yield ticket.event("solved", solved_at, status="solved", assignee=agent, by=agent)
    if rng.random() < temper.reopened_share:
        again_at = solved_at + timedelta(hours=rng.uniform(2, 70))
        yield ticket.event("reopened", again_at, status="open", reopen_count=1, by=ticket.contact)
        solved_at = again_at + timedelta(hours=rng.uniform(1, 40))
        yield ticket.event("solved again", solved_at, status="solved", assignee=agent, by=agent)
    yield ticket.event("closed", solved_at + CLOSED_AFTER, status="closed", by="helpdesk")


def as_file(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return text.getvalue().encode()


def at_work(day: date, rng: random.Random) -> datetime:
    """A moment of a working day."""
    return datetime.combine(day, time(7), tzinfo=UTC) + timedelta(minutes=rng.randint(0, 600))


def _tickets(
    customer: DemoCustomer, rng: random.Random, *, people: Sequence[str], today: date
) -> Iterator[tuple[Opened, Temper]]:
    """What a customer opens, and how it goes: as usual until something changed."""
    changed_on = today - timedelta(days=customer.temper.since_days)
    for number, day in enumerate(_days(customer, rng, today=today, changed_on=changed_on)):
        ticket = _opened(customer, rng, day=day, number=number, people=people)
        yield ticket, customer.temper if day > changed_on else CALM


def _days(
    customer: DemoCustomer, rng: random.Random, *, today: date, changed_on: date
) -> Iterator[date]:
    """The days on which a customer opens tickets: weekends are quiet, each customer differs."""
    a_day = customer.tickets_a_month / 30.4 * rng.lognormvariate(-0.1, 0.45)
    for days_ago in range(DAYS, customer.quiet_days, -1):
        day = today - timedelta(days=days_ago - 1)
        weight = WEEKEND_WEIGHT if day.weekday() > FRIDAY else WEEKDAY_WEIGHT
        weight *= customer.temper.volume if day > changed_on else 1
        for _ in range(_poisson(a_day * weight, rng)):
            yield day


def _poisson(mean: float, rng: random.Random) -> int:
    count, waited = 0, rng.expovariate(1)
    while waited < mean:
        count, waited = count + 1, waited + rng.expovariate(1)
    return count


def _opened(
    customer: DemoCustomer,
    rng: random.Random,
    *,
    day: date,
    number: int,
    people: Sequence[str],
) -> Opened:
    kind = rng.choice(KINDS)
    is_matched = rng.random() >= UNMATCHED_SHARE
    return Opened(
        number=f"LF-{customer.row['external_id']}-{number:04}",
        at=at_work(day, rng),
        customer=customer.name if is_matched else "",
        contact=rng.choice(people),
        team=team_of(customer),
        kind=kind,
        subject=rng.choice(SUBJECTS[kind]),
        priority=rng.choice(PRIORITIES),
        channel=rng.choice(CHANNELS),
    )


def team_of(customer: DemoCustomer) -> str:
    """The support team of a customer's part of the world."""
    in_america = customer.row["timezone"] == "America/New_York"
    return "Support Americas" if in_america else "Support Europe"


def _left_open(
    customer: DemoCustomer, *, people: Sequence[str], today: date
) -> Iterator[dict[str, Any]]:
    """Critical tickets of the last days that nobody has solved yet."""
    for number in range(customer.temper.open_critical):
        at = datetime.combine(today - timedelta(days=3 + 4 * number), time(9, 20), tzinfo=UTC)
        ticket = Opened(
            number=f"LF-{customer.row['external_id']}-OPEN-{number}",
            at=at,
            customer=customer.name,
            contact=people[number % len(people)],
            team=team_of(customer),
            kind="bug",
            subject=SUBJECTS["bug"][number],
            priority="critical",
            channel="phone",
        )
        agent = AGENTS[ticket.team][0]
        yield ticket.event("opened", at, status="new", by=ticket.contact)
        taken_at = at + timedelta(minutes=25)
        yield ticket.event("taken", taken_at, status="open", assignee=agent, by=agent)
