from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import Notification
from supportsuccess.errors import Refused
from tests.factories.base import make
from tests.factories.parties import TAKEN_IN_TIME
from tests.tickets.handoff_past import kinds_of
from tickets.actions import handoffs
from tickets.models import HandoffEventKind

pytestmark = pytest.mark.django_db
LATER = TAKEN_IN_TIME + timedelta(hours=1)


def thanks_to(user):
    return Notification.objects.filter(user=user, kind="handoff_thanked")


def test_thanks_are_kept_and_reach_the_sender_once(parties, accepted):
    handoffs.thank_sender(accepted, by=parties.csm, at=LATER)

    assert kinds_of(accepted)[-1] == "thanked"
    assert [one.title for one in thanks_to(parties.agent)] == [
        "Ines Duarte thanks you for Renewal risk: Halden Lifts"
    ]


def test_thanks_are_said_once(parties, accepted):
    handoffs.thank_sender(accepted, by=parties.csm, at=LATER)

    with pytest.raises(Refused, match="Mina Falk was thanked for this already"):
        handoffs.thank_sender(accepted, by=parties.success_lead, at=LATER)

    assert thanks_to(parties.agent).count() == 1


def test_thanks_are_for_the_receiving_side(parties, accepted):
    with pytest.raises(Refused, match="Only Ines Duarte or Team"):
        handoffs.thank_sender(accepted, by=parties.agent, at=LATER)


def test_nobody_thanks_for_what_is_not_taken(parties, offered):
    with pytest.raises(handoffs.TooLate):
        handoffs.thank_sender(offered, by=parties.csm, at=LATER)


def test_the_page_thanks_in_one_key_and_shows_it_afterwards(client, parties, accepted):
    client.force_login(parties.csm)
    page = client.get(accepted.get_absolute_url()).content.decode()

    after = client.post(reverse("tickets:handoff_thank", args=[accepted.pk]), follow=True)

    assert 'data-key="t"' in page
    assert 'data-key="t"' not in after.content.decode()
    assert "Ines Duarte said thanks" in after.content.decode()


def test_the_table_keeps_one_thanks_for_a_handoff(accepted):
    given = {"kind": HandoffEventKind.THANKED, "occurred_at": LATER, "recorded_at": LATER}
    make(accepted.events.model, handoff=accepted, **given)

    with pytest.raises(IntegrityError, match="handoffevent_thanked_once"):
        make(accepted.events.model, handoff=accepted, **given)
