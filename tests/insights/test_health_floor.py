"""The benchmark's hand-written statement writes what the scorer writes, so it is a floor."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactRole
from bench import health as bench
from insights.models import CurrentHealth, HealthSnapshot
from tests.factories.base import change, make
from tests.factories.customers import CustomerContactFactory, CustomerFactory, TouchFactory
from tests.factories.tickets import TicketFactory
from tickets.models import Labeling, LabelValue, Origin, Priority, TaxonomyVersion, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(db):
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def customers(at):
    """Three customers, with something for every measure to read."""
    made = [*CustomerFactory.create_batch(2), CustomerFactory(profile__stage="onboarding")]
    for place, customer in enumerate(made, start=1):
        contacts = CustomerContactFactory.create_batch(
            3, customer=customer, role=ContactRole.CHAMPION
        )
        TouchFactory(customer=customer, occurred_at=at - timedelta(days=40 * place))
        for days in range(2, 160, 4):
            fill(customer, at, days=days, contact=contacts[days % 3].contact)
    return made


def fill(customer, at, *, days, contact):
    opened_at = at - timedelta(days=days)
    solved_at = opened_at + timedelta(hours=days * customer.pk % 90)
    is_open = days % 20 == 2
    ticket = TicketFactory(
        customer=customer,
        contact=contact,
        opened_at=opened_at,
        priority=Priority.CRITICAL if days % 12 == 2 else Priority.NORMAL,
        status=TicketStatus.OPEN if is_open else TicketStatus.SOLVED,
        first_solved_at=None if is_open else solved_at,
        last_solved_at=None if is_open else solved_at,
        reopen_count=int(days % 28 == 2),
    )
    change(ticket, labels_answered=1)
    moods = LabelValue.objects.filter(dimension="sentiment").order_by("pk")
    make(
        Labeling,
        ticket=ticket,
        dimension="sentiment",
        value=moods[days % 6],
        origin=Origin.RULE,
        taxonomy_version=TaxonomyVersion.objects.get(),
        occurred_at=opened_at,
        recorded_at=opened_at,
    )


def stored():
    columns = ("customer", "score", "coverage", "band", "inputs_hash")
    current = list(CurrentHealth.objects.order_by("pk").values_list(*columns, "contributions"))
    days = list(HealthSnapshot.objects.order_by("customer").values_list(*columns))
    CurrentHealth.objects.all().delete()
    HealthSnapshot.objects.all().delete()
    return current, days


def test_floor_and_scorer_write_the_same_rows(customers, at, monkeypatch):
    monkeypatch.setattr(bench, "_rolled_back", nullcontext)
    bench.night(at=at)
    ours = stored()

    bench.Floors(at).night()

    assert len(ours[0]) == len(ours[1]) == 3
    assert stored() == ours
    assert all("reading" in entry for entry in ours[0][0][-1].values())


def test_the_floor_of_a_change_writes_the_same_rows(customers, at, monkeypatch):
    monkeypatch.setattr(bench, "_rolled_back", nullcontext)
    ids = [customer.pk for customer in customers]
    bench.change(ids, at=at)
    ours = stored()

    bench.Floors(at).change(ids)()

    assert stored() == ours
