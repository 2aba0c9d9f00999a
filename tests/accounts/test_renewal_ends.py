from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.actions.renewal_ends import lose_renewal, win_renewal
from accounts.models import ArrMovement, CustomerChange, LossReason, RenewalState, Role
from supportsuccess.errors import Refused
from tests.factories.contracts import RenewalContractFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def csm():
    return UserFactory(role=Role.CSM)


@pytest.fixture
def renewal():
    return RenewalContractFactory().renewal


def test_win_renewal_keeps_the_amount(renewal, csm):
    win_renewal(renewal, version=1, amount=Decimal(9000), by=csm, at=NOW)

    renewal.refresh_from_db()
    assert (renewal.state, renewal.final_amount) == (RenewalState.WON, Decimal(9000))
    assert CustomerChange.objects.filter(customer=renewal.customer_id).exists()


def test_lose_renewal_churns_its_lines(renewal, csm):
    lose_renewal(renewal, version=1, reason=LossReason.PRICE, by=csm, at=NOW)

    movement = ArrMovement.objects.get()
    assert (movement.amount, movement.effective_on) == (Decimal(-12000), renewal.due_on)


def test_lose_renewal_knows_who_could_not_pay(renewal, csm):
    lose_renewal(renewal, version=1, reason=LossReason.INSOLVENCY, by=csm, at=NOW)

    assert ArrMovement.objects.get().reason_class == "involuntary"


def test_a_renewal_ends_once(renewal, csm):
    win_renewal(renewal, version=1, amount=Decimal(1), by=csm, at=NOW)

    with pytest.raises(Refused, match="won already"):
        lose_renewal(renewal, version=2, reason=LossReason.PRICE, by=csm, at=NOW)


def test_an_end_refuses_a_renewal_that_changed(renewal, csm):
    with pytest.raises(Refused, match="meanwhile"):
        win_renewal(renewal, version=7, amount=Decimal(1), by=csm, at=NOW)


def test_win_renewal_refuses_a_negative_amount(renewal, csm):
    with pytest.raises(Refused) as refusal:
        win_renewal(renewal, version=1, amount=Decimal(-1), by=csm, at=NOW)

    assert refusal.value.field == "amount"
