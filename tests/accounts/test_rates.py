from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions.rates import set_exchange_rates
from accounts.models import ExchangeRate
from supportsuccess.errors import Refused
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def test_set_exchange_rates_replaces_a_day():
    admin = UserFactory(role="admin")

    set_exchange_rates({"USD": Decimal("0.90")}, on=DAY, by=admin)
    set_exchange_rates({"USD": Decimal("0.92"), "GBP": Decimal("1.16")}, on=DAY, by=admin)

    assert dict(ExchangeRate.objects.values_list("currency", "rate")) == {
        "USD": Decimal("0.92"),
        "GBP": Decimal("1.16"),
    }


def test_set_exchange_rates_refuses_nothing_worth():
    with pytest.raises(Refused) as refusal:
        set_exchange_rates({"USD": Decimal(0)}, on=DAY, by=UserFactory())

    assert refusal.value.field == "USD"


def test_set_exchange_rates_command_reads_codes_and_rates():
    call_command("set_exchange_rates", "USD=0.91", "--on", "2026-01-01", stdout=StringIO())

    assert ExchangeRate.objects.get().rate == Decimal("0.91")


@pytest.mark.parametrize("pair", ["USD", "USD=x", "usd=1", "USD=NaN", "USD=-1"])
def test_set_exchange_rates_command_refuses_what_is_no_rate(pair):
    with pytest.raises(CommandError, match=r"USD|usd"):
        call_command("set_exchange_rates", pair)
