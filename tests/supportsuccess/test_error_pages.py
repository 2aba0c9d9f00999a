"""Error pages ask nothing of a database, which may be what is missing."""

import pytest
from django.db import connection
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from tests.factories.people import UserFactory

PAGES = (400, 403, 404, 405, 409, 422, 429, 500, 503)


@pytest.fixture
def unknown(rf):
    """A request of which nobody has asked yet who sent it."""
    request = rf.get("/renewals/")
    request.user = SimpleLazyObject(User.objects.get)
    return request


# Without the mark `django_db` every query raises.
@pytest.mark.parametrize("code", PAGES)
def test_error_page_needs_no_database(unknown, code):
    page = render(unknown, f"{code}.html", {"message": "Not now."}).content.decode()

    assert f">{code}</p>" in page


@pytest.fixture
def cut_off(client, transactional_db):
    """Somebody who works here, after the database has gone."""
    client.force_login(UserFactory())
    client.cookies["theme"] = "dark"
    client.raise_request_exception = False
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", "nowhere")
        yield client


@pytest.mark.parametrize("send", ["get", "post"])
def test_without_the_database_every_page_says_come_back(cut_off, send):
    response = getattr(cut_off, send)("/handoffs/new/", {"need": "A plan"})

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    page = response.content.decode()
    assert "Nothing is lost" in page
    assert 'data-theme="dark"' in page


def test_without_the_database_the_api_says_come_back(cut_off):
    response = cut_off.get("/api/v1/customers/")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response.json()["title"] == "Back in a moment"


@pytest.mark.django_db
def test_a_mistake_of_ours_is_none_of_the_database(client, monkeypatch):
    client.raise_request_exception = False
    client.force_login(UserFactory())
    monkeypatch.setattr("accounts.views.settings.SettingsForm", None)

    assert client.get("/me/settings/").status_code == 500


@pytest.mark.django_db
def test_too_many_sign_ins_are_told_when_to_come_back(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/key"}
    form = {"email": "ines@example.com"}
    client.post("/accounts/password/reset/", form)

    response = client.post("/accounts/password/reset/", form)

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "Wait a minute, then try again" in response.content.decode()
