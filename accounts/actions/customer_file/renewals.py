"""The renewals at which a file's contracts are decided."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from accounts.models import (
    OPEN_RENEWAL_STATES,
    Contract,
    CustomerProfile,
    Renewal,
    RenewalContract,
    RenewalState,
    Segment,
)
from accounts.queries.decision_points import NoRenewal, Terms, decision_point

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

AT_ONCE = 1000


class Days(NamedTuple):
    """When a contract ends, and by when its customer has decided."""

    due_on: date
    decided_on: date


class Book:
    """The open renewals of some customers, by contract and by day."""

    def __init__(self, contracts: list[Contract]) -> None:
        customers = {contract.customer_id for contract in contracts}
        found = Renewal.objects.open().filter(customer__in=customers)
        self.by_day = {
            (each.customer_id, each.due_on): each for each in found.select_for_update(no_key=True)
        }
        by_id = {renewal.pk: renewal for renewal in self.by_day.values()}
        places = RenewalContract.objects.filter(renewal__in=by_id).values_list(
            "contract", "renewal"
        )
        self.by_contract = {contract: by_id[renewal] for contract, renewal in places}
        self._sizes = Counter(renewal for _, renewal in places)
        self.added: list[tuple[Renewal, Contract]] = []
        self.touched: dict[int, Renewal] = {}

    def alone(self, contract: Contract) -> Renewal | None:
        """The renewal that decides this contract and no other."""
        renewal = self.by_contract.get(contract.pk)
        return renewal if renewal and self._sizes[renewal.pk] == 1 else None

    def put(self, contract: Contract, *, due_on: date, decided_on: date) -> None:
        """Decide a contract on its day; one folded together with others stays where it is."""
        key = contract.customer_id, due_on
        renewal = self.alone(contract)
        if renewal is not None and (renewal.due_on == due_on or key not in self.by_day):
            self.by_day[key] = renewal
            renewal.due_on, renewal.decision_point_on = due_on, decided_on
            self.touched[renewal.pk] = renewal
        elif contract.pk not in self.by_contract:
            self._add(contract, due_on=due_on, decided_on=decided_on)

    def _add(self, contract: Contract, *, due_on: date, decided_on: date) -> None:
        renewal = self.by_day.setdefault(
            (contract.customer_id, due_on),
            Renewal(
                customer_id=contract.customer_id,
                due_on=due_on,
                decision_point_on=decided_on,
                currency=contract.currency,
            ),
        )
        renewal.decision_point_on = min(renewal.decision_point_on, decided_on)
        self.added.append((renewal, contract))
        if renewal.pk is not None:
            self.touched[renewal.pk] = renewal

    def close(self, contract: Contract, *, at: datetime) -> None:
        """A contract that no longer ends on a day needs no decision."""
        renewal = self.alone(contract)
        if renewal is not None:
            renewal.state, renewal.closed_at = RenewalState.SUPERSEDED, at
            self.touched[renewal.pk] = renewal

    def save(self) -> None:
        for renewal in self.touched.values():
            renewal.version += 1
        fields = ["due_on", "decision_point_on", "state", "closed_at", "version"]
        Renewal.objects.bulk_update(self.touched.values(), fields, batch_size=AT_ONCE)
        new = {id(renewal): renewal for renewal, _ in self.added if renewal.pk is None}
        Renewal.objects.bulk_create(new.values(), batch_size=AT_ONCE)
        RenewalContract.objects.bulk_create(
            [
                RenewalContract(renewal=renewal, contract=contract)
                for renewal, contract in self.added
            ],
            batch_size=AT_ONCE,
        )


def schedule(contracts: Iterable[Contract], *, at: datetime, day: date) -> None:
    """Put each contract that is decided on a day under its customer's renewal of that day."""
    contracts = list(contracts)
    book = Book(contracts)
    segments = _segments(contracts)
    went_on = _went_on(contracts, day=day)
    for contract in contracts:
        if contract.pk in went_on:
            continue
        if days := _days(contract, segment=segments[contract.customer_id]):
            book.put(contract, due_on=days.due_on, decided_on=days.decided_on)
        else:
            book.close(contract, at=at)
    book.save()


def _days(contract: Contract, *, segment: str) -> Days | None:
    """When it ends and is decided; None where nothing is decided on a day."""
    if contract.ends_on is None:
        return None
    try:
        point = decision_point(_terms(contract), segment=segment)
    except NoRenewal:
        return None
    return Days(contract.ends_on, min(point.on, contract.ends_on))


def _terms(contract: Contract) -> Terms:
    return Terms(
        kind=contract.kind,
        ends_on=contract.ends_on,
        auto_renew=contract.auto_renew,
        notice_days=contract.notice_days,
        notice_received_on=contract.notice_received_on,
    )


def _segments(contracts: list[Contract]) -> dict[int, str]:
    ids = {contract.customer_id for contract in contracts}
    current = CustomerProfile.objects.current().filter(customer__in=ids)
    return dict.fromkeys(ids, Segment.UNKNOWN.value) | dict(
        current.values_list("customer", "segment")
    )


def _went_on(contracts: list[Contract], *, day: date) -> set[int]:
    """Contracts that ended before today while another of the customer's is in force."""
    over = [each for each in contracts if each.ends_on is not None and each.ends_on < day]
    in_force = Contract.objects.in_force(day).filter(customer__in={e.customer_id for e in over})
    goes_on = set(in_force.values_list("customer", flat=True))
    return {each.pk for each in over if each.customer_id in goes_on}


def open_renewals_of(contracts: list[int]) -> list[Renewal]:
    """Open renewals that decide nothing but these contracts."""
    among = RenewalContract.objects.filter(
        contract__in=contracts, renewal__state__in=OPEN_RENEWAL_STATES
    )
    others = RenewalContract.objects.exclude(contract__in=contracts).values("renewal")
    ids = among.exclude(renewal__in=others).values("renewal")
    return list(Renewal.objects.filter(pk__in=ids).select_for_update(no_key=True))
