"""The company to measure with: any size, the same each time, its tables' guards back in place."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Customer, Organisation
from insights.demo.bulk import load_benchmark
from insights.management.commands import demo
from insights.models import CurrentHealth, ListedCustomer, QueuedRenewal
from supportsuccess.errors import Refused
from tests.factories.base import make
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tickets.models import Ticket, TicketEvent

PASSWORD = "benchmark"  # noqa: S105 - the database is thrown away
SIZE = {"customers": 120, "tickets": 2400}
GUARDS_OFF = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal"


def made(**size):
    told = {"password": PASSWORD, "now": timezone.now(), "say": print}
    load_benchmark(**SIZE | size | told)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_benchmark_company_has_its_size_and_its_health():
    made()

    assert Customer.objects.count() == ListedCustomer.objects.count() == 120
    assert Ticket.objects.count() == 2400
    assert TicketEvent.objects.filter(kind="opened").count() == 2400
    assert CurrentHealth.objects.values("band").distinct().count() > 1
    assert QueuedRenewal.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(GUARDS_OFF)
        assert cursor.fetchone() == (0,)
    with pytest.raises(Refused):
        made()


@pytest.mark.django_db
@pytest.mark.parametrize("size", [{"customers": 0}, {"customers": 50, "tickets": 49}])
def test_a_benchmark_company_needs_customers_and_tickets(size):
    with pytest.raises(Refused):
        made(**size)

    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_a_demo_is_refused_where_a_company_is(monkeypatch):
    monkeypatch.setitem(os.environ, "SS_DEMO_PASSWORD", "larkfield")
    found(is_demo=False)

    with pytest.raises(CommandError, match="company here already"):
        call_command("demo")


@pytest.mark.django_db
def test_a_real_company_is_never_forgotten():
    found(is_demo=False)

    with pytest.raises(CommandError, match="real company"):
        call_command("demo", "--reset")

    assert Organisation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [CustomerFactory, UserFactory])
def test_a_company_that_has_not_named_itself_is_neither_forgotten_nor_filled(factory):
    factory()

    with pytest.raises(CommandError, match="real company"):
        call_command("demo", "--reset")
    with pytest.raises(CommandError, match="company here already"):
        call_command("demo")


@pytest.mark.django_db
@pytest.mark.parametrize(("has_table", "called"), [(False, ["migrate"]), (True, [])])
def test_an_empty_database_is_migrated_first(monkeypatch, *, has_table, called):
    found(is_demo=True)
    commands = []
    monkeypatch.setattr(demo, "call_command", lambda name, **_options: commands.append(name))
    monkeypatch.setattr(demo.MigrationRecorder, "has_table", lambda _recorder: has_table)

    with pytest.raises(CommandError, match="company here already"):
        call_command("demo")

    assert commands == called


def found(**columns):
    make(Organisation, pk=1, name="Acme", **columns)
