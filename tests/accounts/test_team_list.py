from datetime import timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from accounts.models import MembershipRole, Role, TeamKind
from tests.counting import count_queries
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.LEAD)
    client.force_login(user)
    return user


def rows(client, query=""):
    return client.get(f"/teams/{query}").context["listing"].page.rows


def test_a_team_says_who_leads_it_and_how_many_belong_to_it(client, lead):
    team = TeamFactory(name="Support EMEA", kind=TeamKind.SUPPORT)
    MembershipFactory(team=team, role=MembershipRole.LEAD, user__name="Priya Nair")
    MembershipFactory(team=team)
    now = timezone.now()
    past = TimestamptzRange(now - timedelta(days=9), now - timedelta(days=1))
    MembershipFactory(team=team, during=past)

    [row] = rows(client)

    assert (row.name, row.lead, row.members) == ("Support EMEA", "Priya Nair", 2)


def test_teams_are_found_by_name_and_kind(client, lead):
    TeamFactory(name="Support EMEA", kind=TeamKind.SUPPORT)
    TeamFactory(name="Success", kind=TeamKind.SUCCESS)

    assert [row.name for row in rows(client, "?q=emea")] == ["Support EMEA"]
    assert [row.name for row in rows(client, "?kind=success")] == ["Success"]
    assert [row.name for row in rows(client)] == ["Success", "Support EMEA"]


def test_a_teams_number_opens_its_people(client, lead):
    member = MembershipFactory(user__name="Mina Okafor")

    panel = client.get(f"/teams/?peek={member.team_id}", headers=PANEL).content.decode()

    assert panel.count("<dt>") == 1
    assert "Mina Okafor" in panel
    assert "<html" not in panel


def test_who_sees_no_colleagues_sees_no_teams(client):
    client.force_login(UserFactory(role=Role.CONTRACTOR))

    assert client.get("/teams/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_teams(client, lead):
    MembershipFactory()
    one = count_queries(client, "/teams/")
    MembershipFactory.create_batch(3)

    assert count_queries(client, "/teams/") == one
    assert one <= 8
