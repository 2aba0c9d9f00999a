from datetime import UTC, datetime

import pytest

from supportsuccess.imports.cells import Unusable
from tests.tickets.adapters.files import servicenow_row
from tickets.adapters.servicenow import read
from tickets.models import Channel, Priority, TicketStatus


def test_servicenow_reads_days_before_months():
    record = read(servicenow_row(sys_updated_at="4/3/2016 09:05"))

    assert record.occurred_at == datetime(2016, 3, 4, 9, 5, tzinfo=UTC)


def test_servicenow_takes_a_question_mark_for_missing():
    record = read(
        servicenow_row(location="?", caller_id="?", assignment_group="?", assigned_to="?")
    )

    assert (record.customer, record.contact, record.team, record.assignee_label) == ("",) * 4


def test_servicenow_reads_a_row():
    record = read(servicenow_row(incident_state="Awaiting Vendor", reopen_count="2"))

    assert record.ticket == "INC001"
    assert record.status == TicketStatus.ON_HOLD
    assert record.source_status == "Awaiting Vendor"
    assert record.priority == Priority.NORMAL
    assert record.channel == Channel.PHONE
    assert record.subject == "Category 4 · Subcategory 2"
    assert record.reopen_count == 2


def test_servicenow_never_reads_what_is_filled_ahead():
    ahead = servicenow_row(resolved_at="9/5/2016 10:00", closed_at="14/5/2016 10:00")
    without = servicenow_row(resolved_at="?", closed_at="?")

    assert read(ahead) == read(without)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("incident_state", "-100"),
        ("number", " "),
        ("sys_mod_count", "-1"),
        ("sys_mod_count", "two"),
        ("sys_updated_at", "2016-05-03 09:05"),
        ("sys_updated_at", "31/2/2016 09:05"),
        ("sys_updated_at", "?"),
        ("opened_at", "5/13/2016 09:05"),
        ("opened_at", "3/5/0016 09:05"),
        ("priority", "9 - Whenever"),
        ("contact_type", "Pigeon"),
    ],
)
def test_servicenow_names_the_column_of_an_unusable_row(column, cell):
    with pytest.raises(Unusable) as refusal:
        read(servicenow_row(**{column: cell}))

    assert refusal.value.column == column


def test_servicenow_tells_updates_of_one_minute_apart_by_count_and_state():
    keys = {
        read(servicenow_row(sys_mod_count=count, incident_state=state)).key
        for count in ("1", "2")
        for state in ("New", "Active")
    }

    assert len(keys) == 4
