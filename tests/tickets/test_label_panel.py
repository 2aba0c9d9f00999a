from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from supportsuccess.audit.models import EventGroup
from tests.factories.customers import CustomerFactory
from tests.factories.labels import LabelingFactory
from tests.factories.people import UserFactory
from tests.factories.tickets import MessageFactory, TicketFactory
from tickets.actions.labels import answer_nothing_unusual
from tickets.models import (
    ASKED_DIMENSIONS,
    Dimension,
    ExemptReason,
    Labeling,
    LabelValue,
    Learning,
    Origin,
)

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
IN_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
MOST_QUERIES = 8
SESSION_NOTES = 5  # the sign-in library notes at every request that the session is in use


@pytest.fixture
def agent():
    return UserFactory(name="Mina Roth")


@pytest.fixture
def agents_client(client, agent):
    client.force_login(agent)
    return client


def url(ticket):
    return f"/tickets/{ticket.pk}/label/"


def beside_inbox(query=""):
    return IN_PANEL | {"HX-Current-URL": f"{HOST}/inbox/{query}"}


def posted(seen=0, **slugs):
    chosen = dict.fromkeys(ASKED_DIMENSIONS) | slugs
    values = LabelValue.objects.nothing_unusual()
    form = {value.dimension: value.pk for value in values if value.dimension in chosen}
    for dimension, slug in slugs.items():
        form[dimension] = LabelValue.objects.get(dimension=dimension, slug=slug).pk
    return form | {"seen": seen}


def test_panel_asks_the_five_dimensions_with_one_key_a_value(agents_client):
    page = agents_client.get(url(TicketFactory()), headers=beside_inbox()).content.decode()

    assert page.count("data-question") == len(ASKED_DIMENSIONS)
    assert page.count("data-value-key") == page.count('type="radio"') > 30
    assert "<html" not in page


def test_panel_shows_the_last_words_but_no_internal_note(agents_client):
    ticket = TicketFactory()
    MessageFactory(ticket=ticket, body="It does not start.")
    MessageFactory(ticket=ticket, body="Our guess", direction="internal")

    page = agents_client.get(url(ticket)).content.decode()

    assert "It does not start." in page
    assert "Our guess" not in page


def test_panel_has_a_page_of_its_own(agents_client):
    page = agents_client.get(url(TicketFactory())).content.decode()

    assert "<html" in page
    assert "hx-post" not in page


def test_opening_beside_the_inbox_keeps_filters_in_the_url(agents_client):
    ticket = TicketFactory()

    response = agents_client.get(url(ticket), headers=beside_inbox("?kind=bug&peek=1"))

    assert response.headers["HX-Replace-Url"] == f"/inbox/?kind=bug&peek={ticket.pk}"
    assert 'href="/inbox/?kind=bug"' in response.content.decode()


def test_saving_beside_the_inbox_opens_the_next_due_ticket(agents_client, agent):
    now = timezone.now()
    ticket = TicketFactory(opened_at=now, kind="bug")
    TicketFactory(opened_at=now - timedelta(hours=1))
    following = TicketFactory(opened_at=now - timedelta(hours=2), kind="bug")

    response = agents_client.post(
        url(ticket), posted(sentiment="angry"), headers=beside_inbox("?kind=bug")
    )

    ticket.refresh_from_db()
    page = response.content.decode()
    assert ticket.learning == Learning.ANSWERED
    assert f'data-ticket="{following.pk}"' in page
    assert "1 due" in page
    assert response.headers["HX-Replace-Url"] == f"/inbox/?kind=bug&peek={following.pk}"
    assert '"labels:saved"' in response.headers["HX-Trigger"]
    assert f"/tickets/{ticket.pk}/label/undo/" in response.headers["HX-Trigger"]


def test_saving_is_one_audit_group(agents_client, agent):
    ticket = TicketFactory()
    before = EventGroup.objects.count()

    agents_client.post(url(ticket), posted(), headers=beside_inbox())

    assert EventGroup.objects.count() == before + 1


def test_saving_the_last_one_leads_to_the_empty_inbox(agents_client):
    response = agents_client.post(url(TicketFactory()), posted(), headers=beside_inbox())

    assert response.headers["HX-Redirect"] == "/inbox/"


def test_saving_beside_the_tickets_page_comes_back_to_it(agents_client):
    ticket = TicketFactory()
    headers = IN_PANEL | {"HX-Current-URL": f"{HOST}/tickets/{ticket.pk}/"}

    response = agents_client.post(url(ticket), posted(), headers=headers)

    assert response.headers["HX-Redirect"] == f"/tickets/{ticket.pk}/"


def test_saving_without_script_goes_to_the_next_page(agents_client):
    ticket, following = TicketFactory(), TicketFactory(kind="bug")

    response = agents_client.post(f"{url(ticket)}?kind=bug", posted())

    assert (response.status_code, response.url) == (302, f"{url(following)}?kind=bug")


def test_saving_the_last_one_without_script_goes_to_the_inbox(agents_client):
    response = agents_client.post(f"{url(TicketFactory())}?kind=nonsense", posted())

    assert response.url == "/inbox/?kind=nonsense"


def test_nothing_unusual_answers_what_was_left_out(agents_client):
    ticket = TicketFactory()
    angry = LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="angry")

    agents_client.post(
        url(ticket), {"seen": 0, "nothing_unusual": "1", Dimension.SENTIMENT: angry.pk}
    )

    current = Labeling.objects.filter(ticket=ticket).current().select_related("value")
    assert {row.value.slug for row in current if not row.value.is_nothing_unusual} == {"angry"}
    assert current.count() == len(ASKED_DIMENSIONS)


def test_missing_answers_are_named_at_their_questions(agents_client):
    form = posted()
    del form[Dimension.COMPETITOR]

    response = agents_client.post(url(TicketFactory()), form, headers=beside_inbox())

    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("Choose a value, or n: nothing unusual.") == 1
    assert page.count(" checked") == 4
    assert 'id="id_competitor-error"' in page


def test_unknown_value_is_refused_at_its_question(agents_client):
    response = agents_client.post(
        url(TicketFactory()), posted() | {"sentiment": 0}, headers=beside_inbox()
    )

    assert response.status_code == 422
    assert "not in use" in response.content.decode()


def test_second_person_is_told_and_keeps_the_choice(agents_client, agent):
    ticket = TicketFactory()
    other = UserFactory(name="Rob Maier")
    answer_nothing_unusual(ticket, by=other, at=timezone.now())

    response = agents_client.post(url(ticket), posted(sentiment="angry"), headers=beside_inbox())

    page = response.content.decode()
    newest = Labeling.objects.latest("pk").pk
    angry = LabelValue.objects.get(dimension=Dimension.SENTIMENT, slug="angry")
    assert response.status_code == 409
    assert "Rob Maier answered" in page
    assert "Neutral, Rob Maier" in page
    assert f'name="seen" value="{newest}"' in page
    assert f'value="{angry.pk}" data-value-key="a"' in page
    again = agents_client.post(url(ticket), posted(seen=newest, sentiment="angry"))
    assert again.status_code == 302


def test_answers_that_stand_are_chosen_already(agents_client):
    ticket = TicketFactory()
    LabelingFactory(ticket=ticket, origin=Origin.IMPORTED, by=None)

    page = agents_client.get(url(ticket)).content.decode()

    assert page.count(" checked") == 1
    assert "Angry, Imported" in page


def test_the_same_form_sent_twice_answers_once(agents_client):
    ticket = TicketFactory()
    form = posted() | {"operation_id": "5a8b2f5e-6f0e-4d7e-9a51-0c8b1f7f6a10"}

    agents_client.post(url(ticket), form)
    agents_client.post(url(ticket), form)

    assert ticket.labelings.count() == len(ASKED_DIMENSIONS)


def test_undo_brings_the_ticket_back(agents_client, agent):
    ticket = TicketFactory()
    group_id = answer_nothing_unusual(ticket, by=agent, at=timezone.now())
    back = f"/inbox/?peek={ticket.pk}"

    response = agents_client.post(f"{url(ticket)}undo/{group_id}/?next={back}")

    ticket.refresh_from_db()
    assert (response.status_code, response.url) == (302, back)
    assert ticket.learning == Learning.DUE


def test_undo_never_leads_elsewhere(agents_client, agent):
    ticket = TicketFactory()
    group_id = answer_nothing_unusual(ticket, by=agent, at=timezone.now())

    response = agents_client.post(f"{url(ticket)}undo/{group_id}/?next=https://evil.example/")

    assert response.url == f"/tickets/{ticket.pk}/"


def test_undo_of_another_tickets_group_is_not_found(agents_client, agent):
    ticket, other = TicketFactory(), TicketFactory()
    group_id = answer_nothing_unusual(other, by=agent, at=timezone.now())

    assert agents_client.post(f"{url(ticket)}undo/{group_id}/").status_code == 404


def test_refused_undo_is_said(agents_client, agent):
    ticket = TicketFactory()
    group_id = answer_nothing_unusual(ticket, by=agent, at=timezone.now() - timedelta(days=2))

    page = agents_client.post(f"{url(ticket)}undo/{group_id}/", follow=True)

    assert "be undone any more" in page.content.decode()


def test_ticket_is_exempt_with_a_reason(agents_client):
    ticket = TicketFactory()

    agents_client.post(f"/tickets/{ticket.pk}/exempt/", {"reason": ExemptReason.SPAM})

    ticket.refresh_from_db()
    assert ticket.exempt_reason == ExemptReason.SPAM


def test_exempting_without_a_known_reason_changes_nothing(agents_client):
    ticket = TicketFactory()

    page = agents_client.post(f"/tickets/{ticket.pk}/exempt/", {"reason": "x"}, follow=True)

    ticket.refresh_from_db()
    assert "Choose a reason" in page.content.decode()
    assert ticket.learning == Learning.DUE


def test_answered_ticket_is_not_exempt_any_more(agents_client, agent):
    ticket = TicketFactory()
    answer_nothing_unusual(ticket, by=agent, at=timezone.now())

    page = agents_client.post(
        f"/tickets/{ticket.pk}/exempt/", {"reason": ExemptReason.SPAM}, follow=True
    )

    assert "is answered already" in page.content.decode()


def test_exempt_ticket_is_asked_for_again(agents_client):
    ticket = TicketFactory(learning=Learning.EXEMPT, exempt_reason=ExemptReason.SPAM)

    agents_client.post(f"/tickets/{ticket.pk}/reopen/")
    page = agents_client.post(f"/tickets/{ticket.pk}/reopen/", follow=True)

    ticket.refresh_from_db()
    assert ticket.learning == Learning.DUE
    assert "is not exempt" in page.content.decode()


@pytest.mark.parametrize("path", ["label/", "exempt/", "reopen/", "label/undo/1/"])
def test_labelling_needs_the_permission(client, path):
    client.force_login(UserFactory(role=Role.PRODUCT))
    ticket = TicketFactory()

    assert client.post(f"/tickets/{ticket.pk}/{path}").status_code == 403


@pytest.mark.parametrize("path", ["label/", "exempt/", "reopen/", "label/undo/1/"])
def test_tickets_of_hidden_customers_are_not_found(agents_client, path):
    ticket = TicketFactory(customer=CustomerFactory(is_restricted=True))

    assert agents_client.post(f"/tickets/{ticket.pk}/{path}").status_code == 404


def test_panel_costs_few_queries_however_much_was_said(agents_client):
    ticket = TicketFactory()
    agents_client.get(url(ticket))

    def count():
        with CaptureQueriesContext(connection) as captured:
            agents_client.get(url(ticket), headers=beside_inbox())
        return len(captured)

    one = count()
    MessageFactory.create_batch(4, ticket=ticket)
    for dimension in (Dimension.SENTIMENT, Dimension.COMPETITOR):
        slug = "angry" if dimension == Dimension.SENTIMENT else "none"
        LabelingFactory(ticket=ticket, dimension=dimension, slug=slug)

    assert count() == one <= MOST_QUERIES + SESSION_NOTES
