"""Larkfield's files are the same for the same moment, and right on any day."""

import csv
import io
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from accounts.adapters import customers as customer_file
from insights.demo.cast import OFFICE, moment
from insights.demo.load import files
from insights.demo.people import PEOPLE
from tests.insights.demo.small import make_small
from tickets.adapters import events as event_file

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAYS = {
    "a sunday": datetime(2026, 11, 22, 8, tzinfo=UTC),
    "new year": datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
    "after the clocks went forward": datetime(2026, 3, 30, 7, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 23, 40, tzinfo=UTC),
}


@cache
def made(now):
    return fresh(now)


def fresh(now):
    return files(today=now.astimezone(OFFICE).date(), now=now)


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_same_moment_makes_the_same_files():
    assert made(MONDAY) == fresh(MONDAY)


@pytest.fixture(scope="module", params=DAYS.values(), ids=DAYS.keys())
def a_day(request):
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        return request.param, fresh(request.param)


def test_nothing_happens_after_now(a_day):
    now, company = a_day

    moments = [datetime.fromisoformat(row["occurred_at"]) for row in rows(company.tickets)]

    assert max(moments) <= now
    assert now - max(moments) < timedelta(days=4)


def test_every_row_can_be_read(a_day):
    _, company = a_day
    tickets, customers = rows(company.tickets), rows(company.customers)

    for row in [*tickets[:2000], *tickets[-2000:]]:
        event_file.read(row)
    for row in customers:
        customer_file.read(row)


def test_a_tickets_life_goes_forward(a_day):
    _, company = a_day
    last = {}
    for row in rows(company.tickets):
        at = datetime.fromisoformat(row["occurred_at"])
        assert at >= last.get(row["ticket"], at), row
        last[row["ticket"]] = at


def test_stories_are_told_on_working_days():
    for days in range(7):
        today = (MONDAY + timedelta(days=days)).date()
        assert moment(today, days_ago=3, clock="10:31").weekday() < 5


def test_there_are_420_customers_25_people_and_thirty_thousand_tickets():
    live = {row["customer"] for row in rows(made(MONDAY).customers) if row["kind"] == "customer"}

    assert len(live) == 420
    assert 27_000 < made(MONDAY).ticket_count < 33_000
    assert len(PEOPLE) == 25


def test_no_two_people_of_customers_share_a_name():
    holders = {}
    for row in rows(made(MONDAY).tickets):
        if row["customer"] and row["contact"]:
            holders.setdefault(row["contact"], set()).add(row["customer"])

    assert all(len(customers) == 1 for customers in holders.values())
