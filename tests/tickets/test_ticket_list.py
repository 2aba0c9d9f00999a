"""What the list of tickets is narrowed by: numbers elsewhere lead here and trust these rows."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from accounts.models import Role
from supportsuccess.lists.periods import LEAST, Period
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketEventFactory, TicketFactory
from tickets.lists.tickets import TicketList
from tickets.models import Priority, TicketEventKind, TicketStatus

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
JUNE = Period(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
BEFORE, FIRST, LAST, AFTER = JUNE.start - LEAST, JUNE.start, JUNE.end - LEAST, JUNE.end


def asked(**params):
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in params.items()})
    listing = TicketList(UserFactory(), query, now=NOW)
    return {row.pk for row in listing.page.rows}


def reopened(moment, **ticket):
    made = TicketFactory(reopen_count=1, **ticket)
    TicketEventFactory(ticket=made, kind=TicketEventKind.REOPENED, occurred_at=moment)
    return made


def test_a_period_of_opening_holds_its_first_moment_and_not_its_end():
    made = [TicketFactory(opened_at=moment) for moment in (BEFORE, FIRST, LAST, AFTER)]

    assert asked(opened=JUNE) == {made[1].pk, made[2].pk}


def test_a_ticket_is_solved_first_in_one_period_and_last_in_another():
    times = {"first_solved_at": LAST, "last_solved_at": AFTER}
    ticket = TicketFactory(opened_at=BEFORE, status=TicketStatus.SOLVED, **times)

    assert asked(first_solved=JUNE) == {ticket.pk}
    assert asked(solved=JUNE) == set()


def test_a_period_of_reopening_holds_its_first_moment_and_not_its_end():
    made = [reopened(moment) for moment in (BEFORE, FIRST, LAST, AFTER)]

    assert asked(reopened=JUNE) == {made[1].pk, made[2].pk}


def test_urgent_are_unsolved_ones_that_are_critical_or_block():
    TicketFactory()
    blocked = TicketFactory(is_blocked=True)
    critical = TicketFactory(priority=Priority.CRITICAL)
    TicketFactory(priority=Priority.CRITICAL, status=TicketStatus.SOLVED)

    assert asked(only="urgent") == {blocked.pk, critical.pk}


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_period_of_no_year_that_the_database_has_finds_nothing(client, year):
    client.force_login(UserFactory(role=Role.AGENT))
    TicketFactory()
    period = f"{year}-01-01T00:00:00+23:59..{year}-01-01T00:00:01+23:59"

    page = client.get("/tickets/", {"opened": period})

    assert page.status_code == 200
    assert page.context["listing"].total == 0
