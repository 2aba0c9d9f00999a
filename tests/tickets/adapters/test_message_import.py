import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Role
from tests.factories.people import UserFactory
from tests.factories.tickets import TicketFactory
from tests.tickets.adapters.files import checked, imported, undone
from tickets.adapters.messages import LONGEST_BODY
from tickets.lists.tickets import TicketList
from tickets.models import Message, MessageDirection
from tickets.queries.ticket_sheet import sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return TicketFactory(source="events", external_id="T-1")


@pytest.fixture
def agent():
    return UserFactory(role=Role.AGENT)


def message(ticket="T-1", **cells):
    return {
        "ticket": ticket,
        "source": "events",
        "occurred_at": "2026-06-02T09:00:00+02:00",
        "message": "1",
        "direction": "inbound",
        "by": "Ingrid Solheim",
        "body": "The lift does not sync.\n\nPlease help",
        **cells,
    }


def messages(rows):
    return imported(rows, at=timezone.now(), format_name="messages")


def test_imported_messages_stand_on_their_ticket_and_are_found(ticket, agent):
    batch = messages([message(), message(message="2", direction="internal", body="Tired of it")])

    assert batch.counts["messages"] == {"created": 2, "unchanged": 0}
    first, note = ticket.messages.order_by("pk")
    assert first.body == "The lift does not sync.\n\nPlease help"
    assert first.by_label == "Ingrid Solheim"
    assert note.direction == MessageDirection.INTERNAL
    assert found("sync please", agent) == [ticket]
    assert [entry.body for entry in sheet_of(ticket, user=agent).timeline.entries if entry.body]


def test_messages_imported_twice_change_nothing(ticket):
    messages([message()])

    batch = messages([message(), message()])

    assert batch.counts["messages"] == {"created": 0, "unchanged": 2}
    assert Message.objects.count() == 1


def test_one_said_twice_in_a_file_stands_once(ticket):
    messages([message(), message(body="Said again")])

    assert [said.body for said in Message.objects.all()] == [message()["body"]]


def test_messages_of_unknown_tickets_are_counted_apart(ticket):
    batch = checked([message(), message("T-9")], format_name="messages")

    assert batch.counts["messages"] == {"known": 1, "unknown": 1}
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ticket", ""),
        ("source", " "),
        ("occurred_at", "2026-06-02"),
        ("direction", "sideways"),
        ("body", ""),
        ("body", "a" * (LONGEST_BODY + 1)),
        ("by", "b" * 151),
        ("message", "m" * 151),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(ticket, column, value):
    batch = checked([message(), message(**{column: value})], format_name="messages")

    assert [refusal.column for refusal in batch.refusals.all()] == [column]


def test_the_longest_body_fits_the_index_of_words(ticket):
    words = " ".join(f"w{number:06}" for number in range(LONGEST_BODY // 8))

    batch = messages([message(body=words)])

    assert batch.counts["messages"]["created"] == 1


def test_what_a_withdrawn_file_said_is_neither_shown_nor_found(ticket, agent):
    batch = messages([message()])

    undone(batch, at=timezone.now())

    assert found("sync", agent) == []
    assert not [entry for entry in sheet_of(ticket, user=agent).timeline.entries if entry.body]
    assert not Message.objects.visible_to(agent).exists()


def test_messages_can_be_imported_again_after_they_were_undone(ticket, agent):
    undone(messages([message()]), at=timezone.now())

    batch = messages([message()])

    assert batch.counts["messages"] == {"created": 1, "unchanged": 0}
    assert found("sync", agent) == [ticket]


def found(text, user):
    query = QueryDict(mutable=True)
    query["q"] = text
    return list(TicketList(user, query, now=timezone.now()).found)
