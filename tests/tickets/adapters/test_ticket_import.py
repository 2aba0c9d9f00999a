import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Contact, Customer, CustomerChange, CustomerProfile, Source, Stage, Team
from supportsuccess import outbox
from supportsuccess.audit.models import EventGroup
from supportsuccess.imports import actions
from supportsuccess.imports.models import BatchState
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Delivery
from tests.factories.customers import CustomerFactory
from tests.tickets.adapters.files import (
    BY,
    CLOSED,
    SOLVED,
    checked,
    imported,
    incident,
    servicenow_row,
    undone,
)
from tickets.models import Learning, StagedEvent, Ticket, TicketEvent, TicketEventKind, TicketStatus

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def state_of_tickets():
    return list(
        Ticket.objects.order_by("number").values_list(
            *("number", "customer__name", "contact__name", "team__name", "status", "priority"),
            *("first_solved_at", "last_solved_at", "closed_at", "reopen_count", "learning"),
        )
    )


def state_of_events():
    return list(
        TicketEvent.objects.order_by("ticket__number", "key").values_list(
            "ticket__number", "key", "kind", "status", "occurred_at", "recorded_at"
        )
    )


def test_import_makes_customer_contact_team_ticket_and_events():
    batch = imported(incident("INC001"), at=NOW)

    ticket = Ticket.objects.get()
    assert batch.counts["tickets"] == {"created": 1, "updated": 0, "unchanged": 0}
    assert batch.counts["events"] == {"created": 3, "unchanged": 0}
    assert (ticket.customer.name, ticket.contact.name) == ("Location 1", "Caller 7")
    assert (ticket.team.name, ticket.team.source) == ("Group 70", "servicenow")
    assert ticket.events.count() == 3


def test_import_discovers_customers_as_not_active():
    imported(incident("INC001"), at=NOW)

    profile = CustomerProfile.objects.get()
    assert profile.stage == Stage.DISCOVERED
    assert profile.during.lower == datetime(2016, 5, 3, 9, tzinfo=UTC)
    assert not Customer.objects.active().exists()


def test_import_finds_a_customer_of_the_same_name():
    known = CustomerFactory(name="location 1")

    batch = imported(incident("INC001"), at=NOW)

    assert Ticket.objects.get().customer == known
    assert batch.counts["customers"]["created"] == 0


def test_import_leaves_a_ticket_without_location_unmatched():
    imported(incident("INC001", location="?"), at=NOW)

    assert Ticket.objects.unmatched().count() == 1
    assert not Customer.objects.exists()


def test_import_gives_a_ticket_the_last_customer_named():
    rows = [servicenow_row(), servicenow_row(**SOLVED, location="Location 2")]

    imported(rows, at=NOW)

    assert Ticket.objects.get().customer.name == "Location 2"


def test_import_solves_a_ticket_only_by_its_resolved_event():
    imported([servicenow_row()], at=NOW)

    ticket = Ticket.objects.get()
    assert ticket.status == TicketStatus.NEW
    assert ticket.first_solved_at is None
    assert ticket.closed_at is None


def test_import_never_fills_the_first_response():
    imported(incident("INC001"), at=NOW)

    assert Ticket.objects.get().first_response_at is None


def test_import_of_an_event_log_takes_its_stamps_for_what_was_known():
    imported(incident("INC001"), at=NOW)

    assert all(event.recorded_at == event.occurred_at for event in TicketEvent.objects.all())
    assert Source.objects.get().is_event_log


def test_import_names_the_kind_of_each_event():
    reopened = {
        "incident_state": "Active",
        "sys_mod_count": "4",
        "sys_updated_at": "15/5/2016 10:00",
    }
    rows = [*incident("INC001"), servicenow_row(**reopened)]

    imported(rows, at=NOW)

    kinds = TicketEvent.objects.in_order().values_list("kind", flat=True)
    assert list(kinds) == [
        TicketEventKind.OPENED,
        TicketEventKind.SOLVED,
        TicketEventKind.CLOSED,
        TicketEventKind.REOPENED,
    ]


def test_import_makes_solved_tickets_due_in_two_business_days():
    imported([*incident("INC001"), servicenow_row(number="INC002")], at=NOW)

    solved, unsolved = Ticket.objects.order_by("number")
    assert solved.learning == unsolved.learning == Learning.DUE
    assert timedelta(days=1) < solved.learning_due_at - NOW < timedelta(days=5)
    assert unsolved.learning_due_at is None


def test_import_makes_a_ticket_due_once_a_later_file_solves_it():
    imported([servicenow_row()], at=NOW)

    imported([servicenow_row(**SOLVED)], at=NOW)

    assert Ticket.objects.get().learning_due_at > NOW


def test_import_marks_the_customers_it_changed():
    imported([*incident("INC001"), *incident("INC002", location="Location 2")], at=NOW)

    marked = CustomerChange.objects.values_list("customer__name", flat=True)
    assert set(marked) == {"Location 1", "Location 2"}


def test_import_is_one_audit_group():
    imported(incident("INC001"), at=NOW)

    group = EventGroup.objects.get(action="run_import")
    tables = set(group.changes.values_list("table_name", flat=True))
    assert {"tickets_ticket", "tickets_ticketevent", "accounts_customer"} <= tables


def test_import_twice_changes_nothing():
    imported(incident("INC001"), at=NOW)
    before = state_of_tickets(), state_of_events(), Ticket.objects.get().version

    again = imported(incident("INC001"), at=NOW)

    assert (state_of_tickets(), state_of_events(), Ticket.objects.get().version) == before
    assert again.counts["events"] == {"created": 0, "unchanged": 3}
    assert again.counts["tickets"] == {"created": 0, "updated": 0, "unchanged": 1}
    assert again.counts["customers"] == again.counts["contacts"] == {"created": 0}


def test_import_stores_a_repeated_row_once():
    batch = imported([*incident("INC001"), *incident("INC001")], at=NOW)

    assert TicketEvent.objects.count() == 3
    assert batch.counts["events"] == {"created": 3, "unchanged": 3}


def test_import_of_a_longer_log_updates_the_ticket():
    imported([servicenow_row()], at=NOW)

    batch = imported(incident("INC001"), at=NOW)

    assert batch.counts["tickets"] == {"created": 0, "updated": 1, "unchanged": 0}
    assert Ticket.objects.get().status == TicketStatus.CLOSED


def test_import_of_an_older_log_does_not_move_the_ticket_back():
    imported([servicenow_row(**CLOSED, location="Location 2")], at=NOW)

    imported([servicenow_row()], at=NOW)

    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.customer.name) == (TicketStatus.CLOSED, "Location 2")


def test_import_refuses_rows_with_column_and_reason_and_takes_the_rest():
    rows = [
        *incident("INC001"),
        servicenow_row(number="INC002", incident_state="-100"),
        servicenow_row(number="INC003", sys_updated_at="3/5/2196 09:05"),
        servicenow_row(number="INC004", assigned_to="R" * 201),
        servicenow_row(number="INC005", sys_updated_at=f"{NOW + timedelta(days=2):%d/%m/%Y %H:%M}"),
    ]

    batch = imported(rows, at=NOW)

    refusals = batch.refusals.in_file_order().values_list("row", "column", "value")
    assert [(row, column) for row, column, _ in refusals] == [
        (5, "incident_state"),
        (6, "sys_updated_at"),
        (7, "assignee_label"),
        (8, "sys_updated_at"),
    ]
    assert refusals[0][2] == "-100"
    assert batch.counts["rows"] == {"refused": 4}
    assert Ticket.objects.count() == 1


def test_check_says_what_a_run_would_do_and_does_nothing():
    imported(incident("INC001"), at=NOW)

    batch = checked(
        [*incident("INC001"), *incident("INC002"), servicenow_row(location="Location 9")]
    )

    assert batch.state == BatchState.CHECKED
    assert batch.counts["events"] == {"created": 3, "unchanged": 4}
    assert batch.counts["tickets"] == {"created": 1, "updated": 0, "unchanged": 1}
    assert batch.counts["customers"] == {"created": 1}
    assert Ticket.objects.count() == 1


def test_run_leaves_nothing_staged():
    imported(incident("INC001"), at=NOW)

    assert not StagedEvent.objects.exists()


def test_shift_moves_a_log_by_whole_weeks_to_end_before_a_day():
    batch = imported(incident("INC001"), shift_to="2026-03-04", at=NOW)

    ticket = Ticket.objects.get()
    weeks = Source.objects.get().shifted_weeks
    end = datetime(2026, 3, 4, tzinfo=UTC)
    assert batch.state == BatchState.DONE
    assert end - timedelta(weeks=1) <= ticket.last_event_at < end
    assert ticket.opened_at == datetime(2016, 5, 3, 9, tzinfo=UTC) + timedelta(weeks=weeks)
    assert CustomerProfile.objects.get().during.lower == ticket.opened_at


def test_shift_is_kept_for_a_later_file_that_names_no_day():
    imported(incident("INC001"), shift_to="2026-03-04", at=NOW)

    again = imported(incident("INC001"), at=NOW)

    assert again.counts["events"] == {"created": 0, "unchanged": 3}
    assert Ticket.objects.get().last_event_at.year == 2026


def test_shift_to_another_day_is_refused_in_words():
    imported(incident("INC001"), shift_to="2026-03-04", at=NOW)
    weeks = Source.objects.get().shifted_weeks

    batch = checked(incident("INC002"), shift_to="2026-06-01")

    assert batch.state == BatchState.FAILED
    assert f"was imported moved by {weeks} weeks" in batch.job.errors[0]
    assert Ticket.objects.count() == 1


def test_shift_may_change_once_the_first_import_is_undone():
    undone(imported(incident("INC001"), shift_to="2026-03-04", at=NOW), at=NOW)

    imported(incident("INC001"), at=NOW)

    assert Source.objects.get().shifted_weeks == 0
    assert Ticket.objects.get().opened_at.year == 2016


def test_undo_retires_what_the_file_made():
    batch = imported(incident("INC001"), at=NOW)

    undone(batch, at=NOW)

    assert Ticket.objects.get().retired_at is not None
    assert Customer.objects.get().retired_at is not None
    assert Contact.objects.get().retired_at is not None
    assert TicketEvent.objects.count() == 3
    assert Team.objects.count() == 1


def test_undo_of_a_second_file_leaves_what_the_first_one_said():
    imported([servicenow_row()], at=NOW)
    second = imported(incident("INC001"), at=NOW)

    undone(second, at=NOW)

    ticket = Ticket.objects.get()
    assert ticket.retired_at is None
    assert ticket.status == TicketStatus.NEW
    assert ticket.first_solved_at is None


def test_undo_then_import_again_is_as_a_first_import():
    undone(imported(incident("INC001"), at=NOW), at=NOW)

    again = imported(incident("INC001"), at=NOW)

    ticket = Ticket.objects.get()
    assert ticket.retired_at is None
    assert ticket.batch == again
    assert ticket.status == TicketStatus.CLOSED
    assert again.counts["tickets"]["created"] == again.counts["customers"]["created"] == 1
    assert again.counts["events"] == {"created": 3, "unchanged": 0}
    assert Customer.objects.get().retired_at is None


@pytest.fixture
def small_sections(monkeypatch):
    monkeypatch.setattr("supportsuccess.imports.sections.ROWS_PER_SECTION", 5)
    monkeypatch.setattr("tickets.actions.recording.ROWS_PER_SECTION", 5)
    monkeypatch.setattr("supportsuccess.outbox.jobs.PAUSE_SECONDS", 0)


def test_import_records_the_same_in_small_sections(small_sections):
    rows = [row for number in range(9) for row in incident(f"INC{number:03}")]

    batch = imported(rows, at=NOW)

    assert batch.sections.count() == 6
    assert batch.counts["tickets"] == {"created": 9, "updated": 0, "unchanged": 0}
    assert batch.counts["events"] == {"created": 27, "unchanged": 0}


class Broken(Exception):
    """What stops a step in a test."""


class BreakOnce:
    """Stops the work at the n-th statement it sends, once."""

    def __init__(self, statement):
        self.left = statement

    def __call__(self, execute, *call):
        self.left -= 1
        if self.left == 0:
            raise Broken
        return execute(*call)


@pytest.mark.parametrize("statement", range(3, 120, 9))
def test_import_stopped_at_any_statement_ends_as_a_clean_one(small_sections, statement):
    batch = checked([row for number in range(6) for row in incident(f"INC{number:03}")])
    job = actions.run_import(batch, by=BY, at=NOW, queue=outbox.HERE)
    broken = BreakOnce(statement)

    with connection.execute_wrapper(broken), contextlib.suppress(Broken):
        jobs.run_here(job)
    jobs.run_here(job)

    batch.refresh_from_db()
    assert broken.left <= 0
    assert batch.state == BatchState.DONE
    assert batch.counts["tickets"] == {"created": 6, "updated": 0, "unchanged": 0}
    assert batch.counts["events"] == {"created": 18, "unchanged": 0}
    assert TicketEvent.objects.count() == 18
    assert set(Ticket.objects.values_list("status", "version")) == {(TicketStatus.CLOSED, 1)}


def test_import_tells_nobody(mailoutbox):
    imported(incident("INC001"), at=NOW)

    promised = Delivery.objects.filter(job=None).values_list("name", flat=True)
    assert set(promised) == {"suggest_labels"}
    assert not mailoutbox
