from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.actions.renewals import decide_renewals, undo_decision
from accounts.models import (
    AssignmentRole,
    Band,
    Call,
    ContractKind,
    ExchangeRate,
    HealthOverride,
    Renewal,
    RenewalState,
    Segment,
)
from accounts.queries.organisation import our_organisation
from insights.actions.queue import refresh_queue, refresh_whole_queue
from insights.models import (
    Clearing,
    QueuedRenewal,
    RenewalOutlook,
    Section,
)
from insights.scoring.loss import urgency
from tests.factories.base import change, make
from tests.factories.customers import (
    AssignmentFactory,
    CustomerFactory,
    TouchFactory,
)
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import PoolFactory, PoolLeadFactory, UserFactory
from tests.factories.renewals import CurrentHealthFactory, renewal_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = NOW.date()


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def queued(renewal: Renewal) -> QueuedRenewal:
    refresh_whole_queue(at=NOW)
    return QueuedRenewal.objects.get(renewal=renewal)


def test_a_row_says_what_is_expected_from_the_health_band():
    customer = CustomerFactory(profile__segment=Segment.ENTERPRISE)
    CurrentHealthFactory(
        customer=customer, band=Band.RED, score=Decimal(31), change={"sentence": "−9: reopens −9"}
    )
    renewal = renewal_due(in_days(30), arr=100_000, customer=customer)

    row = queued(renewal)

    assert (row.segment, row.band, row.score) == (Segment.ENTERPRISE, Band.RED, 31)
    assert row.change_sentence == "−9: reopens −9"
    # starter rates of red: 25 % lost, 10 % contracted by a fifth
    assert (row.arr, row.expected_loss) == (100_000, 27_000)


def test_priority_is_expected_loss_times_urgency():
    row = queued(renewal_due(in_days(30), arr=100_000))

    assert row.expected_loss == 13_200  # unknown health: 12 % lost, 6 % contracted by a fifth
    assert row.priority == round(13_200 * urgency(21), 6)  # 30 days are 21 weekdays here


def test_the_outlook_says_which_rates_it_came_from():
    renewal = renewal_due(in_days(30))

    refresh_whole_queue(at=NOW)

    outlook = RenewalOutlook.objects.get(renewal=renewal)
    assert outlook.basis.startswith("Starter rate for unknown: 12%")
    assert outlook.renewable_arr == 12_000


@pytest.mark.parametrize(
    ("days", "contract", "section"),
    [
        (30, {}, Section.DECIDE),
        (90, {}, Section.DECIDE),
        (91, {}, Section.LATER),
        (-5, {}, Section.DECIDE),
        (-5, {"auto_renew": True, "notice_days": 30}, Section.LOCKED),
        (0, {"auto_renew": True, "notice_days": 30}, Section.DECIDE),
        (120, {"notice_received_on": date(2026, 11, 2)}, Section.NOTICE),
        (400, {"notice_received_on": date(2026, 11, 2)}, Section.NOTICE),
    ],
)
def test_a_row_stands_in_its_section(days, contract, section):
    row = queued(renewal_due(in_days(days), contract=contract))

    assert row.section == section


def test_received_notice_decides_now_and_is_assumed_lost():
    row = queued(renewal_due(in_days(120), contract={"notice_received_on": date(2026, 11, 2)}))

    assert row.decision_point_on == date(2026, 11, 2)
    assert row.expected_loss == Decimal("0.85") * 12_000
    assert row.renewal.outlook.basis == "Notice received: assumed lost at 85%"


def test_a_locked_renewal_cannot_be_lost_this_time():
    row = queued(renewal_due(in_days(-5), contract={"auto_renew": True, "notice_days": 30}))

    assert row.expected_loss == 0
    assert row.renewal.outlook.basis.startswith("Locked")


@pytest.mark.parametrize(
    ("contract", "basis"),
    [
        ({}, "procurement"),
        ({"auto_renew": True, "notice_days": 30}, "notice_deadline"),
        ({"auto_renew": True}, "assumed_deadline"),
    ],
)
def test_a_row_says_what_makes_the_day_its_decision_point(contract, basis):
    assert queued(renewal_due(in_days(30), contract=contract)).decision_basis == basis


def test_what_is_decided_later_than_the_horizon_has_an_outlook_and_no_row():
    renewal = renewal_due(in_days(181))

    refresh_whole_queue(at=NOW)

    assert not QueuedRenewal.objects.exists()
    assert RenewalOutlook.objects.filter(renewal=renewal).exists()


def test_a_foreign_currency_counts_at_the_newest_rate_of_the_day():
    for on, rate in [(in_days(-40), "1.10"), (in_days(-2), "1.20"), (in_days(2), "9.99")]:
        make(ExchangeRate, currency="GBP", on=on, rate=Decimal(rate))

    assert queued(renewal_due(in_days(30), arr=10_000, currency="GBP")).arr == 12_000


def test_a_currency_without_a_rate_is_unknown_not_zero():
    row = queued(renewal_due(in_days(30), currency="USD"))

    assert (row.arr, row.expected_loss, row.priority) == (None, None, 0)


def test_a_renewal_without_lines_has_unknown_arr():
    assert queued(renewal_due(in_days(30), arr=None)).arr is None


def test_the_renewal_owner_comes_before_the_owner():
    renewal = renewal_due(in_days(30))
    AssignmentFactory(customer=renewal.customer)
    renewal_owner = AssignmentRole.objects.get(key="renewal_owner")
    special = AssignmentFactory(customer=renewal.customer, role=renewal_owner)

    assert queued(renewal).owner == special.holder_user


def test_a_pools_renewals_are_those_of_its_lead():
    renewal = renewal_due(in_days(30))
    lead = PoolLeadFactory(pool=PoolFactory())
    AssignmentFactory(customer=renewal.customer, holder_user=None, holder_pool=lead.pool)

    assert queued(renewal).owner == lead.user


def test_a_renewal_without_owner_is_in_the_queue():
    assert queued(renewal_due(in_days(30))).owner is None


def test_a_row_counts_open_handoffs_and_knows_the_last_touch():
    renewal = renewal_due(in_days(30))
    HandoffFactory(customer=renewal.customer)
    for days in (9, 3):
        TouchFactory(customer=renewal.customer, occurred_at=NOW - timedelta(days=days))

    row = queued(renewal)

    assert (row.open_handoffs, row.last_touch_at) == (1, NOW - timedelta(days=3))


def test_a_persons_override_is_the_band_that_is_shown():
    renewal = renewal_due(in_days(30))
    make(
        HealthOverride,
        customer=renewal.customer,
        band=Band.RED,
        reason="They said so",
        by=UserFactory(),
        occurred_at=NOW - timedelta(days=1),
        recorded_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )

    row = queued(renewal)

    assert row.band == Band.RED
    assert row.renewal.outlook.basis.startswith("Starter rate for unknown")


def decide(renewal: Renewal, *, call=Call.ON_TRACK, at=NOW, **step):
    decision = decide_renewals(
        {renewal.pk: renewal.version}, call=call, by=UserFactory(), at=at, **step
    )[0]
    refresh_queue([renewal.customer_id], at=at)
    return decision


def test_a_decision_clears_the_row_at_once():
    renewal = renewal_due(in_days(30))

    decide(renewal)

    row = QueuedRenewal.objects.get()
    assert (row.clearing, row.state, row.decided_at) == (
        Clearing.DECIDED,
        RenewalState.COMMITTED,
        NOW,
    )


def test_undoing_a_decision_puts_the_row_back():
    renewal = renewal_due(in_days(30))
    decision = decide(renewal)

    undo_decision(decision, by=decision.by, at=NOW)
    refresh_queue([renewal.customer_id], at=NOW)

    row = QueuedRenewal.objects.get()
    assert (row.clearing, row.decided_at) == ("", None)


def test_a_row_comes_back_on_the_day_of_its_next_step():
    renewal = renewal_due(in_days(30))
    decide(renewal, call=Call.AT_RISK, next_step="Call", next_step_on=in_days(6))

    refresh_whole_queue(at=NOW + timedelta(days=6))

    assert QueuedRenewal.objects.get().clearing == ""


def test_a_row_comes_back_when_notice_arrives_after_the_decision():
    renewal = renewal_due(in_days(30))
    decide(renewal, at=NOW - timedelta(days=10))
    with_notice = renewal_due(
        in_days(20),
        customer=renewal.customer,
        contract={"notice_received_on": in_days(-1)},
        state=RenewalState.COMMITTED,
    )

    assert queued(with_notice).clearing == ""
    assert queued(renewal).clearing == Clearing.DECIDED


def test_a_snoozed_row_needs_nobody_until_its_day():
    renewal = renewal_due(in_days(60), snoozed_until=in_days(3))

    assert queued(renewal).clearing == Clearing.SNOOZED
    refresh_whole_queue(at=NOW + timedelta(days=3))
    assert QueuedRenewal.objects.get().clearing == ""


def test_a_closed_renewal_leaves_the_queue():
    renewal = renewal_due(in_days(30))
    refresh_whole_queue(at=NOW)
    change(renewal, state=RenewalState.WON, final_amount=1, closed_at=NOW)

    refresh_queue([renewal.customer_id], at=NOW)

    assert not QueuedRenewal.objects.exists()


def test_a_withdrawn_notice_takes_a_far_renewal_out_again():
    renewal = renewal_due(in_days(300), contract={"notice_received_on": in_days(-1)})
    refresh_whole_queue(at=NOW)
    assert QueuedRenewal.objects.exists()
    change(renewal.contracts.get(), notice_received_on=None)

    refresh_queue([renewal.customer_id], at=NOW)

    assert not QueuedRenewal.objects.exists()


def test_only_the_asked_customers_are_computed():
    first, second = renewal_due(in_days(30)), renewal_due(in_days(30))

    refresh_queue([first.customer_id], at=NOW)

    assert QueuedRenewal.objects.filter(renewal=first).exists()
    assert not QueuedRenewal.objects.filter(renewal=second).exists()


def test_nobody_asked_is_nothing_computed():
    renewal_due(in_days(30))

    assert refresh_queue([], at=NOW) == 0


def test_what_has_not_changed_is_not_written():
    renewal_due(in_days(30))
    refresh_whole_queue(at=NOW)

    assert refresh_whole_queue(at=NOW + timedelta(minutes=5)) == 0


def test_several_contracts_of_one_renewal_are_one_row():
    renewal = renewal_due(in_days(30), arr=10_000)
    other = renewal_due(in_days(35), arr=5_000, customer=renewal.customer).renewal_contracts.get()
    make(type(other), renewal=renewal, contract=other.contract)

    assert queued(renewal).arr == 15_000


def test_an_evergreen_contract_appears_with_its_notice():
    contract = {"kind": ContractKind.EVERGREEN, "notice_received_on": in_days(-1)}

    assert queued(renewal_due(in_days(30), contract=contract)).section == Section.NOTICE


def test_the_queue_takes_the_same_few_statements_whatever_its_size(django_assert_num_queries):
    renewal_due(in_days(30))
    refresh_whole_queue(at=NOW)
    ids = [renewal_due(in_days(days)).customer_id for days in range(20, 30)]

    with django_assert_num_queries(10):  # savepoint and setting twice, rates, company, four steps
        refresh_queue(ids, at=NOW)

    assert QueuedRenewal.objects.count() == 11


def test_an_empty_installation_has_defaults():
    assert our_organisation().currency == "EUR"
