from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import ExchangeRate
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from accounts.models import User


@transaction.atomic
def set_exchange_rates(rates: Mapping[str, Decimal], *, on: date, by: User | audit.System) -> None:
    """Say what one unit of each currency is worth from a day on. Raises Refused below zero."""
    with audit.group("set_exchange_rates", by=by):
        for currency, rate in rates.items():
            if rate <= 0:
                raise Refused(f"The rate of {currency} must be above zero.", field=currency)
            ExchangeRate.objects.update_or_create(currency=currency, on=on, defaults={"rate": rate})
