from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import CustomerChange
from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.imports.models import BatchState
from tests.factories.base import change
from tests.factories.imports import BatchFactory
from tests.factories.labels import LabelingFactory, LabelRuleFactory
from tests.factories.people import UserFactory
from tests.factories.problems import ProblemFactory
from tests.factories.tickets import TicketFactory
from tickets.actions import problems as actions
from tickets.actions.exemptions import exempt_ticket, reopen_learning, undo_exemption
from tickets.actions.label_rules import answer_by_rules
from tickets.actions.labels import answer_nothing_unusual, undo_answers
from tickets.actions.problems import ProblemContent
from tickets.models import (
    Dimension,
    ExemptReason,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    Problem,
    ProblemState,
    Ticket,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CAUSE, FIX, MOOD = Dimension.ROOT_CAUSE, Dimension.FIX_CATEGORY, Dimension.SENTIMENT


def value_of(slug, dimension=CAUSE):
    return LabelValue.objects.get(dimension=dimension, slug=slug)


def content(**columns):
    return ProblemContent(**{"title": "Calendar sync stops", **columns})


def bug(**columns):
    """A known issue whose tickets are bugs of the product."""
    return ProblemFactory(root_cause=value_of("product-bug"), **columns)


def link(*tickets, problem):
    return actions.link_tickets(tickets, problem=problem, by=UserFactory(), at=NOW)


def relabel(problem, *, at=NOW, **columns):
    problem.refresh_from_db()
    said = content(title=problem.title, **columns)
    actions.change_problem(problem, said, seen=problem.version, by=UserFactory(), at=at)


def standing(ticket):
    return {row.dimension: (row.value.slug, row.origin) for row in ticket.labelings.current()}


# What a problem is


def test_a_problem_is_added_with_what_its_tickets_inherit():
    problem = actions.add_problem(content(root_cause=value_of("product-bug")), by=UserFactory())

    assert Problem.objects.with_labels().get().labels() == {CAUSE: value_of("product-bug")}
    assert problem.state == ProblemState.OPEN


def test_an_error_signature_belongs_to_one_problem():
    known = ProblemFactory(error_signature="E-1042")

    with pytest.raises(Refused, match=f"signature of “{known}”") as refusal:
        actions.add_problem(content(error_signature="E-1042"), by=UserFactory())

    assert refusal.value.field == "error_signature"


@pytest.mark.parametrize(
    ("slug", "dimension", "said"),
    [
        ("angry", MOOD, "answer to something else"),
        ("not-yet-known", CAUSE, "look again"),
        ("product-bug", CAUSE, "out of use"),
    ],
)
def test_a_value_that_no_ticket_can_inherit_is_refused(slug, dimension, said):
    if said == "out of use":
        change(value_of(slug, dimension), is_active=False)
    value = value_of(slug, dimension)

    with pytest.raises(Refused, match=said):
        actions.add_problem(content(root_cause=value), by=UserFactory())


def test_a_value_that_went_out_of_use_since_can_stay():
    problem = bug()
    change(problem.root_cause, is_active=False)

    relabel(problem, root_cause=value_of("product-bug"), state=ProblemState.FIXED)

    problem.refresh_from_db()
    assert (problem.state, problem.version) == (ProblemState.FIXED, 2)


def test_changing_a_problem_that_was_changed_since_is_refused():
    problem, by = ProblemFactory(), UserFactory()
    actions.change_problem(problem, content(tracker_key="CAL-7"), seen=1, by=by, at=NOW)

    with pytest.raises(Refused, match="changed after you opened it"):
        actions.change_problem(problem, content(tracker_key="CAL-8"), seen=1, by=by, at=NOW)

    problem.refresh_from_db()
    assert problem.tracker_key == "CAL-7"


@pytest.mark.parametrize("text", ["sync", "e-10", "CAL-7"])
def test_a_problem_is_found_by_its_title_signature_or_key(text):
    found = ProblemFactory(error_signature="E-1042", tracker_key="CAL-7")
    ProblemFactory(title="Invoices", error_signature="I-1")

    assert Problem.objects.matching(text).get() == found


def test_what_is_settled_is_offered_last():
    fixed = ProblemFactory(state=ProblemState.FIXED)
    older, newer = ProblemFactory.create_batch(2)
    change(fixed, title="Fixed")

    assert list(Problem.objects.for_choice())[:2] == [newer, older]


# What tickets inherit


def test_a_linked_ticket_inherits_at_once():
    ticket = TicketFactory()

    link(ticket, problem=bug())

    ticket.refresh_from_db()
    assert standing(ticket) == {CAUSE: ("product-bug", Origin.INHERITED)}
    assert (ticket.labels_answered, ticket.answered_by) == (1, Origin.INHERITED)
    assert CustomerChange.objects.filter(customer=ticket.customer).exists()


def test_what_is_said_of_a_problem_later_reaches_its_tickets():
    tickets, problem = TicketFactory.create_batch(2), bug()
    link(*tickets, problem=problem)

    relabel(problem, root_cause=value_of("integration"), fix_category=value_of("workaround", FIX))

    assert [standing(ticket) for ticket in tickets] == [
        {CAUSE: ("integration", Origin.INHERITED), FIX: ("workaround", Origin.INHERITED)}
    ] * 2


def test_a_label_taken_from_a_problem_is_taken_from_its_tickets():
    ticket, problem = TicketFactory(), bug()
    link(ticket, problem=problem)

    relabel(problem)

    ticket.refresh_from_db()
    assert (standing(ticket), ticket.labels_answered, ticket.answered_by) == ({}, 0, "")


def test_what_a_person_said_stands_over_the_problem():
    ticket, problem = TicketFactory(), bug()
    LabelingFactory(ticket=ticket, dimension=CAUSE, slug="training")

    link(ticket, problem=problem)
    relabel(problem, root_cause=value_of("integration"))
    relabel(problem)

    assert standing(ticket) == {CAUSE: ("training", Origin.PERSON)}


def test_what_a_file_said_stands_until_it_is_withdrawn():
    ticket, problem, batch = TicketFactory(), bug(), BatchFactory()
    LabelingFactory(
        ticket=ticket,
        dimension=CAUSE,
        slug="training",
        by=None,
        origin=Origin.IMPORTED,
        batch=batch,
    )
    link(ticket, problem=problem)
    assert standing(ticket) == {CAUSE: ("training", Origin.IMPORTED)}

    change(batch, withdrawn_at=NOW, state=BatchState.UNDONE)
    relabel(problem, root_cause=value_of("integration"))

    assert standing(ticket) == {CAUSE: ("integration", Origin.INHERITED)}


def by_rule(ticket):
    LabelRuleFactory(value=value_of("training"))
    answer_by_rules([ticket.pk], by=audit.System("test"), at=NOW)


def test_a_problem_stands_over_a_rule_which_answers_again_once_unlinked():
    ticket = TicketFactory(subject="Furious")
    by_rule(ticket)
    link(ticket, problem=bug())
    assert standing(ticket) == {CAUSE: ("product-bug", Origin.INHERITED)}

    actions.unlink_tickets([ticket], by=UserFactory(), at=NOW)

    ticket.refresh_from_db()
    assert standing(ticket) == {CAUSE: ("training", Origin.RULE)}
    assert (ticket.problem, ticket.answered_by) == (None, Origin.RULE)


def test_an_unlinked_ticket_keeps_what_a_person_said_since():
    ticket, by = TicketFactory(), UserFactory()
    link(ticket, problem=bug())
    answer_nothing_unusual(ticket, by=by, at=NOW + timedelta(minutes=1))

    actions.unlink_tickets([ticket], by=by, at=NOW + timedelta(minutes=2))

    ticket.refresh_from_db()
    assert CAUSE not in standing(ticket)
    assert (ticket.learning, ticket.labels_answered) == (Learning.DUE, 4)


def test_a_person_who_takes_an_answer_back_leaves_what_was_inherited():
    ticket, by = TicketFactory(), UserFactory()
    link(ticket, problem=bug())
    group_id = answer_nothing_unusual(ticket, by=by, at=NOW + timedelta(minutes=1))

    undo_answers(group_id, by=by, at=NOW + timedelta(minutes=2))

    assert standing(ticket) == {CAUSE: ("product-bug", Origin.INHERITED)}


def test_what_nobody_has_to_label_inherits_nothing_until_it_is_asked_for_again():
    spam, noise = TicketFactory.create_batch(2)
    problem, by = bug(), UserFactory()
    for ticket in (spam, noise):
        exempt_ticket(ticket, reason=ExemptReason.SPAM, by=by)
    link(spam, noise, problem=problem)
    assert not Labeling.objects.exists()

    reopen_learning(spam, by=by, at=NOW)
    noise.refresh_from_db()
    undo_exemption({noise.pk: noise.version}, by=by, at=NOW)

    assert standing(spam) == standing(noise) == {CAUSE: ("product-bug", Origin.INHERITED)}


def test_a_value_that_was_merged_is_inherited_as_what_it_was_merged_into():
    problem, ticket = bug(), TicketFactory()
    change(problem.root_cause, is_active=False, merged_into=value_of("integration"))

    link(ticket, problem=problem)

    assert standing(ticket) == {CAUSE: ("integration", Origin.INHERITED)}


def test_an_action_that_was_begun_earlier_and_done_later_has_the_last_word():
    ticket, problem = TicketFactory(), bug()
    link(ticket, problem=problem)
    relabel(problem, root_cause=value_of("integration"), at=NOW + timedelta(minutes=1))

    relabel(problem, root_cause=value_of("training"), at=NOW)

    assert standing(ticket) == {CAUSE: ("training", Origin.INHERITED)}


def test_settling_twice_says_nothing_twice():
    ticket, problem = TicketFactory(), bug()
    link(ticket, problem=problem)

    relabel(problem, root_cause=value_of("product-bug"), state=ProblemState.FIXED)

    assert ticket.labelings.count() == 1


def test_linking_costs_the_same_whatever_the_tickets():
    one, many, problem = TicketFactory(), TicketFactory.create_batch(9), bug()

    with CaptureQueriesContext(connection) as for_one:
        link(one, problem=problem)
    with CaptureQueriesContext(connection) as for_many:
        link(*many, problem=problem)

    assert len(for_one) == len(for_many)


# Linking, and taking it back


def test_a_ticket_moves_to_another_problem_with_its_labels():
    ticket = TicketFactory()
    link(ticket, problem=bug())

    link(ticket, problem=ProblemFactory(fix_category=value_of("workaround", FIX)))

    assert standing(ticket) == {FIX: ("workaround", Origin.INHERITED)}


def test_linking_twice_and_unlinking_what_is_not_linked_is_refused():
    ticket, problem = TicketFactory(), bug()
    with pytest.raises(Refused, match="linked to no problem"):
        actions.unlink_tickets([ticket], by=UserFactory(), at=NOW)
    link(ticket, problem=problem)

    with pytest.raises(Refused, match="already"):
        link(ticket, problem=problem)


def test_taking_a_link_back_puts_each_ticket_where_it_was():
    fresh, moved, earlier, problem = TicketFactory(), TicketFactory(), bug(), ProblemFactory()
    link(moved, problem=earlier)
    linked = link(fresh, moved, problem=problem)

    actions.undo_link(linked, problem_id=problem.pk, by=UserFactory(), at=NOW)

    now = dict(Ticket.objects.values_list("pk", "problem"))
    assert (now, standing(fresh)) == ({fresh.pk: None, moved.pk: earlier.pk}, {})
    assert standing(moved) == {CAUSE: ("product-bug", Origin.INHERITED)}


def test_a_ticket_that_was_linked_elsewhere_since_is_not_put_back():
    ticket, problem = TicketFactory(), bug()
    linked = link(ticket, problem=problem)
    link(ticket, problem=ProblemFactory())

    with pytest.raises(Refused, match="was changed since"):
        actions.undo_link(linked, problem_id=problem.pk, by=UserFactory(), at=NOW)


# At once


def at_once(*steps):
    barrier = Barrier(len(steps))

    def run(step):
        barrier.wait()
        try:
            step()
        except Refused as refusal:
            return refusal.message
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.mark.django_db(transaction=True)
def test_linking_and_relabelling_at_once_leaves_every_ticket_with_what_the_problem_says():
    problem, by = bug(), UserFactory()
    values = [value_of(slug) for slug in ("integration", "training", "documentation")]
    tickets = TicketFactory.create_batch(8)
    linking = [
        lambda ticket=ticket: actions.link_tickets(
            [ticket], problem=problem, by=by, at=timezone.now()
        )
        for ticket in tickets
    ]
    relabelling = [lambda value=value: relabel(problem, root_cause=value) for value in values]

    told = at_once(*linking, *relabelling)

    problem.refresh_from_db()
    said = (problem.root_cause.slug, Origin.INHERITED)
    assert told[: len(tickets)] == [""] * len(tickets)
    assert "" in told[len(tickets) :]
    assert [standing(ticket) for ticket in tickets] == [{CAUSE: said}] * len(tickets)


@pytest.mark.django_db(transaction=True)
def test_unlinking_and_relabelling_at_once_leaves_nothing_behind():
    problem, by = bug(), UserFactory()
    tickets = TicketFactory.create_batch(6)
    link(*tickets, problem=problem)
    unlinking = [
        lambda ticket=ticket: actions.unlink_tickets([ticket], by=by, at=timezone.now())
        for ticket in tickets[:3]
    ]

    at_once(*unlinking, lambda: relabel(problem, root_cause=value_of("integration")))

    assert [bool(standing(ticket)) for ticket in tickets] == [False] * 3 + [True] * 3
    assert {standing(ticket)[CAUSE][0] for ticket in tickets[3:]} == {"integration"}
