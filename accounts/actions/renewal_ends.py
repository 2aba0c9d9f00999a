from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum

from accounts.actions.customers import mark_changed
from accounts.models import (
    OPEN_RENEWAL_STATES,
    ArrMovement,
    Contract,
    ContractLine,
    LossReason,
    MovementKind,
    ReasonClass,
    Renewal,
    RenewalState,
)
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from accounts.models import User

NO_LONGER_PAYING = ReasonClass.INVOLUNTARY


@transaction.atomic
def win_renewal(
    renewal: Renewal, *, version: int, amount: Decimal, by: User | audit.System, at: datetime
) -> None:
    """Close a renewal as won for this yearly amount. Raises Refused when it is not as it was."""
    with audit.group("win_renewal", renewal, by=by):
        if amount < 0:
            raise Refused("The amount can't be negative.", field="amount")
        _close(renewal, version=version, at=at, state=RenewalState.WON, final_amount=amount)


@transaction.atomic
def lose_renewal(
    renewal: Renewal, *, version: int, reason: LossReason, by: User | audit.System, at: datetime
) -> None:
    """Close a renewal as lost: its contracts' revenue churns. Raises Refused as `win_renewal`."""
    with audit.group("lose_renewal", renewal, by=by, reason=reason):
        _close(renewal, version=version, at=at, state=RenewalState.LOST, loss_reason=reason)
        lost = ContractLine.objects.filter(contract__in=_contracts_of(renewal))
        for currency, arr in lost.values_list("contract__currency").annotate(arr=Sum("arr")):
            if arr:
                _churn(renewal, amount=-arr, currency=currency, reason=reason, at=at)


def _close(renewal: Renewal, *, version: int, at: datetime, **outcome: object) -> None:
    locked = Renewal.objects.select_for_update(no_key=True).get(pk=renewal.pk)
    if locked.state not in OPEN_RENEWAL_STATES:
        raise Refused(f"This renewal is {locked.get_state_display().lower()} already.")
    if locked.version != version:
        raise Refused("Somebody changed this renewal meanwhile. Look again.")
    Renewal.objects.filter(pk=renewal.pk).update(
        closed_at=at, snoozed_until=None, version=F("version") + 1, **outcome
    )
    mark_changed([locked.customer_id])


def _contracts_of(renewal: Renewal) -> list[int]:
    contracts = Contract.objects.filter(contract_renewals__renewal=renewal)
    return list(contracts.values_list("pk", flat=True))


def _churn(
    renewal: Renewal, *, amount: Decimal, currency: str, reason: LossReason, at: datetime
) -> None:
    is_voluntary = reason != LossReason.INSOLVENCY
    ArrMovement.objects.create(
        customer_id=renewal.customer_id,
        booked_on=at.date(),
        effective_on=max(at.date(), renewal.due_on),
        kind=MovementKind.CHURN,
        amount=amount,
        currency=currency,
        reason=reason.label,
        reason_class=ReasonClass.VOLUNTARY if is_voluntary else NO_LONGER_PAYING,
    )
