from urllib.parse import quote

import pytest
from django.utils import timezone

from accounts.models import Role
from supportsuccess.audit.models import EventGroup
from tests.counting import count_queries
from tests.factories.customers import CustomerFactory, SourceFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import MessageFactory, TicketFactory
from tests.tickets.test_label_panel import posted
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import ExemptReason, Labeling, Learning

pytestmark = pytest.mark.django_db
IN_PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def agent(client):
    person = UserFactory(name="Mina Roth")
    client.force_login(person)
    return person


def url(name, source="test"):
    return f"/label/?source={quote(source)}&id={quote(name)}"


def page_of(client, address, *, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def main(page):
    return page.partition("<main")[2].partition("</main>")[0]


def test_link_opens_the_panel_without_sidebar_and_top_bar(client, agent):
    ticket = TicketFactory()

    page = page_of(client, url(ticket.external_id))

    assert f'data-ticket="{ticket.pk}"' in page
    assert 'class="sidebar"' not in page
    assert 'class="topbar"' not in page


@pytest.mark.parametrize("name", ["INC-47", "inc-47", "#INC-47", "#inc-47"])
@pytest.mark.parametrize("number", ["INC-47", "#INC-47"])
def test_ticket_is_found_by_its_number(*, client, agent, name, number):
    ticket = TicketFactory(number=number, external_id="8812")

    assert f'data-ticket="{ticket.pk}"' in page_of(client, url(name))


def test_external_id_is_told_from_a_number(client, agent):
    meant = TicketFactory(number="A-1", external_id="47")
    TicketFactory(number="47", external_id="48")

    assert f'data-ticket="{meant.pk}"' in page_of(client, url("47"))


def test_ticket_of_another_source_is_not_meant(client, agent):
    TicketFactory(external_id="47", source="other")

    page_of(client, url("47"), status=404)


def test_several_with_that_number_are_to_be_chosen_from(client, agent):
    tickets = [TicketFactory(number="47", external_id=f"{year}/47") for year in (2025, 2026)]

    page = page_of(client, url("47"))

    assert "Which 47?" in page
    for ticket in tickets:
        assert url(ticket.external_id).replace("/47", "%2F47").replace("&", "&amp;") in page


def test_ticket_that_has_not_come_yet_can_be_tried_again(client, agent):
    SourceFactory(key="test", name="Example Desk")

    page = page_of(client, url("<47>"), status=404)

    assert "Not here yet" in page
    assert "&lt;47&gt;</strong> of Example Desk (<code>test</code>)" in page
    assert 'href="/label/?source=test&amp;id=%3C47%3E" autofocus>Try again' in page


def test_source_that_does_not_exist_is_said_with_those_that_do(client, agent):
    SourceFactory(key="example-desk")

    page = page_of(client, url("47", source="exampel"), status=404)

    assert "<code>source=exampel</code>" in page
    assert "<code>example-desk</code>" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Add source=… to the link"),
        ("id=47", "Add source=… to the link"),
        ("source=test", "Add id=… to the link"),
        ("source=test&id=%20", "Add id=… to the link"),
        ("source=test&id=%00", "Null characters"),
        (f"source={'x' * 41}&id=1", "longer than any key"),
        (f"source=test&id={'9' * 201}", "longer than any"),
    ],
)
def test_link_that_says_too_little_is_told_what_to_add(*, client, agent, query, said):
    assert said in page_of(client, f"/label/?{query}", status=400)


def test_hidden_ticket_is_answered_like_a_missing_one(client, agent):
    SourceFactory(key="test")
    hidden = TicketFactory(external_id="47", customer=CustomerFactory(is_restricted=True))

    seen = page_of(client, url(hidden.external_id), status=404)

    missing = page_of(client, url("48"), status=404)
    assert main(seen).replace("47", "48") == main(missing)


def test_saving_to_a_hidden_ticket_is_not_found(client, agent):
    hidden = TicketFactory(customer=CustomerFactory(is_restricted=True))

    assert client.post(url(hidden.external_id), posted()).status_code == 404
    assert not Labeling.objects.exists()


def test_whoever_may_not_label_is_told_the_same_of_every_ticket(client):
    client.force_login(UserFactory(role=Role.PRODUCT))
    ticket = TicketFactory()

    assert client.get(url(ticket.external_id)).status_code == 403
    assert client.get(url("nowhere")).status_code == 403


def test_signing_in_returns_to_the_link(client):
    address = url(TicketFactory().external_id)

    response = client.get(address)

    assert response.url == f"/accounts/login/?next={quote(address)}"


def test_saving_answers_and_stays_in_one_request_and_one_group(client, agent):
    ticket, other = TicketFactory(), TicketFactory()
    before = EventGroup.objects.count()

    response = client.post(url(ticket.external_id), posted(sentiment="angry"), headers=IN_PANEL)

    page = response.content.decode()
    ticket.refresh_from_db()
    assert ticket.learning == Learning.ANSWERED
    assert EventGroup.objects.count() == before + 1
    assert f'data-ticket="{ticket.pk}"' in page
    assert f'href="/label/?source=test&amp;id={other.external_id}"' in page
    assert f"/tickets/{ticket.pk}/label/undo/" in response.headers["HX-Trigger"]
    assert "HX-Redirect" not in response.headers


def test_saving_without_script_comes_back_to_the_link(client, agent):
    ticket = TicketFactory()

    response = client.post(url(ticket.external_id), posted(), follow=True)

    assert response.redirect_chain == [(url(ticket.external_id), 302)]
    assert f"{ticket.number} labelled" in response.content.decode()


def test_undo_comes_back_to_the_link(client, agent):
    ticket = TicketFactory()
    client.post(url(ticket.external_id), posted())
    group_id = Labeling.objects.latest("pk").audit_group

    response = client.post(
        f"/tickets/{ticket.pk}/label/undo/{group_id}/?next={quote(url(ticket.external_id))}"
    )

    ticket.refresh_from_db()
    assert response.url == url(ticket.external_id)
    assert ticket.learning == Learning.DUE


def test_missing_answers_are_named_on_the_same_page(client, agent):
    ticket = TicketFactory()

    response = client.post(url(ticket.external_id), {"seen": 0})

    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Choose a value, or n: nothing unusual.") == 5
    assert 'class="sidebar"' not in page


def test_second_person_is_told_on_the_same_page(client, agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=UserFactory(name="Rob Maier"), at=timezone.now())

    response = client.post(url(ticket.external_id), posted())

    assert response.status_code == 409
    assert "Rob Maier answered" in response.content.decode()


def test_answered_ticket_says_by_whom_and_can_be_changed(client, agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=UserFactory(name="Rob Maier"), at=timezone.now())
    newest = Labeling.objects.latest("pk").pk

    page = page_of(client, url(ticket.external_id))
    client.post(url(ticket.external_id), posted(seen=newest, sentiment="angry"))

    assert "Answered by Rob Maier" in page
    assert "nothing_unusual" not in page
    assert ticket.labelings.filter(value__slug="angry").get().by == agent


def test_exempt_ticket_says_why_and_is_asked_for_after_all(client, agent):
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)
    back = url(ticket.external_id)

    page = page_of(client, back)
    response = client.post(f"/tickets/{ticket.pk}/reopen/?next={quote(back, safe='')}")

    ticket.refresh_from_db()
    assert "spam" in page
    assert f'action="/tickets/{ticket.pk}/reopen/?next={quote(back, safe="")}"' in page
    assert response.url == back
    assert ticket.learning == Learning.DUE


def test_reopening_never_leads_elsewhere(client, agent):
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)

    response = client.post(f"/tickets/{ticket.pk}/reopen/?next=https://evil.example/")

    assert response.url == f"/tickets/{ticket.pk}/"


def test_answered_ticket_costs_few_queries_however_many_are_due(client, agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=agent, at=timezone.now())
    TicketFactory()
    client.get(url(ticket.external_id))
    few = count_queries(client, url(ticket.external_id))

    TicketFactory.create_batch(4)
    MessageFactory.create_batch(4, ticket=ticket)

    assert count_queries(client, url(ticket.external_id)) == few <= 8
