"""Loading Larkfield: its people, its customers and history by import, its last days by actions."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.adapters.customers import COLUMNS
from accounts.models import Customer, Organisation
from insights.actions import health
from insights.demo import book, cast, history, people, stories
from insights.jobs.health import start_recompute
from insights.jobs.renewals import refresh_whole_queue
from insights.queries.customer_ranges import customer_ranges
from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.imports.actions import check_import, run_import, upload_file
from supportsuccess.outbox import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SEED = 20_250_201
BY = audit.System("demo")
# Days before today of which the nightly history is kept: closer together the nearer.
NIGHTS = (*range(1, 15), *range(16, 60, 3), *range(63, 182, 7))
FOUNDED_AGO = timedelta(days=1200)

type Say = Callable[[str], None]


def load(*, password: str, now: datetime, say: Say) -> None:
    """Load the demo company as of now. Raises Refused when there are customers already."""
    if Organisation.objects.exists() or Customer.objects.exists():
        raise Refused("There is a company here already: use demo --reset to load the demo anew.")
    today = now.date()
    say("People, teams and pools")
    _found_company(today)
    staff = people.hire(password=password, by=BY, at=now - FOUNDED_AGO - timedelta(days=1))
    people.plan_leave(staff, by=BY, at=now)
    _import_history(today=today, now=now, say=say)
    say("The last days")
    stories.tell(stories.Telling(staff=staff, today=today, now=now, by=BY))
    say("Health of the last half year")
    _nights(today)
    jobs.run_here(start_recompute(today, by=BY, queue=outbox.HERE))
    refresh_whole_queue(at=now)


@transaction.atomic
def _found_company(today: date) -> None:
    with audit.group("found_demo_company", by=BY):
        Organisation.objects.create(
            pk=1,
            name="Larkfield Systems",
            currency="EUR",
            fiscal_year_starts_in=2,
            timezone="Europe/Dublin",
            is_demo=True,
            demo_day=today,
        )


def _import_history(*, today: date, now: datetime, say: Say) -> None:
    # the seed makes the same company each time
    rng = random.Random(SEED)  # noqa: S311 - nothing to guess
    customers = book.customers(rng)
    told = cast.cast(today=today, now=now)
    rows = [row for customer in customers for row in book.rows_of(customer, rng, today=today)]
    events = [
        *history.events(customers, rng, today=today, now=now),
        *history.events(told.customers, rng, today=today, now=now),
        *told.events,
        *cast.outage(customers, today=today),
    ]
    say(f"{len(customers) + len(told.customers)} customers and what they pay")
    book_file = history.as_file([*rows, *told.rows], COLUMNS)
    holds_from = (now - FOUNDED_AGO).date().isoformat()
    _import(
        "customers",
        "larkfield-customers.csv",
        book_file,
        source=book.CRM,
        holds_from=holds_from,
    )
    say(f"{len({row['ticket'] for row in events}):,} tickets of {history.MONTHS} months")
    _import("events", "larkfield-tickets.csv", history.as_file(events))


def _import(format_name: str, file_name: str, content: bytes, /, **options: str) -> None:
    batch = upload_file([content], file_name=file_name, format=format_name, options=options, by=BY)
    jobs.run_here(check_import(batch, by=BY, queue=outbox.HERE))
    batch.refresh_from_db()
    if batch.refusals.exists():
        raise Refused(f"{file_name}: {batch.refusals.first()}")
    jobs.run_here(run_import(batch, by=BY, at=datetime.now(UTC), queue=outbox.HERE))


def _nights(today: date) -> None:
    """The snapshots that the nights would have left, had the company been here."""
    for days_ago in sorted(NIGHTS, reverse=True):
        day = today - timedelta(days=days_ago)
        as_of = datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
        for low, high in customer_ranges():
            health.replay_day(low, high, day=day, as_of=as_of, known_at=datetime.now(UTC))
