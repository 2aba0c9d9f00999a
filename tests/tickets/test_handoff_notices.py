from datetime import timedelta

import pytest

from accounts.models import Notification
from supportsuccess import outbox
from tests.factories.parties import TUESDAY_AT_TEN, make_offer
from tests.factories.people import AvailabilityFactory
from tickets.actions import handoffs
from tickets.models import HandoffOutcome, Priority, ReturnReason

pytestmark = pytest.mark.django_db
NOW = TUESDAY_AT_TEN
LATER = NOW + timedelta(minutes=50)
HELD = timedelta(seconds=10)


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("user__name")
    return list(rows.values_list("user__name", flat=True))


def test_an_offer_reaches_the_receiver_in_the_app_and_by_mail(parties, offered, mailoutbox):
    outbox.deliver_due(at=NOW + HELD)

    assert told("handoff_offered") == [parties.csm.name]
    assert [mail.to for mail in mailoutbox] == [[f"{parties.csm.name} <{parties.csm.email}>"]]


def test_an_offer_to_somebody_away_reaches_the_cover_too(parties):
    AvailabilityFactory(user=parties.csm, cover=parties.success_lead, cover_confirmed_at=NOW)

    make_offer(parties)

    assert told("handoff_offered") == [parties.success_lead.name, parties.csm.name]


def test_a_critical_offer_reaches_the_lead_at_once(parties):
    make_offer(parties, priority=Priority.CRITICAL)

    assert told("handoff_offered") == [parties.success_lead.name, parties.csm.name]


def test_a_question_reaches_the_sender_and_its_answer_the_receiver(parties, offered):
    asked = handoffs.ask_question(offered, question="Who decides?", by=parties.csm, at=LATER)
    handoffs.answer_question(asked, answer="Ingrid.", by=parties.agent, at=LATER)

    assert told("handoff_asked") == [parties.agent.name]
    assert told("handoff_answered") == [parties.csm.name]


def test_an_acceptance_reaches_the_sender(parties, offered):
    handoffs.accept_handoff(offered, by=parties.csm, at=LATER)

    assert told("handoff_accepted") == [parties.agent.name]


def test_a_return_reaches_the_sender_and_who_covers_for_them(parties, offered):
    AvailabilityFactory(user=parties.agent)

    handoffs.return_handoff(offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=LATER)

    assert told("handoff_returned") == [parties.support_lead.name, parties.agent.name]


def test_the_second_return_reaches_both_leads(parties, offered):
    first = handoffs.return_handoff(
        offered, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=LATER
    )
    again = handoffs.offer_again(first, by=parties.agent, at=LATER + timedelta(minutes=1))
    handoffs.return_handoff(
        again, reason=ReturnReason.WRONG_OWNER, by=parties.csm, at=LATER + timedelta(minutes=2)
    )

    assert set(told("handoff_returned")) == {
        parties.agent.name,
        parties.support_lead.name,
        parties.success_lead.name,
    }


def test_a_withdrawal_within_ten_seconds_leaves_no_trace_with_the_receiver(
    parties, offered, mailoutbox
):
    handoffs.withdraw_handoff(offered, by=parties.agent, at=NOW + timedelta(seconds=9))

    outbox.deliver_due(at=NOW + timedelta(minutes=1))
    assert (told("handoff_offered"), told("handoff_withdrawn"), mailoutbox) == ([], [], [])


def test_a_later_withdrawal_reaches_the_receiver(parties, offered):
    outbox.deliver_due(at=NOW + HELD)

    handoffs.withdraw_handoff(offered, by=parties.agent, at=LATER)

    assert told("handoff_withdrawn") == [parties.csm.name]


def test_an_outcome_reaches_the_sender(parties, offered):
    taken = handoffs.accept_handoff(offered, by=parties.csm, at=LATER)

    handoffs.complete_handoff(
        taken, outcome=HandoffOutcome.RENEWED, by=parties.csm, at=LATER + timedelta(days=1)
    )

    assert told("handoff_completed") == [parties.agent.name]


def test_a_reassignment_reaches_both_holders_and_the_sender(parties, offered):
    taken = handoffs.accept_handoff(offered, by=parties.csm, at=LATER)

    handoffs.reassign_handoff(
        taken,
        from_user=parties.csm,
        to=parties.success_lead,
        reason="On leave",
        by=parties.success_lead,
        at=LATER + timedelta(hours=1),
    )

    assert set(told("handoff_reassigned")) == {parties.agent.name, parties.csm.name}


def test_notices_lead_to_the_handoff_and_name_the_matter(parties, offered):
    notice = Notification.objects.get()

    assert notice.title == "Mina Falk offered Renewal risk: Halden Lifts"
    assert notice.path == offered.get_absolute_url()
