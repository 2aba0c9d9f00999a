from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from supportsuccess.imports.cells import Unusable
from tests.tickets.adapters.files import imported
from tickets.adapters import italian
from tickets.models import Ticket, TicketStatus

LONGEST_ADAPTER = 80


def row(activity, timestamp, *, case="Case 1", person="Value 2"):
    return {"case_id": case, "activity": activity, "resource": person, "timestamp": timestamp}


def test_italian_honours_the_offset():
    summer = italian.read(row("Insert ticket", "2012-10-09T14:50:17.000+03:00"))
    winter = italian.read(row("Insert ticket", "2012-10-09T14:50:17.000+02:00"))

    assert summer.occurred_at == datetime(2012, 10, 9, 11, 50, 17, tzinfo=UTC)
    assert (winter.occurred_at - summer.occurred_at).seconds == 3600


def test_italian_refuses_a_moment_without_offset():
    with pytest.raises(Unusable) as refusal:
        italian.read(row("Insert ticket", "2012-10-09T14:50:17"))

    assert refusal.value.column == "timestamp"


def test_italian_anomaly_says_nothing_of_the_case():
    assert italian.read(row("DUPLICATE", "2012-10-09T14:50:17+03:00")).status == ""


@pytest.mark.django_db
def test_italian_log_becomes_the_tickets_of_one_customer():
    log = [
        row("Assign seriousness", "2012-10-09T14:50:17+03:00"),
        row("Take in charge ticket", "2012-10-09T14:51:00+03:00"),
        row("Resolve ticket", "2012-10-25T11:54:26+03:00"),
        row("Take in charge ticket", "2012-10-26T11:54:26+03:00"),
        row("Resolve ticket", "2012-10-27T11:54:26+03:00"),
        row("Closed", "2012-11-09T12:54:39+02:00"),
    ]

    imported(log, format_name="italian", customer="Officine Reni", at=timezone.now())

    ticket = Ticket.objects.get()
    assert ticket.customer.name == "Officine Reni"
    assert ticket.opened_at == datetime(2012, 10, 9, 11, 50, 17, tzinfo=UTC)
    assert (ticket.status, ticket.reopen_count) == (TicketStatus.CLOSED, 1)


def test_italian_adapter_costs_under_eighty_lines():
    assert len(Path(italian.__file__).read_text().splitlines()) < LONGEST_ADAPTER
