"""What a sentence says is the difference between now and the day it names, whoever computed it."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from insights.actions import health
from insights.models import CurrentHealth, HealthSnapshot
from insights.scoring.numbers import signed, whole
from tests.factories.customers import CustomerFactory, TouchFactory
from tests.factories.tickets import TicketFactory
from tickets.models import TicketStatus

pytestmark = pytest.mark.django_db
FIRST_DAY = date(2026, 9, 1)
EVERYONE = (0, 2**62)


@pytest.fixture
def begin(db):
    """The moment of the first night."""
    return timezone.now() + timedelta(hours=1)


@pytest.fixture
def customers(begin):
    """Four customers with a calm past."""
    made = CustomerFactory.create_batch(4)
    for customer in made:
        TouchFactory(customer=customer, occurred_at=begin - timedelta(days=5))
        for days in range(10, 80, 10):
            solve(customer, at=begin - timedelta(days=days), hours=8)
    return made


def solve(customer, *, at, hours, **fields):
    solved_at = at + timedelta(hours=hours)
    TicketFactory(
        customer=customer,
        opened_at=at,
        first_solved_at=solved_at,
        last_solved_at=solved_at,
        status=TicketStatus.SOLVED,
        **fields,
    )


def live(customers, nights, *, begin):
    """So many nights, with tickets between them; answers the last day and its moment."""
    rng = random.Random(4)  # noqa: S311 - nothing to guess
    for night in range(nights):
        at = begin + timedelta(days=night)
        for customer in customers:
            if rng.random() < 0.4:
                hours, reopened = rng.choice((4, 60, 200)), rng.choice((0, 0, 1))
                ago = timedelta(hours=hours + rng.randint(1, 20))
                solve(customer, at=at - ago, hours=hours, reopen_count=reopened)
        health.score_day(*EVERYONE, day=FIRST_DAY + timedelta(days=night), at=at)
    return FIRST_DAY + timedelta(days=nights - 1), at


def told():
    return dict(CurrentHealth.objects.values_list("customer", "change"))


def in_force(customer_id, day):
    """The score as it stood at the end of a day."""
    stored = HealthSnapshot.objects.filter(customer=customer_id, day__lte=day)
    return stored.order_by("-day").values_list("score", flat=True)[0]


def assert_true(current):
    """Whether the sentence, and what it is made of, come to the difference that is there."""
    difference = current.score - in_force(current.customer_id, current.change["since"])
    parts = sum(Decimal(str(part["effect"])) for part in current.change["parts"])
    assert parts == difference
    said = current.change["sentence"].split(":")[0]
    assert said == signed(whole(difference)) or (not said and not whole(difference))


@pytest.mark.parametrize("nights", [2, 20, 43, 60])
def test_the_sentence_is_the_difference_to_the_day_it_names(customers, begin, nights):
    live(customers, nights, begin=begin)

    for current in CurrentHealth.objects.all():
        assert_true(current)


@pytest.mark.parametrize("nights", [20, 43, 60])
@pytest.mark.parametrize("days_later", [0, 1, 3])
def test_a_run_after_a_change_of_nothing_says_what_the_night_said(
    customers, begin, *, nights, days_later
):
    day, at = live(customers, nights, begin=begin)
    before = told()

    # so many nights may be late when somebody works
    ids = [customer.pk for customer in customers]
    health.score_changed(ids, day=day + timedelta(days=days_later), at=at)

    assert any(change["sentence"] for change in before.values())
    assert told() == before


def test_a_run_after_a_change_compares_with_the_day_of_the_night(customers, begin):
    day, at = live(customers, 60, begin=begin)
    before = told()
    solve(customers[0], at=at - timedelta(days=3), hours=60, reopen_count=1)

    health.score_changed([customers[0].pk], day=day + timedelta(days=1), at=at)

    current = CurrentHealth.objects.get(customer=customers[0])
    assert current.change["since"] == before[customers[0].pk]["since"]
    assert current.change["sentence"] != before[customers[0].pk]["sentence"]
    assert_true(current)
