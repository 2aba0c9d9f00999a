from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Role
from insights.actions.queue import refresh_whole_queue
from insights.lists.customers import Customers
from tests.factories.base import change
from tests.factories.customers import AssignmentFactory, CustomerFactory
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import AvailabilityFactory, MembershipFactory, UserFactory
from tests.factories.renewals import renewal_due
from tickets.lists.handoffs import Handoffs

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def csm():
    return MembershipFactory(user__role=Role.CSM, user__name="Ines Roth").user


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.CSLEAD)
    client.force_login(user)
    return user


def page(client, person):
    return client.get(f"/people/{person.pk}/")


def owned(by, **customer):
    found = CustomerFactory(**customer)
    AssignmentFactory(customer=found, holder_user=by)
    renewal_due(NOW.date() + timedelta(days=20), customer=found, arr=1000)
    return found


def test_what_a_person_holds_is_what_the_lists_show(client, *, csm, lead):
    covered = MembershipFactory().user
    AvailabilityFactory(user=covered, cover=csm, cover_confirmed_at=NOW)
    for holder in (csm, csm, covered):
        owned(holder)
        HandoffFactory(receiver=holder)
    owned(csm, is_restricted=True)  # the lead may not see it
    refresh_whole_queue(at=NOW)

    load = page(client, csm).context["colleague"].load

    assert (load.customers, load.arr, load.handoffs) == (3, 3000, 3)
    assert Customers(lead, QueryDict(f"owner={csm.pk}"), now=NOW).count() == 3
    assert Handoffs(lead, QueryDict(f"box=in&person={csm.pk}"), now=NOW).count() == 3


def test_who_is_away_is_answered_for_by_their_cover(client, *, csm, lead):
    cover = UserFactory(name="Rob Ender")
    AvailabilityFactory(user=csm, cover=cover, cover_confirmed_at=NOW)

    text = page(client, csm).content.decode()

    assert f'Away. <a href="/people/{cover.pk}/">Rob Ender</a> answers meanwhile.' in text
    assert "Answers for Ines Roth, too" in page(client, cover).content.decode()


def test_money_is_for_whoever_may_see_it(client, csm):
    client.force_login(UserFactory(role=Role.AGENT))
    owned(csm)
    refresh_whole_queue(at=NOW)

    answer = page(client, csm)

    assert answer.context["colleague"].load.arr is None
    assert "ARR" not in answer.content.decode()


def test_who_sees_no_colleagues_sees_no_person(client, csm):
    client.force_login(UserFactory(role=Role.CONTRACTOR))

    assert page(client, csm).status_code == 403


def test_a_person_who_has_left_is_said_to_have_left(client, *, csm, lead):
    change(csm, is_active=False)

    assert "has left" in page(client, csm).content.decode()
