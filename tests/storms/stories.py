"""What is killed in a storm: some rows, the work on them, and how often it is started."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from factory.base import FactoryMetaClass

import tests.factories.contracts
import tests.factories.customers
import tests.factories.people
import tests.factories.tickets
from accounts.actions.customers import mark_changed
from accounts.models import Channel, Customer, NotificationPreference, Role
from insights.actions.queue import refresh_whole_queue
from supportsuccess import outbox
from tests.factories.base import make
from tests.factories.customers import CustomerFactory
from tests.factories.parties import make_offer, make_parties
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketEventFactory, TicketFactory
from tests.factories.tokens import token_for
from tests.storms.processes import ROWS_PER_SECTION
from tests.tickets.adapters.files import csv_bytes, imported, incident, servicenow_row
from tickets.models import TicketEventKind, TicketStatus

# one moment for all runs that are compared
NOW = timezone.now()
# The lease of a killed worker has run out, and what waits for its time is due.
TIME_PASSES = """
    UPDATE outbox_delivery
    SET leased_until = leased_until - interval '1 minute', run_at = run_at - interval '1 hour'
    WHERE done_at IS NULL AND dead_at IS NULL
"""
FACTORIES = [
    found
    for module in (
        tests.factories.contracts,
        tests.factories.customers,
        tests.factories.people,
        tests.factories.tickets,
    )
    for found in vars(module).values()
    if isinstance(found, FactoryMetaClass) and not found._meta.abstract
]


@dataclass(frozen=True)
class Story:
    """A work of `processes`, and what makes the rows it needs and its arguments."""

    work: str
    prepare: Callable[[Path], dict[str, Any]]

    def begin(self, folder: Path) -> dict[str, Any]:
        """Make the rows, named as in every other run."""
        for factory in FACTORIES:
            factory.reset_sequence(0, force=True)
        return self.prepare(folder)


def time_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TIME_PASSES)


def log_rows() -> list[dict[str, str]]:
    """Eight incidents of three customers, one row that is refused and one that comes twice."""
    incidents = [
        incident(f"INC{number:03}", location=f"Location {number % 3}") for number in range(8)
    ]
    rows = list(itertools.chain.from_iterable(incidents))
    assert len(rows) > 3 * ROWS_PER_SECTION
    return [*rows, rows[0], servicenow_row(number="INC100", sys_updated_at="yesterday")]


def _file(folder: Path) -> dict[str, Any]:
    path = folder / "log.csv"
    path.write_bytes(csv_bytes(log_rows()))
    return {"path": str(path)}


def _imported_file(_folder: Path) -> dict[str, Any]:
    return {"batch_id": imported(log_rows(), at=NOW).pk}


def _customers(_folder: Path) -> dict[str, Any]:
    for place, customer in enumerate(CustomerFactory.create_batch(5), start=1):
        for days in range(1, 2 * place):
            _ticket(customer, opened_at=NOW - timedelta(days=days))
        renewal_due((NOW + timedelta(days=30 * place)).date(), customer=customer)
    return {"due_at": NOW.isoformat()}


def _changed_customers(folder: Path) -> dict[str, Any]:
    arguments = _customers(folder)
    mark_changed([*Customer.objects.values_list("pk", flat=True)] * 2)
    return arguments


def _ticket(customer: Any, *, opened_at: datetime) -> None:
    ticket = TicketFactory(customer=customer, opened_at=opened_at)
    TicketEventFactory(
        ticket=ticket,
        kind=TicketEventKind.OPENED,
        status=TicketStatus.OPEN,
        occurred_at=opened_at,
    )


def _offer(_folder: Path) -> dict[str, Any]:
    parties = make_parties()
    at_once = {"kind": "handoff_accepted", "channel": Channel.MAIL, "is_wanted": True}
    make(NotificationPreference, user=parties.agent, **at_once)
    offered = make_offer(parties, at=NOW - timedelta(hours=1))
    outbox.deliver_due()
    return {"handoff_id": offered.pk, "token": token_for(parties.csm)}


def _book(_folder: Path) -> dict[str, Any]:
    decided_on = (NOW + timedelta(days=100)).date()
    for _ in range(5):
        renewal_due(decided_on)
    refresh_whole_queue(at=NOW)
    return {"person_id": UserFactory(role=Role.CSM).pk}


IMPORT = Story("import_file", _file)
UNDO = Story("undo_file", _imported_file)
NIGHTLY = Story("score_night", _customers)
CHANGED = Story("score_changed", _changed_customers)
ACCEPT = Story("accept", _offer)
BULK = Story("decide_in_bulk", _book)
STORIES = {
    "import": IMPORT,
    "undo": UNDO,
    "health": NIGHTLY,
    "changed": CHANGED,
    "accept": ACCEPT,
    "bulk": BULK,
}
