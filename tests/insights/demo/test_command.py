import csv

import pytest
from django.core.management import CommandError, call_command

from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def test_demo_writes_a_fictional_file_for_a_logs_customers(tmp_path, capsys):
    CustomerFactory(source="servicenow", external_id="Location 7")
    path = tmp_path / "customers.csv"

    call_command("demo", "customers-for", "servicenow", "--out", str(path))

    with path.open() as file:
        assert {row["external_id"] for row in csv.DictReader(file)} == {"Location 7"}
    assert f"import_customers {path}" in capsys.readouterr().out


def test_demo_says_what_to_do_when_a_log_was_not_imported(tmp_path):
    with pytest.raises(CommandError, match="Import a log"):
        call_command("demo", "customers-for", "servicenow", "--out", str(tmp_path / "c.csv"))
