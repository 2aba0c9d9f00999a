"""The customers of a file: matched with ours, taken on, completed, or proposed to be changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.types.range import TimestamptzRange

from accounts.actions.customer_file.plans import identity_of
from accounts.actions.discovery import bring_back
from accounts.models import (
    Customer,
    CustomerKind,
    CustomerProfile,
    Segment,
    Stage,
    TouchModel,
    sort_name_of,
)
from accounts.models.intervals import ended

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.actions.customer_file.plans import CustomerPlan, Plans
    from supportsuccess.imports.models import ImportBatch

AT_ONCE = 1000


def match_customers(plans: Plans) -> None:
    """Find which of our customers each plan speaks of; refuse those that could be several."""
    by_id = _by_external_id(plans)
    by_name = _by_name(plans)
    claimed = {customer.pk for customer in by_id.values()}
    for plan in list(plans.customers):
        plan.customer = by_id.get(identity_of(plan.terms))
        if plan.customer is None:
            same = by_name.get(sort_name_of(plan.terms.name), [])
            _match_by_name(plans, plan, same=[each for each in same if each.pk not in claimed])
        if plan.customer is not None:
            claimed.add(plan.customer.pk)


def resolve_parents(plans: Plans) -> None:
    """Refuse customers whose parent is neither in the file nor known under one name."""
    in_file = {plan.terms.name for plan in plans.customers}
    wanted = {plan.terms.parent for plan in plans.customers} - in_file - {""}
    known = set(Customer.objects.filter(name__in=wanted, retired_at=None).values_list("name"))
    for plan in list(plans.customers):
        parent = plan.terms.parent
        if parent == plan.terms.name:
            plans.refuse(plan, "parent", "a customer can't be its own parent")
        elif parent in wanted and (parent,) not in known:
            plans.refuse(plan, "parent", f"there is no customer named “{parent}”")


def take_on(plans: Iterable[CustomerPlan], *, batch: ImportBatch) -> list[CustomerPlan]:
    """Make the customers we don't have; those plans."""
    new = [plan for plan in plans if plan.customer is None]
    for plan in new:
        terms = plan.terms
        plan.customer = Customer(
            name=terms.name,
            sort_name=sort_name_of(terms.name),
            kind=terms.kind or CustomerKind.CUSTOMER,
            timezone=terms.timezone or "UTC",
            is_fictional=terms.is_fictional,
            source=terms.source if terms.external_id else "",
            external_id=terms.external_id,
            batch=batch,
        )
    Customer.objects.bulk_create([plan.ours for plan in new], batch_size=AT_ONCE)
    return new


def complete(discovered: list[CustomerPlan]) -> None:
    """Give customers that tickets had discovered the name and place the file says."""
    customers = []
    for plan in discovered:
        customer, terms = plan.ours, plan.terms
        customer.name = terms.name
        customer.sort_name = sort_name_of(terms.name)
        customer.kind = terms.kind or customer.kind
        customer.timezone = terms.timezone or customer.timezone
        customer.is_fictional = terms.is_fictional
        customer.version += 1
        customers.append(customer)
    fields = ["name", "sort_name", "kind", "timezone", "is_fictional", "version"]
    Customer.objects.bulk_update(customers, fields, batch_size=AT_ONCE)


def resolve_parent_ids(plans: Plans) -> None:
    """Note the parents' ids, now that all customers of the file have one."""
    ids = {plan.terms.name: plan.ours.pk for plan in plans.customers}
    wanted = {plan.terms.parent for plan in plans.customers} - ids.keys() - {""}
    known = Customer.objects.filter(name__in=wanted, retired_at=None).order_by("-pk")
    ids |= dict(known.values_list("name", "pk"))
    for plan in plans.customers:
        plan.parent_id = ids.get(plan.terms.parent)


def open_profiles(new: list[CustomerPlan], *, at: datetime) -> None:
    """Say what new customers are, from their first contract on."""
    CustomerProfile.objects.bulk_create(
        [_profile(plan, since=_since(plan, at=at)) for plan in new], batch_size=AT_ONCE
    )


def place_discovered(plans: list[CustomerPlan], *, at: datetime) -> None:
    """End the discovered profile where the first contract begins, and open the file's."""
    ids = [plan.ours.pk for plan in plans]
    current = {
        profile.customer_id: profile
        for profile in CustomerProfile.objects.current().filter(customer__in=ids)
    }
    opened = []
    for plan in plans:
        profile = current[plan.ours.pk]
        since = max(_since(plan, at=at), profile.during.lower + timedelta(microseconds=1))
        CustomerProfile.objects.filter(pk=profile.pk).update(during=ended(since))
        opened.append(_profile(plan, since=since))
    CustomerProfile.objects.bulk_create(opened, batch_size=AT_ONCE)


def profile_of(plan: CustomerPlan) -> dict[str, Any]:
    """What the file says of the customer's profile; None and empty say nothing."""
    terms = plan.terms
    return {
        "segment": terms.segment,
        "touch_model": terms.touch_model,
        "seats": terms.seats,
        "stage": terms.stage,
        "desired_outcome": terms.desired_outcome,
        "parent_id": plan.parent_id,
    }


def _profile(plan: CustomerPlan, *, since: datetime) -> CustomerProfile:
    usual = {"segment": Segment.UNKNOWN, "touch_model": TouchModel.POOLED, "stage": Stage.LIVE}
    if plan.terms.kind == CustomerKind.TRIAL:
        usual["stage"] = Stage.TRIAL
    said = {field: value for field, value in profile_of(plan).items() if value not in {"", None}}
    return CustomerProfile(customer=plan.ours, during=TimestamptzRange(since, None), **usual | said)


def _since(plan: CustomerPlan, *, at: datetime) -> datetime:
    starts = [contract.terms.starts_on for contract in plan.contracts.values()]
    return min([at, *(datetime.combine(start, time(), tzinfo=UTC) for start in starts)])


def _by_external_id(plans: Plans) -> dict[tuple[str, str], Customer]:
    wanted = {
        (plan.terms.source, plan.terms.external_id)
        for plan in plans.customers
        if plan.terms.external_id
    }
    found = Customer.objects.filter(
        source__in={source for source, _ in wanted}, external_id__in={each for _, each in wanted}
    )
    return {(each.source, each.external_id): each for each in found} if wanted else {}


def _by_name(plans: Plans) -> dict[str, list[Customer]]:
    names = {sort_name_of(plan.terms.name) for plan in plans.customers}
    found: dict[str, list[Customer]] = {}
    for customer in Customer.objects.filter(sort_name__in=names, retired_at=None):
        found.setdefault(customer.sort_name, []).append(customer)
    return found


def _match_by_name(plans: Plans, plan: CustomerPlan, *, same: list[Customer]) -> None:
    """One customer of that name is the one, unless this source calls it by another id."""
    terms = plan.terms
    possible = [
        each
        for each in same
        if not (terms.external_id and each.external_id and each.source == terms.source)
    ]
    if len(possible) == 1:
        plan.customer = possible[0]
    elif possible:
        reason = f"there are {len(possible)} customers of this name: give source and external_id"
        plans.refuse(plan, "customer", reason)


def bring_back_withdrawn(plans: Iterable[CustomerPlan], *, batch: ImportBatch) -> set[int]:
    """Undo the retirement of customers whose file was withdrawn; their ids."""
    return bring_back(Customer, [p.customer.pk for p in plans if p.customer], batch=batch)
