"""A customer file, recorded as one set: customers, their place, owners, contracts and ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from accounts.actions.customer_file import claims, contracts, customers
from accounts.actions.customer_file.plans import (
    Plans,
    Refusal,
    gather,
    products_named,
    resolve_people,
)
from accounts.actions.customers import mark_changed
from accounts.models import CustomerProfile, Source, Stage
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from accounts.actions.customer_file.plans import CustomerPlan
    from accounts.actions.customer_file.terms import CustomerRow
    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch


@dataclass
class Recorded:
    """What a customer file did, and the rows that could not be taken."""

    customers: Counter[str] = field(default_factory=Counter)
    contracts: Counter[str] = field(default_factory=Counter)
    proposals: int = 0
    # active customers for whom there is neither an owner nor an intake pool
    unplaced: int = 0
    refusals: list[Refusal] = field(default_factory=list)


@transaction.atomic
def record_customer_rows(
    rows: Iterable[tuple[int, CustomerRow]],
    *,
    broken: Collection[str] = (),
    source: str,
    batch: ImportBatch,
    by: User | audit.System,
    at: datetime,
) -> Recorded:
    """Take on, complete and place the customers a file names, with their contracts.

    It is not a transition: it passes no guard and tells nobody. What is owned elsewhere or here
    is not overwritten but proposed. `broken` are contracts of which a row was unusable.
    """
    with audit.group("import_customers", batch, by=by):
        told_by = _source(source)
        plans = gather(rows, broken=broken)
        resolve_people(plans)
        customers.match_customers(plans)
        customers.resolve_parents(plans)
        contracts.match_contracts(plans, source=told_by)
        return _record(plans, source=told_by, batch=batch, by=by, at=at)


def _source(key: str) -> Source:
    """The system a file was taken from; one file of it at a time."""
    Source.objects.get_or_create(key=key, defaults={"name": key.replace("-", " ").capitalize()})
    Source.objects.filter(key=key).update(last_received_at=Now())
    return Source.objects.get(key=key)


def _record(
    plans: Plans,
    *,
    source: Source,
    batch: ImportBatch,
    by: User | audit.System,
    at: datetime,
) -> Recorded:
    back = customers.bring_back_withdrawn(plans.customers, batch=batch)
    new = customers.take_on(plans.customers, batch=batch)
    customers.resolve_parent_ids(plans)
    customers.open_profiles(new, at=at)
    discovered, known = _split(plans, new=new)
    customers.complete(discovered)
    customers.place_discovered(discovered, at=at)
    weighed = claims.Claims(source)
    changed = claims.compare(known, claims=weighed, at=at)
    changed |= {plan.ours.pk for plan in discovered}
    placed, unplaced = claims.place(plans.customers, claims=weighed, by=by, at=at)
    counts, with_contracts = contracts.record_contracts(
        plans, products=products_named(plans), source=source, batch=batch, at=at
    )
    made = {plan.ours.pk for plan in new}
    touched = made | back | changed | placed | with_contracts
    mark_changed(touched)
    return Recorded(
        customers=Counter(
            created=len(made | back),
            updated=len(touched - made - back),
            unchanged=len(plans.customers) - len(touched),
        ),
        contracts=counts,
        proposals=weighed.write_proposals(),
        unplaced=unplaced,
        refusals=plans.refusals,
    )


def _split(
    plans: Plans, *, new: list[CustomerPlan]
) -> tuple[list[CustomerPlan], list[CustomerPlan]]:
    """Of the customers we had: those that tickets discovered, and the others."""
    made = {id(plan) for plan in new}
    known = [plan for plan in plans.customers if id(plan) not in made]
    stages = dict(
        CustomerProfile.objects.current()
        .filter(customer__in=[plan.ours.pk for plan in known])
        .values_list("customer", "stage")
    )
    found = {id(plan): stages.get(plan.ours.pk) for plan in known}
    discovered = [plan for plan in known if found[id(plan)] == Stage.DISCOVERED]
    return discovered, [plan for plan in known if found[id(plan)] != Stage.DISCOVERED]
