import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Customer
from tests.accounts.customer_files import csv_bytes, row

pytestmark = pytest.mark.django_db


def written(tmp_path, *rows):
    path = tmp_path / "customers.csv"
    path.write_bytes(csv_bytes(rows))
    return path


def test_command_imports_and_ends_with_one_json_object(tmp_path, capsys):
    call_command("import_customers", written(tmp_path, row()), "--json")

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["state"] == "done"
    assert report["counts"]["customers"]["created"] == Customer.objects.count() == 1


def test_command_dry_run_writes_nothing_and_says_so(tmp_path, capsys):
    call_command("import_customers", written(tmp_path, row()), "--dry-run")

    assert "Nothing was written" in capsys.readouterr().out
    assert not Customer.objects.exists()


def test_command_run_after_a_dry_run_goes_on_with_its_check(tmp_path):
    path = written(tmp_path, row())
    call_command("import_customers", path, "--dry-run")

    call_command("import_customers", path)

    assert Customer.objects.count() == 1


def test_command_writes_refusals_where_it_is_told(tmp_path):
    refused = tmp_path / "refused.csv"

    call_command("import_customers", written(tmp_path, row(), row(arr="?")), "--refusals", refused)

    assert refused.read_text().splitlines()[0] == "row,column,reason,value"
    assert not Customer.objects.filter(contracts__isnull=False).exists()


def test_command_says_which_column_is_missing(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("name,arr\nHalden,5\n")

    with pytest.raises(CommandError, match="The column 'customer' is missing"):
        call_command("import_customers", path)
