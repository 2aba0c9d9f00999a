from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Role, RoleView, SavedView, ViewStar
from tests.counting import count_queries
from tests.factories.people import MembershipFactory, UserFactory
from tests.factories.tickets import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_kept_counts():
    cache.clear()


@pytest.fixture
def lead(client):
    user = UserFactory(role=Role.LEAD)
    client.force_login(user)
    return user


def save(client, name="Bugs", *, query="kind=bug", audience="private", **more):
    given = {"list": "tickets", "query": query, "name": name, "audience": audience}
    return client.post("/views/", given | more)


def sidebar(client):
    return client.get("/views/starred/").content.decode()


def test_a_saved_view_leads_to_the_list_as_it_was(client, lead):
    response = save(client, query="kind=bug&sort=opened&after=xyz&peek=3&foreign=1")

    assert response.url == "/tickets/?kind=bug&sort=opened"


def test_what_is_saved_stands_in_the_sidebar_with_its_count(client, lead):
    TicketFactory(kind="bug")
    TicketFactory(kind="billing")
    save(client)

    shown = sidebar(client)

    assert 'href="/tickets/?kind=bug"' in shown
    assert '<span class="count push" data-number="count">1</span>' in shown


def test_counts_are_kept_for_a_minute(client, lead):
    save(client)
    before = sidebar(client)
    TicketFactory(kind="bug")

    assert sidebar(client) == before
    cache.clear()
    assert sidebar(client) != before


def test_a_star_is_ones_own_and_can_be_taken_away(client, lead):
    save(client)
    view = SavedView.objects.get()
    client.post(f"/views/{view.pk}/unstar/")
    without = sidebar(client)
    client.post(f"/views/{view.pk}/star/")

    assert "Bugs" not in without
    assert "Bugs" in sidebar(client)


@pytest.mark.parametrize(("audience", "sees"), [("private", 404), ("everyone", 302)])
def test_a_private_view_is_not_there_for_others(client, *, lead, audience, sees):
    save(client, audience=audience)
    client.force_login(UserFactory())
    view = SavedView.objects.get()

    assert client.post(f"/views/{view.pk}/delete/").status_code == 404
    assert ("Show Bugs" in client.get("/views/?list=tickets").content.decode()) == (sees == 302)
    assert client.post(f"/views/{view.pk}/star/").status_code == sees


def test_a_teams_view_is_for_those_who_belong_to_it_now(client, lead):
    team = MembershipFactory(user=lead).team
    mate, former = MembershipFactory(team=team).user, UserFactory()
    now = timezone.now()
    past = (now - timedelta(days=9), now - timedelta(days=1))
    MembershipFactory(team=team, user=former, during=past)
    save(client, audience="team", team=team.pk)

    seen = {user: SavedView.objects.visible_to(user).exists() for user in (mate, former)}

    assert seen == {mate: True, former: False}


def test_a_team_is_asked_for_only_where_one_has_several(client, lead):
    assert "You belong to no team" in save(client, audience="team").content.decode()
    team = MembershipFactory(user=lead).team
    save(client, audience="team")
    MembershipFactory(user=lead)

    response = save(client, audience="team")

    assert SavedView.objects.get().team == team
    assert response.status_code == 422
    assert "Choose the team" in response.content.decode()


def test_one_cannot_save_for_a_team_of_others(client, lead):
    response = save(client, audience="team", team=MembershipFactory().team_id)

    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_a_name_is_taken_once(client, lead):
    save(client)

    response = save(client)

    assert response.status_code == 409
    assert "You have a view of this name: choose another." in response.content.decode()


def test_who_does_not_lead_cannot_save_for_everyone(client):
    client.force_login(UserFactory(role=Role.AGENT))

    assert save(client, audience="everyone").status_code == 422
    assert save(client, default_for="agent").status_code == 302
    assert not RoleView.objects.exists()


def test_where_a_role_begins(client, lead):
    save(client, audience="everyone", default_for=Role.AGENT)
    save(client, "Newer", query="kind=billing", audience="everyone", default_for=Role.AGENT)
    client.force_login(UserFactory(role=Role.AGENT))

    assert client.get("/tickets/").url == "/tickets/?kind=billing"
    assert client.get("/tickets/?kind=bug").status_code == 200


def test_a_shared_view_of_ones_own_is_everybodys_own(client):
    csm = UserFactory(role=Role.ADMIN)
    client.force_login(csm)

    private = save(client, list="renewals", query=f"owner={csm.pk}")
    shared = save(
        client, "Shared", list="renewals", query=f"owner={csm.pk}&band=red", audience="everyone"
    )

    assert private.url == f"/renewals/?owner={csm.pk}"
    assert shared.url == "/renewals/?owner=me&band=red"


def test_a_forgotten_view_takes_its_stars_along(client, lead):
    save(client)

    client.post(f"/views/{SavedView.objects.get().pk}/delete/")

    assert (SavedView.objects.count(), ViewStar.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["", "nonsense"])
def test_a_list_that_does_not_exist_has_no_views(client, lead, name):
    assert client.get(f"/views/?list={name}").status_code == 404


def test_the_menu_alone_answers_its_button(client, lead):
    headers = {"HX-Request": "true", "HX-Target": "views"}

    menu = client.get("/views/?list=tickets&query=kind%3Dbug", headers=headers).content.decode()

    assert 'name="query" value="kind=bug"' in menu
    assert "<html" not in menu


def test_the_sidebar_costs_two_queries_while_it_is_kept(client, lead):
    for number in range(3):
        save(client, f"View {number}")

    assert count_queries(client, "/views/starred/") <= 4


def test_the_api_gives_a_views_rows(client, lead):
    bug = TicketFactory(kind="bug")
    TicketFactory(kind="billing")
    save(client)

    answer = client.get("/api/v1/tickets/?view=bugs")

    assert [row["id"] for row in answer.json()["results"]] == [bug.pk]


@pytest.mark.parametrize("slug", ["", "nonsense", "\x00"])
def test_the_api_says_which_view_it_does_not_know(client, lead, slug):
    answer = client.get("/api/v1/tickets/", {"view": slug})

    assert answer.status_code == 422
    assert "view" in str(answer.json())


def test_ones_own_view_is_meant_before_anothers(client, lead):
    save(client, query="kind=bug", audience="everyone")
    other = UserFactory(role=Role.LEAD)
    client.force_login(other)
    save(client, query="kind=billing")
    billing = TicketFactory(kind="billing")
    TicketFactory(kind="bug")

    answer = client.get("/api/v1/tickets/?view=bugs")

    assert [row["id"] for row in answer.json()["results"]] == [billing.pk]


def test_the_api_asks_which_list_is_meant_where_two_have_the_view(client, lead):
    bug = TicketFactory(kind="bug")
    TicketFactory(kind="billing")
    save(client, query="kind=billing", list="inbox")
    save(client, query="kind=bug")

    refused = client.get("/api/v1/tickets/?view=bugs")
    answer = client.get("/api/v1/tickets/?view=tickets:bugs")

    assert refused.status_code == 422
    assert "inbox:bugs or tickets:bugs" in str(refused.json())
    assert [row["id"] for row in answer.json()["results"]] == [bug.pk]


def test_the_api_takes_views_of_its_own_lists_alone(client, lead):
    save(client, query="kind=bug", list="inbox")

    assert client.get("/api/v1/tickets/?view=renewals:bugs").status_code == 422
    assert client.get("/api/v1/renewals/?view=inbox:bugs").status_code == 422


def test_ones_own_view_of_one_list_is_meant_before_anothers_of_the_other(client, lead):
    save(client, query="kind=bug", audience="everyone", list="inbox")
    client.force_login(UserFactory(role=Role.LEAD))
    save(client, query="kind=billing")
    billing = TicketFactory(kind="billing")

    answer = client.get("/api/v1/tickets/?view=bugs")

    assert [row["id"] for row in answer.json()["results"]] == [billing.pk]


def test_the_schema_says_whose_views_an_endpoint_takes(client, lead):
    schema = client.get("/api/schema/?format=json").json()

    parameters = schema["paths"]["/api/v1/tickets/"]["get"]["parameters"]
    [view] = [one for one in parameters if one["name"] == "view"]
    assert "saved view of tickets or inbox" in view["description"]
