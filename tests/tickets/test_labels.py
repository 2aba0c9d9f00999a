from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import CustomerChange
from supportsuccess import audit
from supportsuccess.audit.models import EventGroup
from supportsuccess.errors import Refused
from tests.factories.labels import LabelingFactory
from tests.factories.people import TeamFactory, UserFactory
from tests.factories.tickets import TicketFactory
from tickets.actions.exemptions import exempt_ticket, exempt_tickets, reopen_learning
from tickets.actions.labels import (
    UNDO_WITHIN,
    answer_dimensions,
    answer_nothing_unusual,
    answer_tickets,
    undo_answers,
)
from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    ExemptReason,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    Ticket,
)
from tickets.queries.learning import missing_dimensions, missing_words

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SLUGS = {
    Dimension.FIX_CATEGORY: "workaround",
    Dimension.ROOT_CAUSE: "product-bug",
    Dimension.SENTIMENT: "frustrated",
    Dimension.COMPETITOR: "none",
    Dimension.PRODUCT_FEEDBACK: "feature-request",
}


def value(dimension, slug):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


def answers(**slugs):
    chosen = SLUGS | {Dimension(name): slug for name, slug in slugs.items()}
    return {dimension: value(dimension, slug) for dimension, slug in chosen.items()}


def standing(ticket):
    rows = Labeling.objects.filter(ticket=ticket).current().values_list("dimension", "value__slug")
    return dict(rows)


def newest(ticket):
    return Labeling.objects.filter(ticket=ticket).latest("pk").pk


def test_answering_all_dimensions_settles_the_ticket():
    ticket = TicketFactory()
    agent = UserFactory()

    answer_dimensions(ticket, answers=answers(), by=agent, at=NOW)

    ticket.refresh_from_db()
    assert (ticket.learning, ticket.labels_answered, ticket.version) == (Learning.ANSWERED, 5, 2)
    assert standing(ticket) == SLUGS
    assert {(row.origin, row.by, row.recorded_at) for row in ticket.labelings.all()} == {
        (Origin.PERSON, agent, NOW)
    }


def test_answering_is_one_audit_group_of_the_ticket():
    ticket = TicketFactory()
    before = EventGroup.objects.count()

    group_id = answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)

    group = EventGroup.objects.get(pk=group_id)
    assert EventGroup.objects.count() == before + 2  # and the one that made the agent
    assert (group.action, group.object_id) == ("answer_dimensions", ticket.pk)
    assert {change.table_name for change in group.changes.all()} == {
        "tickets_labeling",
        "tickets_ticket",
    }


def test_answering_marks_the_customer_as_changed():
    ticket = TicketFactory()

    answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)

    assert CustomerChange.objects.filter(customer=ticket.customer).exists()


def test_answering_an_unmatched_ticket_marks_nobody():
    ticket = TicketFactory(customer=None)

    answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)

    assert not CustomerChange.objects.exists()


def test_missing_dimensions_are_refused_by_name():
    ticket = TicketFactory()
    given = answers()
    del given[Dimension.ROOT_CAUSE], given[Dimension.COMPETITOR]

    with pytest.raises(Refused, match="root cause and competitor") as refusal:
        answer_dimensions(ticket, answers=given, by=UserFactory(), at=NOW)

    assert refusal.value.field == Dimension.ROOT_CAUSE
    assert not ticket.labelings.exists()


def test_one_dimension_is_enough_once_the_others_are_answered():
    ticket = TicketFactory()
    answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)
    angry = {Dimension.SENTIMENT: value(Dimension.SENTIMENT, "angry")}

    answer_dimensions(ticket, answers=angry, by=UserFactory(), at=LATER)

    assert standing(ticket) == SLUGS | {Dimension.SENTIMENT: "angry"}
    assert ticket.labelings.count() == 6


def test_what_stands_already_keeps_its_origin():
    ticket = TicketFactory()
    LabelingFactory(ticket=ticket, slug="frustrated", origin=Origin.IMPORTED, by=None)

    answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)

    sentiment = Labeling.objects.filter(dimension=Dimension.SENTIMENT)
    assert [row.origin for row in sentiment] == [Origin.IMPORTED]


def test_value_of_another_dimension_is_refused():
    wrong = answers() | {Dimension.SENTIMENT: value(Dimension.ROOT_CAUSE, "training")}

    with pytest.raises(Refused, match="does not answer Sentiment at end") as refusal:
        answer_dimensions(TicketFactory(), answers=wrong, by=UserFactory(), at=NOW)

    assert refusal.value.field == Dimension.SENTIMENT


def test_value_out_of_use_is_refused():
    retired = answers()[Dimension.SENTIMENT]
    retired.is_active = False

    with pytest.raises(Refused, match="out of use"):
        answer_dimensions(
            TicketFactory(),
            answers=answers() | {Dimension.SENTIMENT: retired},
            by=UserFactory(),
            at=NOW,
        )


def test_cause_not_yet_known_is_asked_again():
    ticket = TicketFactory()

    answer_dimensions(ticket, answers=answers(root_cause="not-yet-known"), by=UserFactory(), at=NOW)

    cause = ticket.labelings.get(dimension=Dimension.ROOT_CAUSE)
    assert cause.revisit_on == datetime(2026, 6, 17, tzinfo=UTC).date()


def test_second_person_is_told_who_answered():
    ticket = TicketFactory()
    answer_dimensions(ticket, answers=answers(), by=UserFactory(name="Mina Roth"), at=NOW, seen=0)

    with pytest.raises(Refused, match="Mina Roth answered"):
        answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=LATER, seen=0)


def test_person_who_saw_the_newest_answers_may_change_them():
    ticket = TicketFactory()
    answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW, seen=0)
    seen = newest(ticket)

    answer_dimensions(
        ticket, answers=answers(sentiment="angry"), by=UserFactory(), at=LATER, seen=seen
    )

    assert standing(ticket)[Dimension.SENTIMENT] == "angry"


def test_answer_of_a_rule_since_is_told_by_its_origin():
    ticket = TicketFactory()
    LabelingFactory(ticket=ticket, origin=Origin.RULE, by=None)

    with pytest.raises(Refused, match="Rule answered"):
        answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW, seen=0)


def test_retired_ticket_is_refused():
    ticket = TicketFactory(retired_at=NOW)

    with pytest.raises(Refused, match="withdrawn"):
        answer_dimensions(ticket, answers=answers(), by=UserFactory(), at=NOW)


def test_nothing_unusual_answers_what_is_left():
    ticket = TicketFactory()
    LabelingFactory(ticket=ticket, slug="angry", origin=Origin.IMPORTED, by=None)

    answer_nothing_unusual(ticket, by=UserFactory(), at=NOW)

    ticket.refresh_from_db()
    current = Labeling.objects.filter(ticket=ticket).current().select_related("value")
    assert ticket.learning == Learning.ANSWERED
    assert {row.dimension for row in current if row.value.is_nothing_unusual} == set(
        ASKED_DIMENSIONS
    ) - {Dimension.SENTIMENT}
    assert standing(ticket)[Dimension.SENTIMENT] == "angry"


def test_nothing_unusual_is_refused_when_all_is_answered():
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=UserFactory(), at=NOW)

    with pytest.raises(Refused, match="answered already"):
        answer_nothing_unusual(ticket, by=UserFactory(), at=LATER)


def test_alike_tickets_are_answered_in_one_group():
    tickets = [TicketFactory(), TicketFactory()]

    group_id = answer_tickets(tickets, answers=answers(), by=UserFactory(), at=NOW)

    assert [ticket.learning for ticket in Ticket.objects.all()] == [Learning.ANSWERED] * 2
    assert Labeling.objects.filter(audit_group=group_id).count() == 10


def test_one_exempt_ticket_refuses_the_whole_set():
    tickets = [TicketFactory(), TicketFactory(learning=Learning.EXEMPT, exempt_reason="spam")]

    with pytest.raises(Refused, match="exempt"):
        answer_tickets(tickets, answers=answers(), by=UserFactory(), at=NOW)

    assert not Labeling.objects.exists()


def test_undo_makes_a_first_answer_due_again():
    ticket = TicketFactory()
    agent = UserFactory()
    group_id = answer_dimensions(ticket, answers=answers(), by=agent, at=NOW)

    undone = undo_answers(group_id, by=agent, at=LATER)

    ticket.refresh_from_db()
    assert undone.tickets == [ticket]
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 0)
    assert standing(ticket) == {}
    assert ticket.labelings.count() == 10


def test_undo_puts_the_earlier_answer_back_with_its_origin():
    ticket = TicketFactory()
    agent = UserFactory()
    answer_dimensions(ticket, answers=answers(), by=UserFactory(name="Mina"), at=NOW)
    group_id = answer_dimensions(ticket, answers=answers(sentiment="angry"), by=agent, at=LATER)

    undo_answers(group_id, by=agent, at=LATER + timedelta(seconds=3))

    ticket.refresh_from_db()
    back = Labeling.objects.filter(dimension=Dimension.SENTIMENT).current().get()
    assert ticket.learning == Learning.ANSWERED
    assert (back.value.slug, back.by.name) == ("frustrated", "Mina")


def test_undo_is_refused_when_somebody_answered_since():
    ticket = TicketFactory()
    agent = UserFactory()
    group_id = answer_dimensions(ticket, answers=answers(), by=agent, at=NOW)
    answer_dimensions(ticket, answers=answers(sentiment="angry"), by=UserFactory(), at=LATER)

    with pytest.raises(Refused, match="answered again since"):
        undo_answers(group_id, by=agent, at=LATER)

    assert standing(ticket)[Dimension.SENTIMENT] == "angry"


def test_undo_of_a_set_leaves_what_was_answered_since():
    tickets = [TicketFactory(), TicketFactory()]
    agent = UserFactory()
    group_id = answer_tickets(tickets, answers=answers(), by=agent, at=NOW)
    answer_dimensions(tickets[0], answers=answers(sentiment="angry"), by=agent, at=LATER)

    undone = undo_answers(group_id, by=agent, at=LATER)

    assert (undone.tickets, undone.kept) == ([tickets[1]], [tickets[0]])
    assert standing(tickets[1]) == {}


def test_undo_twice_is_refused():
    agent = UserFactory()
    group_id = answer_dimensions(TicketFactory(), answers=answers(), by=agent, at=NOW)
    undo_answers(group_id, by=agent, at=LATER)

    with pytest.raises(Refused, match="answered again since"):
        undo_answers(group_id, by=agent, at=LATER)


def test_undo_is_refused_after_a_day():
    agent = UserFactory()
    group_id = answer_dimensions(TicketFactory(), answers=answers(), by=agent, at=NOW)

    with pytest.raises(Refused, match="any more"):
        undo_answers(group_id, by=agent, at=NOW + UNDO_WITHIN + timedelta(seconds=1))


def test_undo_of_another_action_is_refused():
    with transaction.atomic(), audit.group("other", by=audit.System("test")) as group_id:
        pass

    with pytest.raises(Refused, match="nothing is to be undone"):
        undo_answers(group_id, by=UserFactory(), at=NOW)


def test_exempt_ticket_is_asked_of_nobody():
    ticket = TicketFactory()

    exempt_ticket(ticket, reason=ExemptReason.SPAM, by=UserFactory())

    ticket.refresh_from_db()
    assert (ticket.learning, ticket.exempt_reason) == (Learning.EXEMPT, ExemptReason.SPAM)
    assert not Ticket.objects.due().exists()


def test_answered_ticket_can_not_become_exempt():
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=UserFactory(), at=NOW)

    with pytest.raises(Refused, match="answered already"):
        exempt_tickets([ticket], reason=ExemptReason.SPAM, by=UserFactory())


def test_exempt_ticket_takes_no_answers():
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)

    with pytest.raises(Refused, match=r"exempt \(spam\)"):
        answer_nothing_unusual(ticket, by=UserFactory(), at=NOW)


def test_reopened_learning_is_due_in_two_working_days():
    friday_noon = datetime(2026, 6, 5, 10, tzinfo=UTC)
    ticket = TicketFactory(
        learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM, team=TeamFactory()
    )

    reopen_learning(ticket, by=UserFactory(), at=friday_noon)

    ticket.refresh_from_db()
    assert (ticket.learning, ticket.exempt_reason) == (Learning.DUE, "")
    assert ticket.learning_due_at == datetime(2026, 6, 9, 10, tzinfo=UTC)


def test_reopened_learning_without_a_team_is_due_in_two_days():
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)

    reopen_learning(ticket, by=UserFactory(), at=NOW)

    ticket.refresh_from_db()
    assert ticket.learning_due_at == NOW + timedelta(days=2)


def test_only_exempt_learning_is_reopened():
    with pytest.raises(Refused, match="is not exempt"):
        reopen_learning(TicketFactory(), by=UserFactory(), at=NOW)


def test_guard_names_what_is_missing():
    missing = missing_dimensions({Dimension.FIX_CATEGORY, Dimension.SENTIMENT})

    assert missing == (Dimension.ROOT_CAUSE, Dimension.COMPETITOR, Dimension.PRODUCT_FEEDBACK)
    assert "root cause, competitor and product feedback" in missing_words(missing)


def test_guard_is_content_with_all_asked_dimensions():
    assert missing_dimensions(ASKED_DIMENSIONS) == ()


def test_due_ticket_is_overdue_once_its_time_has_passed():
    late = TicketFactory(learning_due_at=NOW - timedelta(seconds=1))
    TicketFactory(learning_due_at=NOW + timedelta(seconds=1))
    TicketFactory(learning_due_at=None)

    assert list(Ticket.objects.overdue(NOW)) == [late]
