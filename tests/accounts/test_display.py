import pytest
from django.urls import reverse

from supportsuccess.lists.context_processors import display

URL = "/display/"


def test_choice_is_kept_in_a_cookie_that_scripts_cannot_read(client):
    response = client.post(URL, {"theme": "dark", "next": "/accounts/login/?next=/"})

    assert response.url == "/accounts/login/?next=/"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["httponly"]
    assert response.cookies["theme"]["samesite"] == "Lax"


@pytest.mark.parametrize("choice", [{}, {"theme": "pink"}, {"theme": "dark", "keys": "maybe"}])
def test_unknown_choice_is_refused(client, choice):
    response = client.post(URL, choice)

    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_choice_never_leads_away(client, target):
    assert client.post(URL, {"keys": "off", "next": target}).url == "/"


def test_choice_needs_a_post(client):
    assert client.get(reverse("accounts:display")).url == "/"


@pytest.mark.django_db
def test_page_is_rendered_in_the_chosen_theme(client):
    client.cookies["theme"] = "dark"
    client.cookies["keys"] = "off"

    page = client.get("/accounts/login/").content.decode()

    assert 'data-theme="dark" data-keys="off"' in page


def test_nonsense_in_a_cookie_is_the_default(rf):
    request = rf.get("/")
    request.COOKIES = {"theme": '"><script>', "keys": ""}

    shown = display(request)["display"]

    assert (shown.theme, shown.keys) == ("system", "on")
