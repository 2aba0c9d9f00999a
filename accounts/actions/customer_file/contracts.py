"""The contracts of a file: what they say, and what that changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from accounts.actions.customer_file.lines import write_lines
from accounts.actions.customer_file.renewals import schedule
from accounts.actions.customer_file.terms import CONTRACT_FIELDS
from accounts.actions.discovery import bring_back
from accounts.models import Contract
from accounts.queries.organisation import our_organisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.actions.customer_file.plans import ContractPlan, CustomerPlan, Plans
    from accounts.models import Product, Source
    from supportsuccess.imports.models import ImportBatch

AT_ONCE = 1000
type Pairs = list[tuple[CustomerPlan, ContractPlan]]


def match_contracts(plans: Plans, *, source: Source) -> None:
    """Find our contracts by the source's id; refuse those that another customer has."""
    keys = [contract.terms.external_id for _, contract in plans.contracts]
    found = Contract.objects.filter(source=source.key, external_id__in=keys)
    known = {each.external_id: each for each in found}
    taken: dict[str, CustomerPlan] = {}
    for plan, each in plans.contracts:
        key = each.terms.external_id
        each.contract = known.get(key)
        if each.contract and (not plan.customer or plan.customer.pk != each.contract.customer_id):
            plans.refuse_contract(plan, each, "is a contract of another customer")
        elif taken.setdefault(key, plan) is not plan:
            plans.refuse_contract(plan, each, "stands under another customer in this file too")


def record_contracts(
    plans: Plans,
    *,
    products: Mapping[str, Product],
    source: Source,
    batch: ImportBatch,
    at: datetime,
) -> tuple[Counter[str], set[int]]:
    """Write what the file says of contracts: counts, and the customers for whom that changed."""
    pairs = plans.contracts
    day = our_organisation().day_of(at)
    known = [each.contract.pk for _, each in pairs if each.contract]
    back = bring_back(Contract, known, batch=batch)
    for _, each in pairs:
        if each.contract and each.contract.pk in back:
            each.contract.batch, each.contract.retired_at = batch, None
    new = _sign(pairs, source=source, batch=batch)
    changed = _change(pairs, new=new)
    moved = write_lines(pairs, products=products, back=back, batch=batch, day=day)
    touched = new | back | changed | moved
    decided = new | back | changed
    schedule([each.ours for _, each in pairs if each.ours.pk in decided], at=at, day=day)
    counts = Counter(
        created=len(new | back),
        updated=len(touched - new - back),
        unchanged=len(pairs) - len(touched),
    )
    customers = {plan.ours.pk for plan, each in pairs if each.ours.pk in touched}
    return counts, customers


def _sign(pairs: Pairs, *, source: Source, batch: ImportBatch) -> set[int]:
    fresh = [(plan, each) for plan, each in pairs if each.contract is None]
    for plan, each in fresh:
        terms = {field: getattr(each.terms, field) for field in CONTRACT_FIELDS}
        each.contract = Contract(
            customer=plan.customer,
            source=source.key,
            external_id=each.terms.external_id,
            batch=batch,
            **terms,
        )
    made = Contract.objects.bulk_create([each.ours for _, each in fresh], batch_size=AT_ONCE)
    return {contract.pk for contract in made}


def _change(pairs: Pairs, *, new: set[int]) -> set[int]:
    changed = []
    for _, each in pairs:
        contract = each.ours
        said = {field: getattr(each.terms, field) for field in CONTRACT_FIELDS}
        now = {field: getattr(contract, field) for field in CONTRACT_FIELDS}
        if contract.pk not in new and said != now:
            for field, value in said.items():
                setattr(contract, field, value)
            contract.version += 1
            changed.append(contract)
    Contract.objects.bulk_update(changed, [*CONTRACT_FIELDS, "version"], batch_size=AT_ONCE)
    return {contract.pk for contract in changed}
