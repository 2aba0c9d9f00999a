from datetime import timedelta

import pytest

from accounts.models import Assignment, Role
from accounts.queries.accountability import NobodyAccountable, accountable
from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text
from tests.factories.customers import CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.parties import TAKEN_IN_TIME, TUESDAY_AT_TEN, make_offer, make_parties
from tests.factories.people import (
    AvailabilityFactory,
    MembershipFactory,
    PoolFactory,
    PoolLeadFactory,
    UserFactory,
)
from tests.tickets.handoff_past import holders_of, kinds_of
from tickets.actions import handoffs
from tickets.models import (
    HandoffEventKind,
    HandoffHolder,
    HandoffOutcome,
    HandoffState,
    HandoffType,
    HolderCause,
)

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
LATER = TAKEN_IN_TIME


# Accept


def test_accept_moves_the_matter_to_who_accepts(parties, accepted):
    assert accepted.state == HandoffState.ACCEPTED
    assert holders_of(accepted) == [
        (parties.agent.name, HolderCause.OFFERED),
        (parties.csm.name, HolderCause.ACCEPTED),
    ]


def test_accept_leaves_no_moment_without_a_holder(parties, accepted):
    first, second = HandoffHolder.objects.filter(handoff=accepted).order_by("during")

    assert (first.during.lower, first.during.upper) == (NOW, LATER)
    assert (second.during.lower, second.during.upper) == (LATER, None)


def test_accept_by_a_colleague_makes_the_colleague_the_receiver(parties, offered):
    taken = handoffs.accept_handoff(offered, by=parties.success_lead, at=LATER)

    assert taken.receiver == parties.success_lead


def test_accept_of_a_matter_leaves_the_customer_with_its_owner(parties, offered):
    handoffs.accept_handoff(offered, by=parties.success_lead, at=LATER)

    assert accountable(parties.customer.pk, at=LATER).user_id == parties.csm.pk


def test_accept_names_who_was_first(parties, accepted):
    with pytest.raises(handoffs.TooLate, match=r"^Accepted by Ines Duarte 2 s ago\.$"):
        handoffs.accept_handoff(accepted, by=parties.success_lead, at=LATER + timedelta(seconds=2))


def test_accept_twice_by_the_same_person_says_so(parties, accepted):
    with pytest.raises(handoffs.TooLate, match=r"^Accepted by you 5 min ago\.$"):
        handoffs.accept_handoff(accepted, by=parties.csm, at=LATER + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(seconds=119), "119 s ago"),
        (timedelta(minutes=2), "2 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=3), "3 d ago"),
        (-timedelta(seconds=1), "0 s ago"),
    ],
)
def test_a_refusal_says_when_it_happened(*, parties, accepted, later, words):
    with pytest.raises(handoffs.TooLate, match=words):
        handoffs.accept_handoff(accepted, by=parties.csm, at=LATER + later)


def test_a_refusal_without_a_known_event_names_the_state(parties):
    handoff = HandoffFactory(state=HandoffState.CANCELLED, closed_at=NOW, holder=None)

    with pytest.raises(handoffs.TooLate, match="This handoff is cancelled"):
        handoffs.accept_handoff(handoff, by=parties.csm, at=LATER)


def test_accept_is_for_the_receiving_side(parties, offered):
    with pytest.raises(Refused, match="Only Ines Duarte or Team"):
        handoffs.accept_handoff(offered, by=parties.agent, at=LATER)


def test_accept_by_the_confirmed_cover_from_another_team(parties, offered):
    cover = UserFactory(role=Role.CSM)
    AvailabilityFactory(user=parties.csm, cover=cover, cover_confirmed_at=NOW)

    assert handoffs.accept_handoff(offered, by=cover, at=LATER).receiver == cover


def test_accept_in_a_race_of_clocks_keeps_the_order_of_the_locks(parties, offered):
    taken = handoffs.accept_handoff(offered, by=parties.csm, at=NOW - timedelta(seconds=1))

    first, second = HandoffHolder.objects.filter(handoff=taken).order_by("during")
    assert first.during.upper == second.during.lower > NOW


# Types that move the customer


@pytest.fixture
def successor(parties):
    return MembershipFactory(user__name="Theo Lang", user__role=Role.CSM, team=parties.success).user


def test_accept_of_a_csm_change_moves_the_customer_in_the_same_moment(parties, successor):
    offered = make_offer(
        parties, type=HandoffType.CSM_CHANGE, receiver=successor, by=parties.csm, tickets=[]
    )

    handoffs.accept_handoff(offered, by=successor, at=LATER)

    before = accountable(parties.customer.pk, at=LATER - timedelta(seconds=1))
    after = accountable(parties.customer.pk, at=LATER)
    assert (before.user_id, after.user_id) == (parties.csm.pk, successor.pk)
    assert after.since == LATER


def test_accept_of_a_csm_change_is_for_the_one_named(parties, successor):
    offered = make_offer(
        parties, type=HandoffType.CSM_CHANGE, receiver=successor, by=parties.csm, tickets=[]
    )

    with pytest.raises(Refused, match="Only Theo Lang can accept"):
        handoffs.accept_handoff(offered, by=parties.success_lead, at=LATER)

    assert Assignment.objects.filter(customer=parties.customer).count() == 1


def test_accept_of_a_pool_move_makes_the_pool_the_holder(parties):
    pool = PoolFactory(team=parties.success)
    PoolLeadFactory(pool=pool, user=parties.success_lead)
    offered = make_offer(
        parties,
        type=HandoffType.POOL_MOVE,
        receiver=parties.success_lead,
        by=parties.csm,
        tickets=[],
    )

    handoffs.accept_handoff(offered, by=parties.success_lead, at=LATER)

    assert Assignment.objects.current().get(customer=parties.customer).holder_pool == pool


def test_accept_of_a_pool_move_needs_a_pool_to_lead(parties, successor):
    offered = make_offer(
        parties, type=HandoffType.POOL_MOVE, receiver=successor, by=parties.csm, tickets=[]
    )

    with pytest.raises(Refused, match="leads no pool"):
        handoffs.accept_handoff(offered, by=successor, at=LATER)


# After acceptance


def test_next_step_puts_it_in_progress(parties, accepted):
    moved = handoffs.set_next_step(
        accepted, step="Call Ingrid", on=LATER.date(), by=parties.csm, at=LATER
    )

    assert (moved.state, moved.next_step) == (HandoffState.IN_PROGRESS, "Call Ingrid")


def test_next_step_has_words(parties, accepted):
    with pytest.raises(Refused, match="what happens next"):
        handoffs.set_next_step(accepted, step="", on=LATER.date(), by=parties.csm, at=LATER)


def test_a_next_step_is_recorded_with_its_day_in_words(parties, accepted):
    on = LATER.date() + timedelta(days=3)

    handoffs.set_next_step(accepted, step="Call them", on=on, by=parties.csm, at=LATER)

    told = accepted.events.latest("pk").text
    assert told == f"Call them, by {day_text(on)}"


def test_complete_keeps_the_outcome_and_ends_the_holding(parties, accepted):
    done = handoffs.complete_handoff(
        accepted,
        outcome=HandoffOutcome.RISK_REDUCED,
        by=parties.csm,
        at=LATER + timedelta(days=2),
    )

    assert (done.state, done.outcome) == (HandoffState.COMPLETED, HandoffOutcome.RISK_REDUCED)
    assert not HandoffHolder.objects.current().filter(handoff=done).exists()


@pytest.fixture
def completed(parties, accepted):
    return handoffs.complete_handoff(
        accepted, outcome=HandoffOutcome.RENEWED, by=parties.csm, at=LATER + timedelta(days=2)
    )


def test_reopen_gives_it_back_to_its_last_receiver(parties, completed):
    again = handoffs.reopen_handoff(
        completed, reason="They gave notice", by=parties.agent, at=LATER + timedelta(days=5)
    )

    assert (again.state, again.outcome) == (HandoffState.IN_PROGRESS, "")
    assert holders_of(again)[-1] == (parties.csm.name, HolderCause.REOPENED)


def test_reopen_keeps_the_former_outcome_in_the_timeline(parties, completed):
    again = handoffs.reopen_handoff(
        completed, reason="They gave notice", by=parties.agent, at=LATER + timedelta(days=5)
    )

    texts = again.events.filter(kind=HandoffEventKind.COMPLETED).values_list("text", flat=True)
    assert list(texts) == ["Renewed"]


def test_reopen_ends_after_30_days(parties, completed):
    with pytest.raises(Refused, match="more than 30 days ago"):
        handoffs.reopen_handoff(
            completed, reason="Late", by=parties.agent, at=LATER + timedelta(days=33)
        )


def test_reopen_refuses_beside_another_open_one(parties, completed):
    make_offer(parties, at=LATER + timedelta(days=3))

    with pytest.raises(handoffs.AlreadyOpen):
        handoffs.reopen_handoff(
            completed, reason="Again", by=parties.agent, at=LATER + timedelta(days=4)
        )


def test_cancel_ends_any_open_one_with_its_reason(parties, accepted):
    ended = handoffs.cancel_handoff(
        accepted, reason="Customer merged", by=parties.csm, at=LATER + timedelta(days=1)
    )

    assert (ended.state, kinds_of(ended)[-1]) == (HandoffState.CANCELLED, "cancelled")


def test_cancel_asks_why(parties, accepted):
    with pytest.raises(Refused, match="Say why"):
        handoffs.cancel_handoff(accepted, reason=" ", by=parties.csm, at=LATER)


def test_judge_useful_is_kept(parties, accepted):
    judged = handoffs.judge_useful(accepted, is_useful=True, by=parties.csm, at=LATER)

    assert (judged.was_useful, kinds_of(judged)[-1]) == (True, "useful")


# Reassign


def reassign(handoff, parties, **details):
    given = {
        "from_user": parties.csm,
        "to": parties.success_lead,
        "reason": "On leave",
        "by": parties.success_lead,
        "at": LATER + timedelta(hours=1),
        **details,
    }
    return handoffs.reassign_handoff(handoff, **given)


def test_reassign_moves_the_matter_at_once(parties, accepted):
    moved = reassign(accepted, parties)

    assert moved.state == HandoffState.ACCEPTED
    assert holders_of(moved)[-1] == (parties.success_lead.name, HolderCause.REASSIGNED)


def test_reassign_keeps_the_cause_of_a_leaver(parties, accepted):
    moved = reassign(accepted, parties, cause=HolderCause.LEAVER)

    assert holders_of(moved)[-1][1] == HolderCause.LEAVER


def test_reassign_is_for_a_lead(parties, accepted):
    with pytest.raises(Refused, match="Only a lead"):
        reassign(accepted, parties, by=parties.csm)


def test_reassign_refuses_what_another_lead_has_moved(parties, accepted):
    moved = reassign(accepted, parties)

    with pytest.raises(handoffs.TooLate, match="Carla Weiss holds it now, no longer Ines Duarte"):
        reassign(moved, parties, to=parties.csm)


def test_reassign_refuses_the_holder_and_who_can_not_receive(parties, accepted):
    with pytest.raises(Refused, match="holds it already"):
        reassign(accepted, parties, to=parties.csm)
    with pytest.raises(Refused, match="can't receive"):
        reassign(accepted, parties, to=UserFactory(role=Role.PRODUCT))


def test_nobody_answers_for_a_customer_without_owner_but_somebody_for_the_matter(parties):
    handoff = make_offer(make_parties(name="Aster Rail"), at=NOW)

    with pytest.raises(NobodyAccountable):
        accountable(CustomerFactory().pk, at=NOW)
    assert HandoffHolder.objects.at(NOW).filter(handoff=handoff).count() == 1


def test_who_covers_for_the_sender_can_still_end_what_they_took(parties, accepted):
    AvailabilityFactory(user=parties.agent, cover=parties.csm, cover_confirmed_at=NOW)

    done = handoffs.complete_handoff(
        accepted, outcome="renewed", by=parties.csm, at=LATER + timedelta(hours=1)
    )

    assert done.state == HandoffState.COMPLETED


def test_a_sender_to_whom_it_was_reassigned_can_end_it(parties, accepted):
    moved = reassign(accepted, parties, to=parties.agent)

    done = handoffs.complete_handoff(
        moved, outcome="renewed", by=parties.agent, at=LATER + timedelta(hours=2)
    )

    assert done.state == HandoffState.COMPLETED


def test_nobody_accepts_for_the_receiver_what_they_offered_themselves(parties, offered):
    AvailabilityFactory(user=parties.csm, cover=parties.agent, cover_confirmed_at=NOW)

    with pytest.raises(Refused, match="Only Ines Duarte"):
        handoffs.accept_handoff(offered, by=parties.agent, at=LATER)
