from datetime import UTC, date, datetime

import pytest

from accounts.models import Role
from tests.factories.base import change
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import renewal_due
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db
URL = "/me/settings/"
CHOSEN = {"theme": "dark", "timezone": "Asia/Tokyo", "has_shortcuts": "on"}
EVENING = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)


@pytest.fixture
def person(client):
    user = UserFactory(role=Role.AGENT)
    client.force_login(user)
    return user


def shown_to(client, user, *, path):
    client.force_login(user)
    return client.get(path).content.decode()


def test_settings_are_kept_for_the_person(client, person):
    response = client.post(URL, {**CHOSEN, "has_shortcuts": ""})

    person.refresh_from_db()
    assert response.url == URL
    assert (person.theme, person.timezone, person.has_shortcuts) == ("dark", "Asia/Tokyo", False)


def test_settings_hold_in_another_browser(client, person):
    client.post(URL, {**CHOSEN, "has_shortcuts": ""})
    client.cookies.clear()

    page = shown_to(client, person, path=URL)

    assert 'data-theme="dark" data-keys="off"' in page


@pytest.mark.parametrize("wrong", [{"timezone": "Mars/Base"}, {"timezone": ""}, {"theme": "pink"}])
def test_settings_refuse_what_is_none(client, person, wrong):
    response = client.post(URL, CHOSEN | wrong)

    person.refresh_from_db()
    assert response.status_code == 422
    assert person.timezone == "UTC"


def test_quick_choice_is_kept_for_the_person_and_changes_nothing_else(client, person):
    change(person, timezone="Asia/Tokyo")

    client.post("/display/", {"keys": "off"})

    person.refresh_from_db()
    assert (person.theme, person.timezone, person.has_shortcuts) == ("system", "Asia/Tokyo", False)


def test_settings_show_what_holds_now(client, person):
    change(person, timezone="Europe/Dublin")

    page = client.get(URL).content.decode()

    assert '<option value="Europe/Dublin" selected>' in page


def test_two_people_see_one_moment_in_their_own_zones(client):
    ticket = TicketFactory(opened_at=EVENING)
    path = f"/tickets/{ticket.pk}/"

    in_tokyo = shown_to(client, UserFactory(timezone="Asia/Tokyo"), path=path)
    in_york = shown_to(client, UserFactory(timezone="America/New_York"), path=path)

    assert "Tue 2 Jun 2026, 07:30 JST" in in_tokyo
    assert "Mon 1 Jun 2026, 18:30 EDT" in in_york


def test_two_people_see_one_renewal_date(client):
    renewal = renewal_due(date(2027, 1, 31), customer=CustomerFactory())
    path = f"/renewals/{renewal.pk}/"

    pages = [
        shown_to(client, UserFactory(role=Role.CSM, timezone=zone), path=path)
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    ]

    assert all('<time datetime="2027-01-31">31 Jan 2027</time>' in page for page in pages)


def test_zone_of_one_request_does_not_reach_the_next(client, person):
    change(person, timezone="Asia/Tokyo")
    client.get(URL)

    page = shown_to(client, UserFactory(), path=f"/tickets/{TicketFactory(opened_at=EVENING).pk}/")

    assert "22:30 UTC" in page
