"""A company of any size to measure with: made in the database, the same each time.

The owner of the tables makes the rows, a statement per table. Its triggers rest meanwhile, for a
million audit rows would measure nothing; constraints and indexes stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, transaction

from accounts.models import Organisation
from accounts.queries.organisation import our_organisation
from insights.demo import people
from insights.demo.bulk_sql import ANALYZE, STEPS, TABLES
from insights.demo.load import is_taken
from insights.jobs.health import start_recompute
from insights.jobs.renewals import refresh_whole_queue
from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

BY = audit.System("benchmark")
OWNER = "owner"


def load_benchmark(
    *, customers: int, tickets: int, password: str, now: datetime, say: Callable[[str], None]
) -> None:
    """Make a company of so many customers and tickets as of now.

    Raises Refused when there is a company already, and for fewer tickets than customers.
    """
    if is_taken():
        raise Refused("There is a company here already: add --reset to forget it.")
    if not 0 < customers <= tickets:
        raise Refused("Ask for at least one customer, and for as many tickets as customers.")
    _found(now.date())
    people.hire(password=password, by=BY, at=now - people.FOUNDED_AGO)
    say(f"{customers:,} customers and {tickets:,} tickets")
    _fill({"customers": customers, "tickets": tickets, "now": now, "day": now.date()})
    say("Health and renewals of everybody")
    jobs.run_here(start_recompute(our_organisation().ended_day(now), by=BY, queue=outbox.HERE))
    refresh_whole_queue(at=now)


def _found(day: date) -> None:
    with transaction.atomic(), audit.group("found_benchmark_company", by=BY):
        Organisation.objects.create(
            pk=1, name="Benchmark company", currency="EUR", is_demo=True, demo_day=day
        )


def _fill(values: dict[str, int | date]) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in STEPS:
            cursor.execute(statement, values)
        # what the deferred constraints have to check is checked before the tables change again
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(ANALYZE)
