"""Loading Larkfield: its people, its customers and history by import, its last days by actions."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction

from accounts.actions.contacts import NewContact, add_contacts
from accounts.actions.rates import set_exchange_rates
from accounts.adapters.customers import COLUMNS
from accounts.models import ContactRole, Customer, Organisation, User
from accounts.queries.organisation import our_organisation
from insights.actions import health
from insights.demo import (
    book,
    cast,
    handed_over,
    history,
    lessons,
    letters,
    names,
    people,
    problems,
    rules,
    stories,
    told,
)
from insights.jobs.health import start_recompute
from insights.jobs.renewals import refresh_whole_queue
from insights.queries.customer_ranges import customer_ranges
from insights.scoring.sql.bands import COMPARED_DAYS
from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.imports.actions import check_import, run_import, upload_file
from supportsuccess.imports.models import BatchState
from supportsuccess.outbox import jobs
from tickets.actions.handoffs import verify_outcomes
from tickets.adapters import events as event_file
from tickets.adapters import labels as label_file
from tickets.adapters import messages as message_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

SEED = 20_250_201
RATES = {"GBP": Decimal("1.16"), "USD": Decimal("0.91")}
BY = audit.System("demo")
# Days before today of which the nightly history is kept: a week apart for ten weeks and four weeks
# before, and without a gap around those that the days to come are compared with.
COMPARED = range(COMPARED_DAYS - 4, COMPARED_DAYS + 2)
NIGHTS = (2, 3, 4, 7, 10, 14, 21, 28, 35, *COMPARED, 49, 56, 63, 70, 98, 126, 154, 175)
# A load that was cut short is begun anew, so no step of it waits for the disk.
DO_NOT_WAIT_FOR_THE_DISK = "SET synchronous_commit = off"

type Say = Callable[[str], None]


@dataclass(frozen=True)
class Files:
    """What Larkfield's systems would have exported, and how large it is."""

    customers: bytes
    tickets: bytes
    messages: bytes
    labels: bytes
    # the first of each held customer's people, who stands up for us
    champions: Mapping[str, str]
    customer_count: int
    ticket_count: int


def load(*, password: str, now: datetime, say: Say) -> None:
    """Load the demo company as of now. Raises Refused when there is a company already."""
    if is_taken():
        raise Refused("There is a company here already: use demo --reset to load the demo anew.")
    with connection.cursor() as cursor:
        cursor.execute(DO_NOT_WAIT_FOR_THE_DISK)
    today = now.astimezone(cast.OFFICE).date()
    say("People, teams and pools")
    _found_company(today)
    set_exchange_rates(RATES, on=(now - people.FOUNDED_AGO).date(), by=BY)
    staff = people.hire(password=password, by=BY, at=now - people.FOUNDED_AGO)
    people.plan_leave(staff, by=BY, at=now)
    _import_history(files(today=today, now=now), now=now, say=say)
    say("The last days")
    _tell(stories.Telling(staff=staff, today=today, now=now, by=BY))
    rules.answer(by=BY)
    problems.tell(staff=staff, now=now)
    say("Health of the last half year")
    _nights(today)
    jobs.run_here(start_recompute(today - timedelta(days=1), by=BY, queue=outbox.HERE))
    refresh_whole_queue(at=now)


def _tell(telling: stories.Telling) -> None:
    stories.tell(telling)
    handed_over.handed_over(telling)
    verify_outcomes(our_organisation(), at=telling.now)


def is_taken() -> bool:
    """Whether anybody works with this database, or has."""
    return any(model.objects.exists() for model in (Organisation, Customer, User))


def files(*, today: date, now: datetime) -> Files:
    """Larkfield's files as of now; the same moment makes the same files."""
    # the seed makes the same company each time
    rng = random.Random(SEED)  # noqa: S311 - nothing to guess
    usual, acting = book.customers(rng), cast.cast(today=today)
    everybody = [*usual, *acting.customers]
    contacts = names.contacts_of(everybody, rng)
    rows = [row for customer in usual for row in book.rows_of(customer, rng, today=today)]
    events = list(history.events(everybody, rng, people=contacts, today=today, now=now))
    by_hand = [
        *told.told(people=contacts, today=today, now=now),
        *told.outage(usual, people=contacts, today=today),
    ]
    answers = lessons.lessons(
        [*events, *by_hand], rng, book=everybody, today=today, by_hand=told.LABELLED_BY_HAND
    )
    held = (customer for customer in everybody if customer.row.get("owner"))
    return Files(
        customers=history.as_file([*rows, *acting.rows], COLUMNS),
        tickets=history.as_file([*events, *by_hand], event_file.COLUMNS),
        messages=history.as_file(
            letters.letters([*events, *by_hand], random.Random(SEED), today=today),  # noqa: S311 - nothing to guess
            message_file.COLUMNS,
        ),
        labels=history.as_file(answers, label_file.COLUMNS),
        champions={customer.name: contacts[customer.name][0] for customer in held}
        | {told.HALDEN: told.INGRID},
        customer_count=len(everybody),
        ticket_count=len({row["ticket"] for row in [*events, *by_hand]}),
    )


@transaction.atomic
def _found_company(today: date) -> None:
    with audit.group("found_demo_company", by=BY):
        Organisation.objects.create(
            pk=1,
            name="Larkfield Systems",
            currency="EUR",
            fiscal_year_starts_in=2,
            timezone=str(cast.OFFICE),
            is_demo=True,
            demo_day=today,
        )


def _import_history(made: Files, *, now: datetime, say: Say) -> None:
    say(f"{made.customer_count} customers and what they pay")
    founded_at = now - people.FOUNDED_AGO + timedelta(days=1)
    holds_from = founded_at.date().isoformat()
    _import("customers", "customers.csv", made.customers, source=book.CRM, holds_from=holds_from)
    _add_champions(made.champions, at=founded_at + timedelta(days=1))
    say(f"{made.ticket_count:,} tickets of {history.MONTHS} months")
    _import("events", "tickets.csv", made.tickets)
    say("What was written on them")
    _import("messages", "messages.csv", made.messages)
    say("What was learned from them")
    _import("labels", "labels.csv", made.labels)


def _add_champions(champions: Mapping[str, str], *, at: datetime) -> None:
    customers = {found.name: found for found in Customer.objects.filter(name__in=champions)}
    add_contacts(
        [
            NewContact(
                customer=customers[name], name=who, role=ContactRole.CHAMPION, external_id=who
            )
            for name, who in champions.items()
        ],
        source=event_file.EVENTS.name,
        by=BY,
        at=at,
    )


def _import(format_name: str, file_name: str, content: bytes, /, **options: str) -> None:
    batch = upload_file(
        [content], file_name=f"larkfield-{file_name}", format=format_name, options=options, by=BY
    )
    jobs.run_here(check_import(batch, by=BY, queue=outbox.HERE))
    batch.refresh_from_db()
    if batch.refusals.exists():
        raise Refused(f"{file_name}: {batch.refusals.first()}")
    jobs.run_here(run_import(batch, by=BY, at=datetime.now(UTC), queue=outbox.HERE))
    batch.refresh_from_db()
    if batch.state != BatchState.DONE:
        raise Refused(f"{file_name} was not imported whole: {batch.job and batch.job.errors}")


def _nights(today: date) -> None:
    """The snapshots that the nights would have left, had the company been here."""
    for days_ago in sorted(NIGHTS, reverse=True):
        day = today - timedelta(days=days_ago)
        as_of = datetime.combine(day + timedelta(days=1), time(), tzinfo=cast.OFFICE)
        for low, high in customer_ranges():
            health.replay_day(low, high, day=day, as_of=as_of, known_at=datetime.now(UTC))
