from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.imports.models import BatchState
from supportsuccess.outbox import jobs
from supportsuccess.outbox.models import Delivery, Job
from tests.factories.base import change
from tests.factories.imports import BatchFactory
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import MessageFactory, TicketFactory
from tests.tickets.adapters.files import imported, incident
from tickets.actions import label_rules as actions
from tickets.actions.label_rules import RuleContent
from tickets.actions.labels import answer_dimensions, answer_nothing_unusual, undo_answers
from tickets.jobs.label_rules import start_answering
from tickets.lists.tickets import TicketList
from tickets.models import (
    ASKED_DIMENSIONS,
    Channel,
    Dimension,
    ExemptReason,
    LabelRule,
    LabelValue,
    Learning,
    Origin,
    Ticket,
)
from tickets.queries.label_rules import answers_by_rules, preview_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_rules_in_use_stand_in_the_order_in_which_they_are_tried():
    second, first = LabelRuleFactory(position=2), LabelRuleFactory(position=1)
    LabelRuleFactory(position=0, is_active=False)

    assert list(LabelRule.objects.in_use()) == [first, second]


def test_a_rule_whose_value_is_out_of_use_is_not_in_use():
    LabelRuleFactory(slug="angry")

    with audit.group("test", by=UserFactory()):
        LabelValue.objects.filter(dimension=Dimension.SENTIMENT, slug="angry").update(
            is_active=False
        )

    assert not LabelRule.objects.in_use().exists()


@pytest.mark.parametrize(("role", "seen"), [(Role.AGENT, 1), ("", 0)])
def test_rules_are_visible_to_those_who_see_tickets(role, seen):
    LabelRuleFactory()

    assert LabelRule.objects.visible_to(UserFactory.build(role=role)).count() == seen


def value_of(slug, dimension=Dimension.SENTIMENT):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


def content(**columns):
    return RuleContent(
        **{"name": "Anger", "value": value_of("angry"), "keywords": ["furious"], **columns}
    )


def answer(*tickets):
    return actions.answer_by_rules(
        [ticket.pk for ticket in tickets], by=audit.System("test"), at=NOW
    )


def standing(ticket):
    return {row.dimension: row.value.slug for row in ticket.labelings.current()}


# Which tickets a rule answers


@pytest.mark.parametrize(
    ("keywords", "subject"),
    [
        (["outlook sync"], "Outlook Sync stops"),
        (["nothing", "e-mail"], "E-mail does not arrive"),
        (["Acme Desk", "acmedesk"], "We look at AcmeDesk"),
    ],
)
def test_a_rule_answers_by_word_phrase_or_alias(keywords, subject):
    LabelRuleFactory(keywords=keywords)
    ticket = TicketFactory(subject=subject)

    answer(ticket)

    assert standing(ticket) == {Dimension.SENTIMENT: "angry"}


@pytest.mark.parametrize("subject", ["Sync with Outlook", "Outlook and sync", "syncing"])
def test_a_phrase_is_its_words_in_their_order_and_whole(subject):
    LabelRuleFactory(keywords=["outlook sync", "syn"])

    assert not answers_by_rules([TicketFactory(subject=subject).pk])


def test_a_keyword_is_looked_for_in_messages_of_the_ticket_alone():
    LabelRuleFactory()
    written, other = TicketFactory(), TicketFactory()
    MessageFactory(ticket=written, body="I am furious about this.")

    answer(written, other)

    assert (standing(written), standing(other)) == ({Dimension.SENTIMENT: "angry"}, {})


def test_all_conditions_of_a_rule_hold():
    LabelRuleFactory(channel=Channel.PHONE)
    by_phone = TicketFactory(subject="Furious", channel=Channel.PHONE)
    by_mail = TicketFactory(subject="Furious", channel=Channel.MAIL)
    calm = TicketFactory(subject="Calm", channel=Channel.PHONE)

    answer(by_phone, by_mail, calm)

    assert [bool(standing(each)) for each in (by_phone, by_mail, calm)] == [True, False, False]


def test_the_first_rule_of_a_dimension_wins():
    LabelRuleFactory(position=2, slug="frustrated")
    first = LabelRuleFactory(position=1, slug="angry")
    ticket = TicketFactory(subject="Furious")

    answer(ticket)

    assert ticket.labelings.get().rule == first


def test_rules_of_several_dimensions_answer_one_ticket():
    LabelRuleFactory()
    LabelRuleFactory(value=value_of("none", Dimension.COMPETITOR))
    ticket = TicketFactory(subject="Furious")

    assert answer(ticket) == (2, 1)

    ticket.refresh_from_db()
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 2)


# What stands over a rule


def test_an_answer_that_stands_is_kept():
    LabelRuleFactory()
    ticket = TicketFactory(subject="Furious")
    LabelingFactory(ticket=ticket, slug="neutral")

    answer(ticket)

    assert standing(ticket) == {Dimension.SENTIMENT: "neutral"}


def test_the_answer_of_a_withdrawn_file_is_none():
    LabelRuleFactory()
    ticket = TicketFactory(subject="Furious")
    batch = BatchFactory(withdrawn_at=NOW, state=BatchState.UNDONE)
    LabelingFactory(ticket=ticket, slug="neutral", batch=batch, by=None, origin=Origin.IMPORTED)

    answer(ticket)

    assert standing(ticket) == {Dimension.SENTIMENT: "angry"}


def test_what_a_person_took_back_is_not_answered_by_a_rule():
    ticket, by = TicketFactory(subject="Furious"), UserFactory()
    group_id = answer_nothing_unusual(ticket, by=by, at=NOW)
    undo_answers(group_id, by=by, at=NOW)
    LabelRuleFactory()

    answer(ticket)

    assert standing(ticket) == {}


def test_a_person_answers_over_a_rule_and_taking_it_back_names_the_rule_again():
    rule, ticket, by = LabelRuleFactory(), TicketFactory(subject="Furious"), UserFactory()
    answer(ticket)
    said = {name: value_of("neutral") for name in [Dimension.SENTIMENT]}
    rest = LabelValue.objects.nothing_unusual().exclude(dimension=Dimension.SENTIMENT)
    said |= {
        Dimension(value.dimension): value for value in rest if value.dimension in ASKED_DIMENSIONS
    }
    group_id = answer_dimensions(ticket, answers=said, by=by, at=NOW + timedelta(minutes=1))
    assert standing(ticket)[Dimension.SENTIMENT] == "neutral"

    undo_answers(group_id, by=by, at=NOW + timedelta(minutes=2))

    again = ticket.labelings.current().get()
    assert (again.origin, again.rule) == (Origin.RULE, rule)


@pytest.mark.parametrize(
    "columns",
    [
        {"learning": Learning.EXEMPT, "exempt_reason": ExemptReason.SPAM},
        {"retired_at": NOW},
    ],
)
def test_exempt_and_withdrawn_tickets_are_left_alone(columns):
    LabelRuleFactory()

    assert answer(TicketFactory(subject="Furious", **columns)) == (0, 0)


def test_a_second_run_changes_nothing():
    LabelRuleFactory()
    ticket = TicketFactory(subject="Furious")
    answer(ticket)
    ticket.refresh_from_db()

    assert answer(ticket) == (0, 0)

    version = ticket.version
    ticket.refresh_from_db()
    assert (ticket.version, ticket.labelings.count()) == (version, 1)


def test_a_ticket_that_rules_answer_wholly_is_answered():
    for value in LabelValue.objects.nothing_unusual().filter(dimension__in=ASKED_DIMENSIONS):
        LabelRuleFactory(value=value)
    ticket = TicketFactory(subject="Furious")

    answer(ticket)

    ticket.refresh_from_db()
    assert ticket.learning == Learning.ANSWERED


def test_answering_costs_the_same_whatever_the_tickets():
    LabelRuleFactory()
    one, many = TicketFactory(subject="Furious"), TicketFactory.create_batch(9, subject="Furious")

    with CaptureQueriesContext(connection) as for_one:
        answer(one)
    with CaptureQueriesContext(connection) as for_many:
        answer(*many)

    assert len(for_one) == len(for_many)


# Writing rules


def test_rules_are_added_at_the_end_and_moved():
    by = UserFactory()
    first, second = (actions.add_rule(content(name=name), by=by) for name in ("One", "Two"))

    actions.move_rule(second, places=-1, by=by)

    assert list(LabelRule.objects.in_use()) == [second, first]
    with pytest.raises(Refused, match="further"):
        actions.move_rule(second, places=-1, by=by)


def test_a_retired_rule_is_not_moved():
    rule = LabelRuleFactory(is_active=False)

    with pytest.raises(Refused, match="retired"):
        actions.move_rule(rule, places=1, by=UserFactory())


def test_changing_a_rule_that_was_changed_since_is_refused():
    rule, by = LabelRuleFactory(), UserFactory()
    actions.change_rule(rule, content(name="Rage"), seen=1, by=by)

    with pytest.raises(Refused, match="changed after you opened it"):
        actions.change_rule(rule, content(name="Wrath"), seen=1, by=by)

    rule.refresh_from_db()
    assert (rule.name, rule.version) == ("Rage", 2)


def test_a_retired_rule_answers_nothing_until_it_is_brought_back():
    rule, by, ticket = LabelRuleFactory(), UserFactory(), TicketFactory(subject="Furious")
    actions.retire_rule(rule, by=by)
    assert answer(ticket) == (0, 0)
    with pytest.raises(Refused, match="retired already"):
        actions.retire_rule(rule, by=by)

    actions.restore_rule(rule, by=by)

    assert answer(ticket) == (1, 1)
    with pytest.raises(Refused, match="in use already"):
        actions.restore_rule(rule, by=by)


@pytest.mark.parametrize(
    ("columns", "field", "words"),
    [
        ({"keywords": []}, "keywords", "every ticket"),
        ({"keywords": ["?!"]}, "keywords", "no word"),
        ({"keywords": [f"word{n}" for n in range(51)]}, "keywords", "51 keywords are too many"),
        ({"name": "taken"}, "name", "Another rule"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_field(columns, field, words):
    LabelRuleFactory(name="Taken")

    with pytest.raises(Refused, match=words) as refusal:
        actions.add_rule(content(**columns), by=UserFactory())

    assert refusal.value.field == field


def test_a_value_out_of_use_and_the_one_to_look_at_again_are_refused():
    change(value_of("angry"), is_active=False)

    for wrong in (value_of("angry"), value_of("not-yet-known", Dimension.ROOT_CAUSE)):
        with pytest.raises(Refused) as refusal:
            actions.add_rule(content(value=wrong), by=UserFactory())
        assert refusal.value.field == "value"


def test_a_rule_whose_value_went_out_of_use_is_not_brought_back():
    rule = LabelRuleFactory(is_active=False)
    change(rule.value, is_active=False)

    with pytest.raises(Refused, match="out of use"):
        actions.restore_rule(rule, by=UserFactory())


# The job, and after an import


def test_the_job_answers_all_due_tickets_a_part_at_a_time(monkeypatch):
    monkeypatch.setattr("tickets.jobs.label_rules.ANSWERED_AT_ONCE", 2)
    LabelRuleFactory()
    TicketFactory.create_batch(3, subject="Furious")

    job = jobs.run_here(start_answering(by=UserFactory(), queue=outbox.HERE))

    assert (job.state, job.done, job.result) == ("done", 3, {"answers": 3, "tickets": 3})


def test_preview_counts_matches_and_those_that_nobody_answered():
    user, rule = UserFactory(role=Role.ADMIN), LabelRuleFactory.build(value=value_of("angry"))
    answered, due = TicketFactory.create_batch(2, subject="Furious", opened_at=NOW)
    TicketFactory(opened_at=NOW)
    TicketFactory(subject="Furious", opened_at=NOW - timedelta(days=91))
    LabelingFactory(ticket=answered)

    preview = preview_of(rule, user=user, at=NOW + timedelta(minutes=1))

    assert (preview.tickets, preview.matched, preview.unanswered) == (3, 2, 1)
    assert {row.pk for row in preview.sample} == {answered.pk, due.pk}


def test_a_list_finds_what_a_rule_fits_and_what_is_left_to_it():
    user, rule = UserFactory(role=Role.ADMIN), LabelRuleFactory(value=value_of("angry"))
    answered, due = TicketFactory.create_batch(2, subject="Furious", opened_at=NOW)
    TicketFactory(opened_at=NOW)
    LabelingFactory(ticket=answered)

    def found(query):
        return set(TicketList(user, QueryDict(query), now=NOW).all_found)

    assert found(f"fits={rule.pk}") == {answered, due}
    assert found(f"left_to={rule.pk}") == {due}
    assert found("fits=0") == set()


def test_an_import_of_tickets_has_the_rules_answer_what_it_told():
    LabelRuleFactory(keywords=[], source="servicenow")
    other = TicketFactory(source="servicenow")

    imported(incident("INC001"), at=NOW)
    outbox.deliver_due()
    jobs.run_here(Job.objects.get(kind="answer_by_rules"))

    assert standing(Ticket.objects.get(number="INC001")) == {Dimension.SENTIMENT: "angry"}
    assert standing(other) == {}


def test_an_import_promises_nothing_without_rules():
    imported(incident("INC001"), at=NOW)

    assert not Delivery.objects.filter(name="answer_by_rules_after_import").exists()
