import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.customers import CustomerFactory
from tests.factories.parties import make_offer
from tests.factories.tickets import TicketFactory
from tickets.actions import handoffs
from tickets.models import Handoff, HandoffState, HandoffType

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(parties):
    return make_offer(parties, at=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def taken(parties, offered):
    return handoffs.accept_handoff(offered, by=parties.csm, at=timezone.now())


def step_url(name, handoff):
    return reverse(f"tickets:handoff_{name}", args=[handoff.pk])


def read(response):
    return response.content.decode()


# A new one


def new_url(parties):
    ticket = TicketFactory(customer=parties.customer)
    return f"{reverse('tickets:handoff_new')}?ticket={ticket.pk}"


def given(**changes):
    return {
        "type": HandoffType.RENEWAL_RISK,
        "priority": "normal",
        "need": "They ask for a plan by Friday.",
        "receiver": "",
        "operation_id": str(uuid.uuid4()),
    } | changes


def test_new_is_filled_in_from_the_ticket(client, parties):
    client.force_login(parties.agent)

    page = read(client.get(new_url(parties)))

    assert "Hand over Halden Lifts" in page
    assert parties.csm.name in page


def test_new_offers_and_can_be_undone(client, parties):
    client.force_login(parties.agent)

    response = client.post(new_url(parties), given())

    handoff = Handoff.objects.get()
    assert (response.url, handoff.state) == (handoff.get_absolute_url(), HandoffState.OFFERED)
    assert step_url("withdraw", handoff) in read(client.get(response.url))


def test_new_sent_twice_offers_once(client, parties):
    client.force_login(parties.agent)
    url, form = new_url(parties), given()

    first = client.post(url, form)
    second = client.post(url, form)

    assert (first.url, Handoff.objects.count()) == (second.url, 1)


def test_new_keeps_the_text_when_something_is_wrong(client, parties):
    client.force_login(parties.agent)

    response = client.post(new_url(parties), given(type="gossip"))

    assert response.status_code == 422
    assert "They ask for a plan by Friday." in read(response)


def test_new_says_that_one_is_open_and_offers_to_add(client, parties, offered):
    client.force_login(parties.agent)
    url = new_url(parties)

    asked = read(client.get(url))
    refused = client.post(url, given())

    assert step_url("add_ticket", offered) in asked
    assert refused.status_code == 409
    assert "is already open: Mina Falk offered it to Ines Duarte" in read(refused)


def test_new_previews_for_another_type(client, parties):
    client.force_login(parties.agent)

    response = client.get(
        f"{new_url(parties)}&type=technical_help",
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )

    assert "Nobody is support owner of Halden Lifts" in read(response)
    assert "<html" not in read(response)


def test_new_without_a_customer_finds_one(client, parties):
    client.force_login(parties.agent)

    page = read(client.get(reverse("tickets:handoff_new") + "?q=halden"))

    assert f"?customer={parties.customer.pk}" in page


def test_new_for_an_unmatched_ticket_says_so(client, parties):
    client.force_login(parties.agent)
    ticket = TicketFactory(customer=None)

    page = read(client.get(f"{reverse('tickets:handoff_new')}?ticket={ticket.pk}"))

    assert f"{ticket.number} belongs to no customer yet" in page


def test_new_for_a_customer_one_may_not_see_is_not_found(client, parties):
    client.force_login(parties.agent)
    hidden = CustomerFactory(is_restricted=True)

    response = client.get(f"{reverse('tickets:handoff_new')}?customer={hidden.pk}")

    assert response.status_code == 404
