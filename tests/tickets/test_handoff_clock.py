"""Targets in business time, the ladder of an offer nobody answers, and who answers off duty."""

from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import AssignmentRole, Role
from supportsuccess import outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import schedules
from tests.factories.customers import AssignmentFactory
from tests.factories.parties import TUESDAY_AT_TEN, make_offer
from tests.factories.people import AvailabilityFactory, MembershipFactory, UserFactory
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffState, HandoffType, HolderCause, Priority
from tickets.queries.accountability import accountable_for_matters
from tickets.queries.handoff_targets import expires_at, is_observing

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
# offered on a Tuesday at ten with a target of two days: twice that is the next Monday at ten
EXPIRES = NOW + timedelta(days=6)
LONG_BEFORE = NOW - timedelta(days=60)


@pytest.fixture
def past_observation(parties):
    """The receiving team got its first offer long ago: its targets bind."""
    first = make_offer(parties, type=HandoffType.ADOPTION, at=LONG_BEFORE)
    handoffs.withdraw_handoff(first, by=parties.agent, at=LONG_BEFORE + timedelta(hours=1))


@pytest.fixture
def offered(parties, past_observation):
    return make_offer(parties)


@pytest.fixture
def backup(parties):
    role = AssignmentRole.objects.get(key="backup")
    user = MembershipFactory(user__name="Theo Lang", user__role=Role.CSM, team=parties.success).user
    AssignmentFactory(customer=parties.customer, role=role, holder_user=user)
    return user


def again(handoff):
    return Handoff.objects.get(pk=handoff.pk)


# Targets


def test_a_target_of_hours_goes_over_the_night(parties):
    at_four = datetime(2026, 6, 2, 14, tzinfo=UTC)

    handoff = make_offer(parties, priority=Priority.CRITICAL, at=at_four)

    # one hour on Tuesday, three on Wednesday from nine o'clock in Berlin on
    assert handoff.due_at == datetime(2026, 6, 3, 10, tzinfo=UTC)


def test_a_target_of_a_day_keeps_the_clock_over_the_end_of_summer_time(parties):
    friday_before = datetime(2026, 10, 23, 8, tzinfo=UTC)

    handoff = make_offer(parties, priority=Priority.HIGH, at=friday_before)

    # ten o'clock in Berlin is one hour later in UTC from Sunday on
    assert handoff.due_at == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_a_draft_has_no_clock():
    with pytest.raises(Refused, match="never offered"):
        expires_at(Handoff())


def test_the_first_thirty_days_of_a_team_are_observed(parties):
    make_offer(parties)

    assert is_observing(parties.success.pk, at=NOW + timedelta(days=29))
    assert not is_observing(parties.success.pk, at=NOW + timedelta(days=30))


# The ladder


def test_an_offer_expires_at_twice_its_target_and_not_before(parties, offered):
    assert handoffs.expire_due(at=EXPIRES - timedelta(minutes=1)) == 0
    assert handoffs.expire_due(at=EXPIRES) == 1


def test_an_expired_offer_goes_to_the_backup(parties, offered, backup):
    handoffs.expire_due(at=EXPIRES)

    assert (again(offered).state, again(offered).receiver) == (HandoffState.OFFERED, backup)
    assert again(offered).due_at == EXPIRES + timedelta(days=2)


def test_an_expired_offer_goes_to_the_lead_where_there_is_no_backup(parties, offered):
    handoffs.expire_due(at=EXPIRES)

    assert again(offered).receiver == parties.success_lead


def test_an_offer_the_lead_lets_expire_stays_with_its_sender(parties, offered):
    handoffs.expire_due(at=EXPIRES)
    handoffs.expire_due(at=EXPIRES + timedelta(days=7))

    assert again(offered).state == HandoffState.EXPIRED
    holder = again(offered).holders.current().get()
    assert (holder.user, holder.cause) == (parties.agent, HolderCause.OFFERED)


def test_an_expired_offer_stays_where_the_next_can_not_receive(parties, offered):
    role = AssignmentRole.objects.get(key="backup")
    AssignmentFactory(
        customer=parties.customer, role=role, holder_user=UserFactory(role=Role.PRODUCT)
    )

    handoffs.expire_due(at=EXPIRES)

    assert again(offered).state == HandoffState.EXPIRED
    assert again(offered).receiver == parties.csm


def test_nothing_expires_while_a_team_is_observed(parties):
    make_offer(parties)

    assert handoffs.expire_due(at=EXPIRES) == 0


def test_a_question_does_not_stop_the_clock(parties, offered):
    handoffs.ask_question(offered, question="Who decides?", by=parties.csm, at=NOW)

    assert handoffs.expire_due(at=EXPIRES) == 1


def test_an_accepted_one_does_not_expire(parties, offered):
    handoffs.accept_handoff(offered, by=parties.csm, at=NOW + timedelta(hours=1))

    assert handoffs.expire_due(at=EXPIRES) == 0


def test_expiry_that_comes_after_an_acceptance_is_too_late(parties, offered):
    handoffs.accept_handoff(offered, by=parties.csm, at=EXPIRES)

    with pytest.raises(handoffs.TooLate):
        handoffs.expire_handoff(offered, at=EXPIRES)


def test_expiry_looks_at_the_clock_again_under_the_lock(parties, offered):
    with pytest.raises(handoffs.TooLate, match="offered again"):
        handoffs.expire_handoff(offered, at=EXPIRES - timedelta(minutes=1))


def test_the_beat_expires_what_is_due(parties, offered):
    schedules.promise_due(at=EXPIRES)
    outbox.deliver_due()

    assert again(offered).receiver == parties.success_lead


def test_the_beat_leaves_what_was_accepted_meanwhile(parties, offered):
    schedules.promise_due(at=EXPIRES)
    handoffs.accept_handoff(offered, by=parties.csm, at=EXPIRES)

    outbox.deliver_due()

    assert again(offered).state == HandoffState.ACCEPTED


# Who answers for the matter


@pytest.fixture
def taken(parties, offered):
    return handoffs.accept_handoff(offered, by=parties.csm, at=NOW + timedelta(hours=1))


def answers(handoff, at):
    found = accountable_for_matters([handoff.pk], at=at)[handoff.pk]
    return found.name, found.via


AT_WORK = NOW + timedelta(hours=2)
AT_NIGHT = NOW + timedelta(hours=14)


def test_the_sender_answers_until_acceptance_and_the_receiver_from_then_on(parties, taken):
    accepted_at = NOW + timedelta(hours=1)

    assert answers(taken, accepted_at - timedelta(seconds=1)) == (parties.agent.name, "holder")
    assert answers(taken, accepted_at) == (parties.csm.name, "holder")


def test_the_confirmed_cover_answers_while_the_holder_is_away(parties, taken):
    cover = UserFactory(name="Theo Lang")
    AvailabilityFactory(user=parties.csm, cover=cover, cover_confirmed_at=NOW)

    assert answers(taken, AT_WORK) == (cover.name, "cover")
    assert answers(taken, AT_NIGHT) == (cover.name, "cover")


def test_the_lead_answers_while_the_holder_is_away_without_cover(parties, taken):
    AvailabilityFactory(user=parties.csm)

    assert answers(taken, AT_WORK) == (parties.success_lead.name, "lead")


def test_the_lead_answers_outside_the_holders_working_time(parties, taken):
    assert answers(taken, AT_NIGHT) == (parties.success_lead.name, "off_duty")


def test_the_leads_cover_answers_at_night_while_the_lead_is_away(parties, taken):
    cover = UserFactory(name="Theo Lang")
    AvailabilityFactory(
        user=parties.success_lead,
        cover=cover,
        cover_confirmed_at=NOW,
        during=TimestamptzRange(NOW, None),
    )

    found = accountable_for_matters([taken.pk], at=AT_NIGHT)[taken.pk]
    assert (found.name, found.via) == (cover.name, "off_duty")
    assert found.why == f"for {parties.csm.name}, outside their working hours"


def test_a_lead_who_holds_it_answers_at_night(parties, offered):
    taken = handoffs.accept_handoff(offered, by=parties.success_lead, at=NOW)

    assert answers(taken, AT_NIGHT) == (parties.success_lead.name, "holder")


def test_nobody_answers_after_the_end(parties, taken):
    done = handoffs.complete_handoff(taken, outcome="renewed", by=parties.csm, at=AT_WORK)

    assert accountable_for_matters([done.pk], at=AT_WORK) == {}
