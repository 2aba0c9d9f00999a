"""What the facts say of completed handoffs, beside what was said of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import ArrMovement, Renewal
from accounts.queries.organisation import Ours
from supportsuccess import outbox
from supportsuccess.outbox import schedules
from tests.factories.base import make
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import UserFactory
from tickets.actions.handoffs import verify_outcomes
from tickets.lists.handoff_becoming import verified_badge
from tickets.models import HandoffOutcome, Verified, VerifiedAt, VerifiedOutcome
from tickets.queries.verified_outcomes import Facts, facts_to_verify, verdict

pytestmark = pytest.mark.django_db
ACCEPTED = datetime(2026, 3, 2, 9, tzinfo=UTC)
COMPLETED = ACCEPTED + timedelta(days=10)
LOOK = COMPLETED + timedelta(days=30)
LATER = LOOK + timedelta(hours=1)
EUROS = Ours(name="Larkfield", currency="EUR", timezone="Europe/Dublin")


def facts(*, before="100", after="100", price_rise="0", **given):
    known = {
        "arr_before": None if before is None else Decimal(before),
        "arr_after": None if after is None else Decimal(after),
        "price_rise": Decimal(price_rise),
        "is_renewed": False,
        "is_lost": False,
    }
    told = {"handoff_id": 1, "completed_at": COMPLETED, "moment": "", "verified_at": LOOK}
    return Facts(**told, **{**known, **given})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(), Verified.RETAINED),
        (facts(is_renewed=True), Verified.RENEWED),
        (facts(after="120"), Verified.EXPANDED),
        (facts(after="120", price_rise="20"), Verified.RETAINED),
        (facts(after="120", price_rise="19.99"), Verified.EXPANDED),
        (facts(after="99.99"), Verified.CONTRACTED),
        (facts(after="99", is_renewed=True), Verified.CONTRACTED),
        (facts(after="0", is_lost=True), Verified.CHURNED),
        (facts(before="0", after="0"), Verified.RETAINED),
        (facts(before="0", after="50"), Verified.EXPANDED),
        (facts(before=None, after=None), Verified.UNKNOWN),
        (facts(before=None, after="50"), Verified.UNKNOWN),
        (facts(before=None, after=None, is_lost=True), Verified.CHURNED),
        (facts(before=None, after=None, is_renewed=True), Verified.RENEWED),
    ],
)
def test_the_verdict_follows_its_definition(known, expected):
    assert verdict(known) == expected


@pytest.fixture
def completed():
    return HandoffFactory(
        state="completed",
        outcome=HandoffOutcome.RISK_REDUCED,
        offered_at=ACCEPTED,
        accepted_at=ACCEPTED,
        closed_at=COMPLETED,
        holder=None,
    )


def moved(handoff, amount, *, on, effective_on=None, kind="new", currency="EUR"):
    return make(
        ArrMovement,
        customer=handoff.customer,
        booked_on=on.date(),
        effective_on=(effective_on or on).date(),
        kind=kind,
        amount=amount,
        currency=currency,
    )


def decided(handoff, state, *, at):
    extra = {"loss_reason": "price"} if state == "lost" else {"final_amount": 100}
    return make(
        Renewal,
        customer=handoff.customer,
        due_on=at.date(),
        decision_point_on=at.date(),
        state=state,
        currency="EUR",
        closed_at=at,
        **extra,
    )


def told(handoff):
    rows = VerifiedOutcome.objects.filter(handoff=handoff).order_by("verified_at")
    return [(row.moment, row.verified, row.verified_at) for row in rows]


def test_it_is_verified_thirty_days_after_completion_and_once(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))

    counts = [verify_outcomes(EUROS, at=at) for at in (LOOK - timedelta(seconds=1), LATER, LATER)]

    assert counts == [0, 1, 0]
    assert told(completed) == [(VerifiedAt.THIRTY_DAYS, Verified.RETAINED, LOOK)]


def test_the_outcome_stays_as_it_was_said(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    moved(completed, -100, on=COMPLETED, kind="churn")

    verify_outcomes(EUROS, at=LATER)

    completed.refresh_from_db()
    assert completed.outcome == HandoffOutcome.RISK_REDUCED
    assert told(completed) == [(VerifiedAt.THIRTY_DAYS, Verified.CHURNED, LOOK)]


def test_a_loss_counts_from_the_day_it_is_known(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    late = LOOK + timedelta(days=200)
    moved(completed, -100, on=COMPLETED, effective_on=late, kind="churn")

    verify_outcomes(EUROS, at=LATER)

    assert told(completed)[0][1] == Verified.CHURNED


def test_what_moved_after_the_look_does_not_count(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    moved(completed, -100, on=LOOK + timedelta(days=1), kind="churn")

    verify_outcomes(EUROS, at=LOOK + timedelta(days=90))

    assert told(completed)[0][1] == Verified.RETAINED


def test_it_is_verified_again_when_the_renewal_is_decided(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    decided(completed, "lost", at=ACCEPTED - timedelta(days=1))
    decided(completed, "won", at=LOOK + timedelta(days=50))
    decided(completed, "lost", at=LOOK + timedelta(days=415))

    verify_outcomes(EUROS, at=LOOK + timedelta(days=500))

    assert told(completed) == [
        (VerifiedAt.THIRTY_DAYS, Verified.RETAINED, LOOK),
        (VerifiedAt.RENEWAL, Verified.RENEWED, LOOK + timedelta(days=50)),
    ]


def test_a_renewal_decided_before_completion_is_looked_at_then(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    decided(completed, "won", at=ACCEPTED + timedelta(days=3))

    verify_outcomes(EUROS, at=COMPLETED)

    assert told(completed) == [(VerifiedAt.RENEWAL, Verified.RENEWED, COMPLETED)]


def test_money_without_a_rate_is_unknown_not_smaller(completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    moved(completed, 50, on=ACCEPTED - timedelta(days=300), currency="USD")

    verify_outcomes(EUROS, at=LATER)

    row = VerifiedOutcome.objects.get()
    assert (row.verified, row.arr_before, row.arr_retained) == (Verified.UNKNOWN, None, None)


def test_what_is_not_completed_is_not_verified():
    HandoffFactory(state="accepted", accepted_at=ACCEPTED)

    assert facts_to_verify(EUROS, at=LATER + timedelta(days=365), most=10) == []


def test_many_are_gathered_in_one_query(django_assert_num_queries):
    closed = {"state": "completed", "outcome": "renewed", "accepted_at": ACCEPTED}
    HandoffFactory.create_batch(3, closed_at=COMPLETED, holder=None, **closed)

    with django_assert_num_queries(1):
        found = facts_to_verify(EUROS, at=LATER, most=2)

    assert len(found) == 2


def test_the_job_goes_on_until_none_is_left(completed, monkeypatch):
    HandoffFactory(
        state="completed",
        outcome="renewed",
        accepted_at=ACCEPTED,
        closed_at=COMPLETED,
        holder=None,
    )
    monkeypatch.setattr("tickets.jobs.verification.VERIFIED_AT_ONCE", 1)

    schedules.promise_due(at=LATER)
    while outbox.deliver_due():
        pass

    assert VerifiedOutcome.objects.count() == 2


@pytest.mark.parametrize(
    ("outcome", "verified", "tone"),
    [
        (HandoffOutcome.RISK_REDUCED, Verified.RETAINED, "good"),
        (HandoffOutcome.RISK_REDUCED, Verified.CHURNED, "bad"),
        (HandoffOutcome.EXPANDED, Verified.RENEWED, "bad"),
        (HandoffOutcome.NO_ACTION, Verified.CHURNED, "idle"),
        (HandoffOutcome.RENEWED, Verified.UNKNOWN, "idle"),
    ],
)
def test_what_contradicts_the_outcome_stands_out(outcome, verified, tone):
    assert f"badge-{tone}" in verified_badge(verified, outcome=outcome)


def test_the_page_shows_it_beside_the_outcome_with_its_definition(client, completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    verify_outcomes(EUROS, at=LATER)
    client.force_login(UserFactory(role="csm"))

    page = client.get(completed.get_absolute_url()).content.decode()

    assert "Risk reduced" in page
    assert "Retained</span>" in page
    assert "price increases apart" in page
    assert "€100" in page


def test_the_list_shows_money_to_those_who_may_see_it(client, completed):
    moved(completed, 100, on=ACCEPTED - timedelta(days=400))
    verify_outcomes(EUROS, at=LATER)
    pages = {}
    for role in ("agent", "csm"):
        user = UserFactory(role=role)
        client.force_login(user)
        listed = client.get("/handoffs/?box=all&state=all&columns=verified,arr-retained")
        filed = client.get("/handoffs/?box=all&state=all&export=csv")
        pages[role] = listed.content.decode() + b"".join(filed).decode()

    assert "€100" in pages["csm"]
    assert "arr_retained" in pages["csm"]
    assert "€100" not in pages["agent"]
    assert "arr_retained" not in pages["agent"]
    assert "Retained" in pages["agent"]
