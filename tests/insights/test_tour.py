import pytest

from accounts.models import Organisation, Role
from tests.factories.base import make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    user = UserFactory(role=Role.ADMIN)
    client.force_login(user)
    return user


@pytest.mark.parametrize("is_demo", [True, False])
def test_tour_exists_where_its_stories_do(client, person, is_demo):
    make(Organisation, pk=1, name="Acme", is_demo=is_demo)

    assert client.get("/tour/").status_code == 404


def test_nobody_takes_anothers_place_in_a_real_company(client, person):
    make(Organisation, pk=1, name="Acme", is_demo=False)
    agent = UserFactory(email="agent@example.com")

    assert client.post(f"/tour/as/{agent.pk}/").status_code == 404
    assert int(client.session["_auth_user_id"]) == person.pk


def test_one_takes_the_place_of_the_demos_own_people_alone(client, person):
    make(Organisation, pk=1, name="Larkfield", is_demo=True)
    agent, other = UserFactory(email="agent@example.com"), UserFactory()

    assert client.post(f"/tour/as/{other.pk}/").status_code == 404
    answer = client.post(f"/tour/as/{agent.pk}/", {"next": "https://elsewhere.example.com/"})

    assert answer.url == "/tour/"
    assert int(client.session["_auth_user_id"]) == agent.pk
