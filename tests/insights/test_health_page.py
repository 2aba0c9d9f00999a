"""The page that explains a customer's health: its charts are what is stored, and no more."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Band, Role
from insights.lists.health import change_waterfall, score_line
from insights.queries.health import Cause, CustomerHealth, Share, StoredDay
from tests.counting import count_queries
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory
from tests.factories.renewals import CurrentHealthFactory, HealthSnapshotFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 12)
CHANGE = {
    "sentence": "−23: reopens −20, missing data −3",
    "since": "2026-10-01",
    "from": 81,
    "parts": [{"key": "reopen_rate", "effect": -20.25}, {"key": "missing", "effect": -2.75}],
}


@pytest.fixture
def customer(client):
    client.force_login(UserFactory(role=Role.CSM))
    return CustomerFactory()


def page_of(client, customer):
    response = client.get(f"/customers/{customer.pk}/health/")
    assert response.status_code == 200
    return response.content.decode()


def store(customer, days, *, score=58):
    for ago in days:
        day = timezone.now().date() - timedelta(days=ago)
        HealthSnapshotFactory(customer=customer, day=day, score=score)


def moved(*effects, became, **fields):
    return CustomerHealth(
        1,
        score=Decimal(became),
        compared_score=Decimal(81),
        causes=tuple(Cause(f"cause_{e}", f"cause {e}", Decimal(e)) for e in effects),
        **{"compared_on": date(2026, 10, 1)} | fields,
    )


def line_of(*scores, today=TODAY):
    stored = [
        StoredDay(today - timedelta(weeks=len(scores) - place), score)
        for place, score in enumerate(scores)
    ]
    return score_line(stored, health=CustomerHealth(1, edges=(50, 75)), today=today)


def test_the_page_shows_the_stored_days_of_half_a_year_over_the_edges(client, customer):
    CurrentHealthFactory(customer=customer)
    store(customer, [200, 100, 20, 3])

    page = page_of(client, customer)

    assert "n = 3 stored days" in page
    assert page.count('class="chart-reference"') == 2
    assert ">Green from 75</text>" in page


def test_the_page_draws_the_sentence_as_a_waterfall(client, customer):
    CurrentHealthFactory(customer=customer, score=58, change=CHANGE)

    page = page_of(client, customer)

    assert f'<p class="chart-title" id="change-title">{CHANGE["sentence"]}</p>' in page
    assert "reopens: −20.2 points" in page
    assert 'Why it changed since <time datetime="2026-10-01">1 Oct 2026</time>' in page
    assert "1 Oct 2026: 81.0 points" in page


def test_a_stored_change_that_does_not_add_up_stays_a_list(client, customer):
    CurrentHealthFactory(customer=customer, score=59, change=CHANGE)

    page = page_of(client, customer)

    assert 'id="change"' not in page
    assert CHANGE["sentence"] in page


def test_what_is_unknown_says_why_and_has_not_moved(client, customer):
    why = "Unknown: no event and no touch in 90 days"
    CurrentHealthFactory(
        customer=customer, score=58, band=Band.UNKNOWN, change={"sentence": why, "base": 1}
    )
    HealthSnapshotFactory(
        customer=customer, day=timezone.now().date() - timedelta(days=3), band=Band.UNKNOWN
    )

    page = page_of(client, customer)

    assert why in page
    assert "Why it changed" not in page
    assert "Health was" not in page


def test_without_a_run_the_page_says_so(client, customer):
    page = page_of(client, customer)

    assert "No score was stored in the last 26 weeks" in page
    assert "chart-drawing" not in page


def test_the_queries_of_the_page_do_not_grow_with_the_days(client, customer):
    CurrentHealthFactory(customer=customer, score=58, change=CHANGE)
    store(customer, [5])
    url = f"/customers/{customer.pk}/health/"
    one = count_queries(client, url)

    store(customer, range(10, 60))

    assert count_queries(client, url) == one <= 8


def test_what_was_not_measured_is_a_gap():
    line = line_of(Decimal(81), None, Decimal(58), Decimal(59))

    assert [mark.value for mark in line.marks] == [81, None, 58, 59]
    assert line.n == 3
    assert str(line).count("<polyline") == 1


@pytest.mark.parametrize(
    ("scores", "title"),
    [
        ((81, 58), "Health fell from 81 on 29 Oct 2026 to 58 on 5 Nov 2026"),
        ((58, 81), "Health rose from 58 on 29 Oct 2026 to 81 on 5 Nov 2026"),
        ((58, 58), "Health was 58 on 5 Nov 2026, as on 29 Oct 2026"),
        ((58,), "Health was 58 on 5 Nov 2026"),
        ((), "Health of the last 26 weeks"),
    ],
)
def test_the_title_says_the_finding(scores, title):
    assert line_of(*map(Decimal, scores)).title == title


def test_a_cause_opens_its_row_where_there_is_one():
    shares = (Share("cause_-20", "", "", "", ""),)

    waterfall = change_waterfall(moved("-20", "-3", became=58, shares=shares))

    assert [step.url for step in waterfall.steps] == ["#measure-cause_-20", ""]
    assert waterfall.end_url == "#shares"


def test_a_waterfall_begins_on_the_day_it_compares_with():
    assert change_waterfall(moved("-23", became=58)).start_label == "1 Oct 2026"


def test_a_change_without_a_sentence_has_a_title():
    waterfall = change_waterfall(moved("-0.25", became="80.75"))

    assert waterfall.title == "The score differs by less than a point from that of 1 Oct 2026"


@pytest.mark.parametrize("health", [moved(became=81), moved("-3", became=58), CustomerHealth(1)])
def test_what_does_not_add_up_is_no_waterfall(health):
    assert change_waterfall(health) is None
