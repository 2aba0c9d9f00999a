"""What a file says differently of customers we have: written where its source owns the field.

Everything else is a proposed change: what is owned here, or by another source, is not overwritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.types.range import TimestamptzRange

from accounts.actions.assignments import assign_customers
from accounts.actions.customer_file.customers import profile_of
from accounts.models import (
    ACTIVE_STAGES,
    Assignment,
    Cause,
    Customer,
    CustomerProfile,
    FieldAuthority,
    Pool,
    ProposalState,
    ProposedChange,
    Segment,
    Stage,
    User,
    sort_name_of,
)
from accounts.models.intervals import ended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from accounts.actions.customer_file.plans import CustomerPlan
    from accounts.models import Source
    from supportsuccess import audit

EMPTY = {"", None, Segment.UNKNOWN}
PROFILE = ("seats", "segment", "touch_model", "stage", "desired_outcome", "outcome_status")


class Claims:
    """What one source says of fields, weighed against who owns them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.owners = dict(
            FieldAuthority.objects.filter(model="customer").values_list("field", "source")
        )
        self._proposed: dict[tuple[int, str], str] = {}

    def accepts(self, field: str, *, now: Any) -> bool:
        """Whether this source may write a field that says `now`."""
        owner = self.owners.get(field)
        return owner == self.source.pk if owner is not None else now in EMPTY

    def propose(self, customer_id: int, field: str, value: Any) -> None:
        self._proposed[customer_id, field] = str(value)[:300]

    def write_proposals(self) -> int:
        """Keep the differences for somebody to decide; how many are new or say something new."""
        ids = {customer_id for customer_id, _ in self._proposed}
        found = ProposedChange.objects.filter(customer__in=ids, state=ProposalState.OPEN)
        open_now = {(each.customer_id, each.field): each for each in found}
        fresh = []
        changed = []
        for (customer_id, field), value in self._proposed.items():
            before = open_now.get((customer_id, field))
            if before is None:
                fresh.append(
                    ProposedChange(
                        customer_id=customer_id,
                        field=field,
                        value=value,
                        claimed_by_source=self.source,
                    )
                )
            elif before.claimed_by_source_id == self.source.pk and before.value != value:
                before.value, before.version = value, before.version + 1
                changed.append(before)
        ProposedChange.objects.bulk_create(fresh)
        ProposedChange.objects.bulk_update(changed, ["value", "version"])
        return len(fresh) + len(changed)


def compare(known: list[CustomerPlan], *, claims: Claims, at: datetime) -> set[int]:
    """Write or propose what the file says differently of customers; the ids of those written."""
    ids = [plan.ours.pk for plan in known]
    profiles = {
        profile.customer_id: profile
        for profile in CustomerProfile.objects.current().filter(customer__in=ids)
    }
    renamed = _compare_customers(known, claims=claims)
    moved = {
        plan.ours.pk: changes
        for plan in known
        if plan.ours.pk in profiles
        and (changes := _profile_changes(plan, profiles[plan.ours.pk], claims=claims))
    }
    _change_profiles({profiles[pk]: changes for pk, changes in moved.items()}, at=at)
    return renamed | moved.keys()


def place(
    plans: Iterable[CustomerPlan], *, claims: Claims, by: User | audit.System, at: datetime
) -> tuple[set[int], int]:
    """Give customers the owner the file names, where they have none: customers placed.

    Active ones for whom it names nobody go to their segment's intake pool; the second number
    counts those that found none.
    """
    named = {plan.ours.pk: plan.owner for plan in plans}
    held = {
        assignment.customer_id: assignment.holder_user or assignment.holder_pool
        for assignment in Assignment.objects.current()
        .in_role("owner")
        .filter(customer__in=named)
        .select_related("holder_user", "holder_pool")
    }
    for pk, owner in named.items():
        if owner is not None and pk in held and held[pk] != owner:
            claims.propose(pk, "owner", owner.email if isinstance(owner, User) else owner.name)
    free = {pk: owner for pk, owner in named.items() if pk not in held}
    given = {pk: owner for pk, owner in free.items() if owner is not None}
    _assign(given, cause=Cause.IMPORT, by=by, at=at)
    intake = _intake_pools([pk for pk, owner in free.items() if owner is None])
    found = {pk: pool for pk, pool in intake.items() if pool is not None}
    _assign(found, cause=Cause.INTAKE, by=by, at=at)
    return given.keys() | found.keys(), len(intake) - len(found)


def _compare_customers(known: list[CustomerPlan], *, claims: Claims) -> set[int]:
    changed = []
    for plan in known:
        customer, terms = plan.ours, plan.terms
        said = {"name": terms.name, "kind": terms.kind, "timezone": terms.timezone}
        changes = _accepted(customer.pk, said, now=customer, claims=claims)
        if changes:
            for field, value in changes.items():
                setattr(customer, field, value)
            customer.sort_name = sort_name_of(customer.name)
            customer.version += 1
            changed.append(customer)
    Customer.objects.bulk_update(changed, ["name", "sort_name", "kind", "timezone", "version"])
    return {customer.pk for customer in changed}


def _profile_changes(
    plan: CustomerPlan, profile: CustomerProfile, *, claims: Claims
) -> dict[str, Any]:
    return _accepted(profile.customer_id, profile_of(plan), now=profile, claims=claims)


def _accepted(
    customer_id: int,
    said: dict[str, Any],
    *,
    now: Customer | CustomerProfile,
    claims: Claims,
) -> dict[str, Any]:
    """Of the differences those that may be written; the others are proposed."""
    accepted = {}
    for field, value in said.items():
        current = getattr(now, field)
        if value in {"", None} or value == current:
            continue
        if claims.accepts(field.removesuffix("_id"), now=current):
            accepted[field] = value
        else:
            claims.propose(customer_id, field.removesuffix("_id"), value)
    return accepted


def _change_profiles(changes: dict[CustomerProfile, dict[str, Any]], *, at: datetime) -> None:
    CustomerProfile.objects.filter(pk__in=[each.pk for each in changes]).update(during=ended(at))
    CustomerProfile.objects.bulk_create(
        CustomerProfile(
            customer_id=profile.customer_id,
            during=TimestamptzRange(at, None),
            **{field: getattr(profile, field) for field in PROFILE}
            | {"parent_id": profile.parent_id}
            | changed,
        )
        for profile, changed in changes.items()
    )


def _assign(
    holders: Mapping[int, User | Pool], *, cause: Cause, by: User | audit.System, at: datetime
) -> None:
    by_holder: dict[User | Pool, list[int]] = {}
    for pk, holder in holders.items():
        by_holder.setdefault(holder, []).append(pk)
    for holder, ids in by_holder.items():
        assign_customers(ids, role="owner", to=holder, cause=cause, by=by, at=at)


def _intake_pools(ids: list[int]) -> dict[int, Pool | None]:
    """The intake pool of each active customer's segment, else that of no segment in particular."""
    pools = {pool.segment: pool for pool in Pool.objects.filter(is_intake=True)}
    usual = pools.get(Segment.UNKNOWN) or pools.get("")
    active = CustomerProfile.objects.current().filter(
        customer__in=ids, stage__in=[*ACTIVE_STAGES, Stage.TRIAL]
    )
    return {
        pk: pools.get(segment, usual) for pk, segment in active.values_list("customer", "segment")
    }
