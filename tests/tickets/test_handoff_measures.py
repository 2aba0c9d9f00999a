"""Measures of both sides: counted by hand, each with its rows, none of a person."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from accounts.models import TeamKind
from accounts.queries.calendars import business_time_between, hours_of
from supportsuccess.lists.periods import Period
from tests.counting import count_queries
from tests.factories.base import make
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import MembershipFactory, TeamFactory, UserFactory
from tests.numbers import figure, read
from tickets.models import Handoff, HandoffEvent
from tickets.queries.handoff_measures import (
    HAPPENED,
    HAS_HAPPENED,
    Figures,
    Measured,
    happened,
    measures_of,
    with_what_happened,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
URL = "/handoffs/measures/?days=30"


@pytest.fixture
def lead(client):
    user = UserFactory(role="cslead")
    client.force_login(user)
    return user


def team_of(people, *, kind=TeamKind.SUCCESS, name="Success"):
    team = TeamFactory(kind=kind, name=name)
    MembershipFactory.create_batch(people, team=team)
    return team


def offer(to_team, *, days=3, **given):
    at = NOW - timedelta(days=days)
    return HandoffFactory(to_team=to_team, offered_at=at, **given)


def taken(to_team, **given):
    at = NOW - timedelta(days=2)
    return offer(to_team, state="accepted", accepted_at=at, **given)


def measured(user, *, days=30):
    period = Period(NOW - timedelta(days=days), NOW)
    return measures_of(user, period=period, at=NOW)


def story(team):
    """Six offers: four accepted, one asked about, one returned twice, one useful of two judged."""
    asked = taken(team, was_useful=True)
    make(HandoffEvent, handoff=asked, kind="asked", occurred_at=NOW, recorded_at=NOW)
    taken(team, was_useful=False)
    taken(team)
    taken(team, return_count=1)
    offer(team, state="returned", return_reason="duplicate", return_count=2)
    offer(team)


def test_a_team_is_measured_by_what_was_offered_to_it(lead):
    team = team_of(5)
    story(team)
    offer(team, days=31)

    [[figures], _] = measured(lead)

    assert (figures.team, figures.offered) == ("Success", 6)
    assert figures.happened == {
        "accepted": 4,
        "asked": 1,
        "returned": 2,
        "bounced": 1,
        "repeated": 0,
        "judged": 2,
        "useful": 1,
    }


def test_both_sides_are_measured(lead):
    support, success = team_of(5, name="Support", kind=TeamKind.SUPPORT), team_of(6)
    taken(success, from_team=support)

    receiving, offering = measured(lead)

    assert [one.team for one in receiving] == ["Success"]
    assert [one.team for one in offering] == ["Support"]


def test_teams_of_few_people_are_measured_together_at_the_end(lead):
    for name in ("Alpha", "Beta"):
        offer(team_of(4, name=name))
    offer(team_of(5, name="Success"))

    receiving, _ = measured(lead)

    assert [(one.team, one.offered) for one in receiving] == [
        ("Success", 1),
        ("Teams of fewer than 5", 2),
    ]


def test_a_matter_that_comes_back_is_a_repeat(lead):
    team = team_of(5)
    again = offer(team)
    ended = {"customer": again.customer, "state": "completed", "outcome": "renewed"}
    before = again.offered_at
    HandoffFactory(closed_at=before - timedelta(days=89), accepted_at=before, holder=None, **ended)
    other = offer(team)
    HandoffFactory(
        closed_at=other.offered_at - timedelta(days=91),
        accepted_at=other.offered_at,
        holder=None,
        **{**ended, "customer": other.customer},
    )

    [[figures, *_], _] = measured(lead)

    assert figures.happened["repeated"] == 1


def test_time_to_acceptance_is_business_time(lead):
    team = team_of(5)
    friday = NOW - timedelta(days=(NOW.weekday() - 4) % 7 + 7)
    at = friday.replace(hour=4, minute=0, second=0, microsecond=0)
    taken_at = at + timedelta(days=3)
    HandoffFactory(to_team=team, state="accepted", offered_at=at, accepted_at=taken_at)

    [[figures], _] = measured(lead)

    assert figures.times == [business_time_between(hours_of(team.calendar), at, taken_at)]
    assert timedelta() < figures.times[0] < timedelta(hours=12)


def test_the_time_of_nine_of_ten_is_one_of_the_times():
    hours = [timedelta(hours=one) for one in range(10, 0, -1)]
    figures = Figures(team_id=1, team="Success", times=hours)

    assert (figures.time_at(0.5), figures.time_at(0.9)) == (hours[5], hours[1])
    assert Figures(team_id=1, team="Success").time_at(0.5) is None


@pytest.mark.parametrize("name", HAPPENED)
def test_a_row_says_what_the_list_says(lead, name):
    story(team_of(5))

    rows = with_what_happened(Handoff.objects.all()).values_list(*Measured._fields)

    asked = set(happened(Handoff.objects.all(), name).values_list("pk", flat=True))
    assert asked == {row[0] for row in rows if HAS_HAPPENED[name](Measured(*row))}


def test_every_number_of_the_page_opens_so_many_rows(client, lead):
    story(team_of(5))
    story(team_of(3, name="Scale"))
    page = read(client.get(URL).content.decode())

    links = [one for one in page.marked("href") if "offered=" in one.attributes["href"]]

    assert len(links) > 10
    for link in links:
        query = parse_qs(urlsplit(link.attributes["href"]).query)
        found = client.get("/handoffs/", query).context["listing"].count()
        if "data-rate" not in link.attributes or link.attributes["data-rate"] == "whole":
            assert link.attributes.get("data-left") or figure(link.text) == found


def test_of_fewer_than_five_no_share_is_said(client, lead):
    team = team_of(5)
    for _ in range(4):
        taken(team)
    few = client.get(URL).content.decode()
    taken(team)

    enough = client.get(URL).content.decode()

    assert "data-rate" not in few
    assert "too few" in few
    assert "57 to 100 of" in enough


def test_an_unknown_period_is_the_usual_one(client, lead):
    offer(team_of(5), days=80)

    assert "Success" in client.get("/handoffs/measures/?days=x").content.decode()
    assert "Nothing was handed over" in client.get(URL).content.decode()


def test_more_teams_and_handoffs_cost_no_more_queries(client, lead):
    story(team_of(5, name="One"))
    one = count_queries(client, URL)
    for name in ("Two", "Three"):
        story(team_of(5, name=name))

    assert count_queries(client, URL) == one <= 8
