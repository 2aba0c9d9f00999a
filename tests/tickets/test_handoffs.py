from datetime import timedelta

import pytest

from accounts.models import CustomerChange, Role, TeamKind
from supportsuccess.audit.models import EventGroup
from supportsuccess.errors import Refused
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.parties import TAKEN_IN_TIME, TUESDAY_AT_TEN, make_offer
from tests.factories.people import (
    AvailabilityFactory,
    MembershipFactory,
    PoolLeadFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.tickets import TicketFactory
from tests.tickets.handoff_past import holders_of, kinds_of
from tickets.actions import handoffs
from tickets.models import (
    HandoffHolder,
    HandoffState,
    HandoffType,
    HolderCause,
    Priority,
    ReturnReason,
)

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
LATER = TAKEN_IN_TIME


# Offer


def test_offer_goes_to_the_accountable_owner(parties, offered):
    assert (offered.receiver, offered.to_team) == (parties.csm, parties.success)


def test_offer_goes_to_the_owner_on_paper_while_the_cover_answers(parties):
    AvailabilityFactory(user=parties.csm, cover=parties.success_lead, cover_confirmed_at=NOW)

    assert make_offer(parties).receiver == parties.csm


def test_offer_goes_to_the_lead_of_the_pool_that_holds_the_customer(parties):
    lead = PoolLeadFactory()
    MembershipFactory(user=lead.user, team=lead.pool.team)
    customer = CustomerFactory()
    AssignmentFactory(customer=customer, holder_user=None, holder_pool=lead.pool)

    handoff = handoffs.offer_handoff(
        customer,
        type=HandoffType.ADOPTION,
        priority=Priority.LOW,
        need="They use one module of four.",
        by=parties.agent,
        at=NOW,
    )

    assert handoff.receiver == lead.user


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        (Priority.CRITICAL, timedelta(hours=4)),
        (Priority.HIGH, timedelta(days=1)),
        (Priority.NORMAL, timedelta(days=2)),
        (Priority.LOW, timedelta(days=7)),
    ],
)
def test_offer_is_due_by_business_time_of_the_receiving_team(parties, priority, due):
    assert make_offer(parties, priority=priority).due_at == NOW + due


def test_offer_leaves_the_matter_with_the_sender(parties, offered):
    assert holders_of(offered) == [(parties.agent.name, HolderCause.OFFERED)]


def test_offer_marks_the_customer_as_changed(parties, offered):
    assert CustomerChange.objects.filter(customer=parties.customer).exists()


def test_offer_is_one_audit_group(parties, offered):
    group = EventGroup.objects.get(action="offer_handoff")

    assert (group.actor_id, group.changes.filter(table_name="tickets_handoff").count()) == (
        parties.agent.pk,
        1,
    )


def test_offer_refuses_a_second_open_one_and_names_the_first(parties, offered):
    with pytest.raises(handoffs.AlreadyOpen, match="Mina Falk offered it to Ines Duarte") as told:
        make_offer(parties)

    assert told.value.handoff == offered


def test_offer_takes_another_type_for_the_same_customer(parties, offered):
    assert make_offer(parties, type=HandoffType.EXPANSION).state == HandoffState.OFFERED


def test_offer_asks_for_what_the_customer_needs(parties):
    with pytest.raises(Refused, match="one sentence") as told:
        make_offer(parties, need="  ")

    assert told.value.field == "need"


def test_offer_of_an_escalation_asks_for_its_ticket(parties):
    with pytest.raises(Refused, match="needs the ticket"):
        make_offer(parties, type=HandoffType.ESCALATION, tickets=[])


def test_offer_refuses_a_ticket_of_another_customer(parties):
    with pytest.raises(Refused, match="not a ticket of Halden Lifts"):
        make_offer(parties, tickets=[TicketFactory()])


def test_offer_refuses_to_hand_over_to_oneself(parties):
    with pytest.raises(Refused, match="answers for this already"):
        make_offer(parties, by=parties.csm)


def test_offer_asks_for_a_receiver_where_nobody_holds_the_role(parties):
    with pytest.raises(Refused, match="Nobody is support owner of Halden Lifts") as told:
        make_offer(parties, type=HandoffType.TECHNICAL_HELP)

    assert told.value.field == "receiver"


def test_offer_refuses_a_receiver_who_may_not_receive(parties):
    with pytest.raises(Refused, match="can't receive"):
        make_offer(parties, receiver=UserFactory(role=Role.MARKETING))


def test_offer_refuses_a_receiver_without_a_team(parties):
    with pytest.raises(Refused, match="in no team"):
        make_offer(parties, receiver=UserFactory(role=Role.CSM))


def test_offer_refuses_a_receiver_who_may_not_see_the_customer(parties):
    hidden = CustomerFactory(is_restricted=True)
    receiver = MembershipFactory(user__role=Role.CSM).user

    with pytest.raises(Refused, match="may not see"):
        handoffs.offer_handoff(
            hidden,
            type=HandoffType.ADOPTION,
            priority=Priority.LOW,
            need="They use one module of four.",
            receiver=receiver,
            by=parties.agent,
            at=NOW,
        )


def test_add_ticket_makes_it_part_of_the_open_one(parties, offered):
    ticket = TicketFactory(customer=parties.customer)

    handoffs.add_ticket(offered, ticket=ticket, by=parties.agent, at=LATER)

    assert ticket in offered.tickets.all()


def test_add_ticket_refuses_one_it_has_already(parties, offered):
    with pytest.raises(Refused, match="part of it already"):
        handoffs.add_ticket(offered, ticket=offered.tickets.get(), by=parties.agent, at=LATER)


# Question, return, again


def test_a_question_and_its_answer_leave_the_clock_running(parties, offered):
    asked = handoffs.ask_question(offered, question="Who decides?", by=parties.csm, at=LATER)
    answered = handoffs.answer_question(
        asked, answer="Ingrid.", by=parties.agent, at=LATER + timedelta(minutes=5)
    )

    assert (asked.state, answered.state) == (HandoffState.QUESTION, HandoffState.OFFERED)
    assert answered.due_at == offered.due_at
    assert kinds_of(answered) == ["offered", "asked", "answered"]


def test_questions_and_answers_have_words(parties, offered):
    with pytest.raises(Refused, match="Write the question"):
        handoffs.ask_question(offered, question=" ", by=parties.csm, at=LATER)
    with pytest.raises(Refused, match="Write the answer"):
        handoffs.answer_question(offered, answer=" ", by=parties.agent, at=LATER)


def test_a_question_may_be_open_when_it_is_accepted(parties, offered):
    asked = handoffs.ask_question(offered, question="Who decides?", by=parties.csm, at=LATER)

    taken = handoffs.accept_handoff(asked, by=parties.csm, at=LATER + timedelta(minutes=1))

    assert taken.state == HandoffState.ACCEPTED


def test_return_leaves_the_matter_with_the_sender(parties, offered):
    returned = handoffs.return_handoff(
        offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=LATER
    )

    assert (returned.state, returned.return_count) == (HandoffState.RETURNED, 1)
    assert holders_of(returned) == [(parties.agent.name, HolderCause.OFFERED)]


def test_return_for_missing_context_says_what_is_missing(parties, offered):
    with pytest.raises(Refused, match="what is missing"):
        handoffs.return_handoff(
            offered, reason=ReturnReason.INSUFFICIENT_CONTEXT, by=parties.csm, at=LATER
        )


def test_offer_again_starts_a_new_clock_and_a_new_packet(parties, offered):
    returned = handoffs.return_handoff(
        offered,
        reason=ReturnReason.INSUFFICIENT_CONTEXT,
        note="who decides?",
        by=parties.csm,
        at=LATER,
    )

    again = handoffs.offer_again(
        returned, need="Ingrid decides.", by=parties.agent, at=NOW + timedelta(days=1)
    )

    assert (again.state, again.need) == (HandoffState.OFFERED, "Ingrid decides.")
    assert again.due_at == NOW + timedelta(days=3)
    assert again.packets.count() == 2


def test_offer_again_can_go_to_somebody_else(parties, offered):
    team = TeamFactory(kind=TeamKind.SALES)
    other = MembershipFactory(user__role=Role.SALES, team=team).user
    returned = handoffs.return_handoff(
        offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=LATER
    )

    again = handoffs.offer_again(
        returned, receiver=other, by=parties.agent, at=LATER + timedelta(hours=1)
    )

    assert (again.receiver, again.to_team) == (other, team)


def test_withdraw_ends_it_and_its_holding(parties, offered):
    withdrawn = handoffs.withdraw_handoff(offered, by=parties.agent, at=LATER)

    assert (withdrawn.state, withdrawn.closed_at) == (HandoffState.WITHDRAWN, LATER)
    assert not HandoffHolder.objects.current().filter(handoff=offered).exists()
