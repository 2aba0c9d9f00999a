"""The logs themselves, which can't be part of this repository: SS_REAL_DATA names their folder."""

import csv
import gzip
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from supportsuccess.imports.models import ImportBatch
from tickets.models import Ticket

FOLDER = Path(os.environ.get("SS_REAL_DATA", ""))
SERVICENOW = FOLDER / "tickets" / "servicenow_incident_events.csv.gz"
ITALIAN = FOLDER / "tickets" / "helpdesk_italian_events.csv.gz"
ROOT = Path(__file__).parents[3]
MOST_MEMORY_KB = 400 * 1024
MOST_SECONDS = 60
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("SS_REAL_DATA"), reason="SS_REAL_DATA names no folder"),
]


@pytest.fixture
def expected():
    return json.loads((FOLDER / "expected_facts.json").read_text())


def report_of(capsys):
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_real_servicenow_log_within_time_and_memory(database_environment, expected):
    facts = expected["servicenow_incident_events"]
    command = [sys.executable, "manage.py", "import_tickets", SERVICENOW, "--json"]

    ended = subprocess.run(
        [*command, "--format", "servicenow"],
        env={**os.environ, **database_environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    totals = json.loads(ended.stdout.splitlines()[-1])["totals"]
    assert totals["tickets"] == facts["incidents"]
    assert totals["events"] == facts["events"]
    assert totals["customers"] == facts["locations"]
    assert totals["contacts"] == facts["callers"]
    assert totals["unmatched"] == 6
    assert totals["reopened"] == facts["reopened"]["events"]
    assert not Ticket.objects.exclude(first_response_at=None).exists()
    assert used.ru_maxrss <= MOST_MEMORY_KB
    # of the processor: how long it took on a clock, others on this machine decide
    assert used.ru_utime + used.ru_stime <= MOST_SECONDS
    _check_resolutions(facts)


def _check_resolutions(facts):
    """The column that the log fills ahead says when a ticket was solved last, and is not read."""
    solved = dict(Ticket.objects.values_list("number", "last_solved_at"))
    hours = []
    for number, opened_at, resolved_at in _filled_ahead():
        assert solved[number] == resolved_at
        hours.append((resolved_at - opened_at).total_seconds() / 3600)
    assert len(hours) == facts["hours_to_resolve"]["n"]
    assert round(sum(hours) / len(hours), 4) == facts["hours_to_resolve"]["mean"]
    assert Ticket.objects.exclude(first_solved_at=None).count() == 17_213


def _filled_ahead():
    with gzip.open(SERVICENOW, "rt", encoding="utf-8", newline="") as file:
        rows = {row["number"]: row for row in csv.DictReader(file)}
    for number, row in rows.items():
        if row["resolved_at"] != "?":
            yield number, _moment(row["opened_at"]), _moment(row["resolved_at"])


def _moment(text):
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


@pytest.mark.django_db
def test_real_italian_log_has_its_cases_and_reopenings(capsys, expected):
    facts = expected["helpdesk_italian_events"]
    arguments = ["--format", "italian", "--customer", "Officine Reni", "--json"]

    call_command("import_tickets", ITALIAN, *arguments)

    report = report_of(capsys)
    first = report["resolution_hours"]["first"]
    told = facts["hours_to_first_resolve"]
    assert report["totals"]["tickets"] == facts["cases"]
    assert report["counts"]["rows"]["refused"] == 0
    assert sum(report["counts"]["events"].values()) == facts["events"]
    assert {name: first[name] for name in told} == pytest.approx(told, abs=0.0002)
    assert ImportBatch.objects.get().state == "done"
