import csv
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Customer, CustomerProfile, Renewal, Stage
from insights.demo.customers_for import write_customers_for
from supportsuccess.errors import Refused
from tests.factories.customers import CustomerFactory
from tests.tickets.adapters.files import imported, incident

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def test_customers_for_a_log_are_marked_fictional_in_every_row(tmp_path):
    imported([*incident("INC1"), *incident("INC2", location="Location 2")], at=timezone.now())

    rows = write_customers_for("servicenow", tmp_path / "customers.csv", day=DAY)

    with (tmp_path / "customers.csv").open() as file:
        written = list(csv.DictReader(file))
    assert len(written) == rows > 2
    assert {row["external_id"] for row in written} == {"Location 1", "Location 2"}
    assert {row["fictional"] for row in written} == {"yes"}


def test_customers_for_a_log_can_be_imported_without_a_refusal(tmp_path, capsys):
    imported(incident("INC1"), at=timezone.now())
    path = tmp_path / "customers.csv"
    write_customers_for("servicenow", path, day=DAY)

    call_command("import_customers", path)

    customer = Customer.objects.get()
    assert customer.is_fictional
    assert customer.tickets.count() == 1
    assert CustomerProfile.objects.current().get().stage == Stage.LIVE
    assert "customers: 0 created, 1 updated" in capsys.readouterr().out


def test_customers_for_a_log_are_the_same_file_each_time(tmp_path):
    for number in range(30):
        CustomerFactory(source="servicenow", external_id=f"Location {number}")

    for name in ("one.csv", "two.csv"):
        write_customers_for("servicenow", tmp_path / name, day=DAY)

    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()
    assert not Renewal.objects.exists()


def test_customers_for_an_unknown_log_are_refused(tmp_path):
    with pytest.raises(Refused):
        write_customers_for("servicenow", tmp_path / "customers.csv", day=DAY)
