import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Customer, CustomerProfile
from supportsuccess.imports.models import BatchState, ImportBatch
from tests.tickets.adapters.files import csv_bytes, incident, servicenow_row
from tickets.models import StagedEvent, Ticket, TicketEvent, TicketStatus

ROOT = Path(__file__).parents[3]
KILLED = "tests.tickets.adapters.killed"
# statements of each run at which it is killed; the last one is left to end
KILLED_AT = (7, 12, 25, 45, 60, 70, 80, 30, 20, 100_000)


def written(tmp_path, rows):
    path = tmp_path / "log.csv.gz"
    path.write_bytes(csv_bytes(rows, packed=True))
    return path


@pytest.mark.django_db
def test_command_imports_and_ends_with_one_json_object(tmp_path, capsys):
    path = written(tmp_path, [*incident("INC1"), *incident("INC2", location="?")])

    call_command("import_tickets", path, "--format", "servicenow", "--json")

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["state"] == "done"
    assert report["totals"] == {
        "tickets": 2,
        "customers": 1,
        "contacts": 1,
        "unmatched": 1,
        "reopened": 0,
        "events": 6,
    }
    assert report["resolution_hours"]["first"]["n"] == 2
    assert report["resolution_hours"]["last"]["p50"] == 145.0


@pytest.mark.django_db
def test_command_tells_both_resolutions(tmp_path, capsys):
    again = {
        "incident_state": "Resolved",
        "sys_mod_count": "9",
        "sys_updated_at": "10/5/2016 10:00",
    }

    call_command(
        "import_tickets",
        written(tmp_path, [*incident("INC1"), servicenow_row(number="INC1", **again)]),
        "--format",
        "servicenow",
    )

    told = capsys.readouterr().out
    assert "Hours to first resolution: n 1, mean 145.0" in told
    assert "Hours to last resolution: n 1, mean 169.0" in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "zendesk"], "There is no import format 'zendesk'"),
        (["--format", "customers"], "is no ticket log"),
        (["--format", "italian"], "--customer"),
        (["--format", "servicenow", "--customer", "Halden"], "takes no --customer"),
        (["--format", "servicenow", "--shift-to", "2999-01-01"], "Choose today or an earlier day"),
        (["--format", "servicenow", "--shift-to", "soon"], "--shift-to"),
    ],
)
def test_command_refuses_in_one_sentence(tmp_path, arguments, told):
    with pytest.raises(CommandError) as refusal:
        call_command("import_tickets", written(tmp_path, incident("INC1")), *arguments)

    assert told in str(refusal.value)


@pytest.mark.django_db
def test_command_says_that_a_file_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_tickets", tmp_path / "none.csv", "--format", "servicenow")


@pytest.mark.slow
def test_command_killed_in_its_work_goes_on_to_what_a_clean_run_gives(
    tmp_path, database_environment
):
    rows = [
        row
        for number in range(60)
        for row in incident(f"INC{number:03}", location=f"Location {number % 7}")
    ]
    path = written(tmp_path, rows)
    killed = []

    for statement in KILLED_AT:
        run = subprocess.run(
            [sys.executable, "-m", KILLED, str(statement), path, "--format", "servicenow"],
            env={**os.environ, **database_environment},
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        killed.append(run.returncode == -signal.SIGKILL)

    assert killed == [True] * (len(KILLED_AT) - 1) + [False]
    assert ImportBatch.objects.get().state == BatchState.DONE
    assert ImportBatch.objects.get().counts["tickets"]["created"] == Ticket.objects.count() == 60
    assert TicketEvent.objects.count() == 180
    assert Customer.objects.count() == CustomerProfile.objects.count() == 7
    assert not Ticket.objects.exclude(status=TicketStatus.CLOSED).exists()
    assert not StagedEvent.objects.exists()
