from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from psycopg.types.range import TimestamptzRange

from accounts.models import ArrMovement, Band, MovementKind, Renewal, RenewalState, Segment
from insights.actions.queue import refresh_whole_queue
from insights.models import LossRate
from tests.factories.base import change, make
from tests.factories.customers import CustomerFactory, ProfileFactory
from tests.factories.people import LONG_AGO
from tests.factories.renewals import HealthSnapshotFactory, renewal_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def decided(segment: Segment, *, band: Band | None, state=RenewalState.WON, **fields) -> Renewal:
    """A renewal decided a year ago, when its customer was in this segment and band."""
    customer = CustomerFactory(profile__segment=segment)
    closed_on = date(2025, 11, 1)
    if band:
        HealthSnapshotFactory(customer=customer, day=date(2025, 8, 1), band=band)
    fields |= {"loss_reason": "price"} if state == RenewalState.LOST else {"final_amount": 8_000}
    return renewal_due(
        closed_on,
        customer=customer,
        state=state,
        closed_at=datetime(2025, 11, 5, tzinfo=UTC),
        **fields,
    )


def test_loss_rates_count_bands_and_segments_as_they_stood_then():
    for _ in range(5):
        decided(Segment.SMALL, band=Band.RED, state=RenewalState.LOST)
    decided(Segment.SMALL, band=Band.RED)
    decided(Segment.SMALL, band=None)

    refresh_whole_queue(at=NOW)

    rate = LossRate.objects.get(segment=Segment.SMALL, band=Band.RED)
    assert (rate.decided, rate.lost) == (6, 5)
    assert rate.basis == "5 of 6 red renewals lost in small, drawn towards the segment's 71.4%"


def test_the_segment_is_that_of_the_day_it_was_decided():
    renewal = decided(Segment.SMALL, band=Band.RED)
    change(
        renewal.customer.profiles.get(), during=TimestamptzRange(LONG_AGO, NOW - timedelta(days=30))
    )
    ProfileFactory(
        customer=renewal.customer,
        segment=Segment.ENTERPRISE,
        during=TimestamptzRange(NOW - timedelta(days=30), None),
    )

    refresh_whole_queue(at=NOW)

    assert LossRate.objects.get(segment=Segment.SMALL, band=Band.RED).decided == 1


def test_a_contraction_at_the_renewal_is_counted_with_its_share():
    for _ in range(5):
        decided(Segment.SMALL, band=Band.RED, state=RenewalState.LOST)
    renewal = decided(Segment.SMALL, band=Band.RED)
    make(
        ArrMovement,
        customer=renewal.customer,
        booked_on=renewal.due_on,
        effective_on=renewal.due_on,
        kind=MovementKind.CONTRACTION,
        amount=-2_000,
        currency="EUR",
    )

    refresh_whole_queue(at=NOW)

    rate = LossRate.objects.get(segment=Segment.SMALL, band=Band.RED)
    assert rate.contracted == 1
    assert rate.mean_contraction == Decimal("0.2")  # a fifth of 10,000, and starters say a fifth
