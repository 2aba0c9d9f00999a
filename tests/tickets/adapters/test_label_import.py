import pytest
from django.utils import timezone

from accounts.models import CustomerChange
from tests.factories.people import UserFactory
from tests.tickets.adapters.files import checked, imported, undone
from tickets.actions.exemptions import exempt_ticket
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import ExemptReason, Labeling, Learning, Origin, Ticket

pytestmark = pytest.mark.django_db
ANSWERS = {
    "fix_category": "workaround",
    "root_cause": "product-bug",
    "sentiment": "frustrated",
    "competitor": "none",
    "product_feedback": "none",
}


def lesson(ticket="T-1", **cells):
    return {
        "ticket": ticket,
        "source": "events",
        "occurred_at": "2026-06-02T09:00:00+02:00",
        **ANSWERS,
        **cells,
    }


@pytest.fixture
def ticket():
    row = {
        "ticket": "T-1",
        "occurred_at": "2026-06-01T09:30:00+02:00",
        "status": "solved",
        "customer": "Halden Lifts",
    }
    columns = dict.fromkeys(
        [
            *("event", "priority", "team", "assignee", "by", "blocked", "reopen_count"),
            *("reassignment_count", "opened_at", "contact", "subject", "channel", "kind", "url"),
        ],
        "",
    )
    imported([row | columns], at=timezone.now(), format_name="events")
    CustomerChange.objects.all().delete()
    return Ticket.objects.get()


def labels(rows):
    return imported(rows, at=timezone.now(), format_name="labels")


def slugs():
    current = Labeling.objects.current()
    return {labeling.dimension: labeling.value.slug for labeling in current}


def test_imported_labels_answer_a_ticket_and_keep_their_origin(ticket):
    batch = labels([lesson()])

    ticket.refresh_from_db()
    assert slugs() == ANSWERS
    assert (ticket.learning, ticket.labels_answered) == (Learning.ANSWERED, 5)
    assert set(Labeling.objects.values_list("origin", "batch")) == {(Origin.IMPORTED, batch.pk)}
    assert CustomerChange.objects.filter(customer=ticket.customer).exists()


def test_labels_of_an_event_log_were_known_when_they_were_given(ticket):
    labels([lesson()])

    labeling = Labeling.objects.first()
    assert labeling.recorded_at == labeling.occurred_at


def test_some_labels_leave_the_ticket_due(ticket):
    labels([lesson(competitor="", product_feedback="")])

    ticket.refresh_from_db()
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 3)


def test_labels_imported_twice_change_nothing(ticket):
    labels([lesson()])
    again = labels([lesson(sentiment="angry")])

    assert again.counts["answers"]["created"] == 0
    assert slugs() == ANSWERS


def test_what_a_person_said_stands(ticket):
    answer_nothing_unusual(ticket, by=UserFactory(), at=timezone.now())

    labels([lesson()])

    assert slugs()["sentiment"] == "neutral"


def test_exempt_tickets_take_no_labels(ticket):
    exempt_ticket(ticket, reason=ExemptReason.AUTO_REPLY, by=UserFactory())

    labels([lesson()])

    assert not Labeling.objects.exists()


def test_labels_of_unknown_tickets_are_counted_apart(ticket):
    batch = checked([lesson(), lesson("T-9")], format_name="labels")

    assert batch.counts["answers"] == {"known": 5, "unknown": 5}
    assert not Labeling.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [("sentiment", "furious"), ("occurred_at", "yesterday"), ("ticket", ""), ("source", "")],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(ticket, column, value):
    batch = checked([lesson(), lesson(**{column: value})], format_name="labels")

    refusal = batch.refusals.get()
    assert (refusal.row, refusal.column) == (3, column)


def test_undone_labels_answer_nothing_any_more(ticket):
    batch = labels([lesson()])

    undone(batch, at=timezone.now())

    ticket.refresh_from_db()
    assert slugs() == {}
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 0)


def test_labels_can_be_imported_again_after_they_were_undone(ticket):
    undone(labels([lesson()]), at=timezone.now())

    labels([lesson(sentiment="angry")])

    assert slugs()["sentiment"] == "angry"
