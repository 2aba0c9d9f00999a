"""A person leaves for good: their matters are a lead's at once, on record within a minute."""

from datetime import timedelta

import pytest

from accounts.actions.people import deactivate_person
from accounts.models import MembershipRole, Role
from accounts.queries.leads import successor_of
from supportsuccess import outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import schedules
from tests.factories.handoffs import HandoffFactory
from tests.factories.parties import TAKEN_IN_TIME, make_offer
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.tickets.handoff_past import holders_of, kinds_of
from tickets.actions import handoffs
from tickets.models import Handoff, HolderCause
from tickets.queries.accountability import accountable_for_matters

pytestmark = pytest.mark.django_db
NOW = TAKEN_IN_TIME
LATER = NOW + timedelta(hours=1)


def leaves(person):
    deactivate_person(person, by=UserFactory(role=Role.ADMIN), at=NOW)


def again(handoff):
    return Handoff.objects.get(pk=handoff.pk)


def test_the_lead_answers_for_a_leavers_matter_before_anything_is_written(parties, accepted):
    leaves(parties.csm)

    found = accountable_for_matters([accepted.pk], at=LATER)[accepted.pk]
    assert (found.user_id, found.via) == (parties.success_lead.pk, "lead")


def test_a_leavers_taken_matter_becomes_the_leads(parties, accepted):
    leaves(parties.csm)

    assert handoffs.take_over_from_leavers(at=LATER) == 1

    assert again(accepted).receiver == parties.success_lead
    assert holders_of(accepted)[-1] == (parties.success_lead.name, HolderCause.LEAVER)
    assert kinds_of(accepted)[-1] == "reassigned"


def test_a_leavers_offer_becomes_their_leads(parties, offered):
    leaves(parties.agent)

    handoffs.take_over_from_leavers(at=LATER)

    assert (again(offered).sender, again(offered).receiver) == (parties.support_lead, parties.csm)
    assert holders_of(offered)[-1] == (parties.support_lead.name, HolderCause.LEAVER)


def test_the_beat_takes_over_from_leavers(parties, accepted):
    leaves(parties.csm)

    schedules.promise_due(at=LATER)
    outbox.deliver_due()

    assert again(accepted).receiver == parties.success_lead


def test_nothing_is_taken_from_who_works_here(parties, accepted):
    with pytest.raises(handoffs.TooLate, match="Ines Duarte holds it now"):
        handoffs.take_over_from_leaver(accepted, at=LATER)


def test_a_leavers_matter_goes_up_where_nobody_leads_the_team():
    above = MembershipFactory(role=MembershipRole.LEAD)
    leaver = MembershipFactory(team=TeamFactory(parent=above.team)).user

    assert successor_of(leaver, at=NOW) == above.user


def test_a_matter_stays_where_nobody_could_have_it():
    leaver = UserFactory(name="Rob Ford")
    handoff = HandoffFactory(sender=leaver)
    leaves(leaver)

    assert handoffs.take_over_from_leavers(at=LATER) == 0
    with pytest.raises(Refused, match="Rob Ford no longer works here, and nobody leads"):
        handoffs.take_over_from_leaver(handoff, at=LATER)


def test_reopen_gives_a_leavers_matter_to_their_lead(parties, accepted):
    done = handoffs.complete_handoff(accepted, outcome="renewed", by=parties.csm, at=NOW)
    leaves(parties.csm)

    reopened = handoffs.reopen_handoff(done, reason="Notice", by=parties.agent, at=LATER)

    assert reopened.receiver == parties.success_lead
    assert holders_of(reopened)[-1] == (parties.success_lead.name, HolderCause.REOPENED)


def test_an_offer_of_a_leavers_lead_to_that_lead_can_be_taken(parties):
    offered = make_offer(parties, receiver=parties.support_lead)
    leaves(parties.agent)
    handoffs.take_over_from_leavers(at=LATER)

    taken = handoffs.accept_handoff(offered, by=parties.support_lead, at=LATER)

    assert taken.receiver == parties.support_lead
