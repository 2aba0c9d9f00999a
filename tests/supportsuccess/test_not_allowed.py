import pytest

from tests.factories.handoffs import HandoffFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def csm(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_an_address_for_a_form_leads_to_the_page_of_the_form(client, csm):
    handoff = HandoffFactory()

    response = client.get(f"/handoffs/{handoff.pk}/complete/", follow=True)

    assert response.redirect_chain == [(f"/handoffs/{handoff.pk}/", 302)]
    assert "What you pressed was not done." in response.content.decode()


@pytest.mark.parametrize(("path", "leads_to"), [("/display/", "/"), ("/views/1/star/", "/views/")])
def test_the_nearest_page_above_is_meant(client, *, csm, path, leads_to):
    assert client.get(path).url == leads_to


def test_what_cannot_be_sent_anywhere_says_so(client, csm):
    response = client.post("/inbox/", {})

    assert response.status_code == 405
    assert "Nothing was changed." in response.content.decode()


def test_the_api_answers_with_a_problem(client, csm):
    response = client.get("/api/v1/handoffs/1/accept/")

    assert response["Content-Type"] == "application/problem+json"
