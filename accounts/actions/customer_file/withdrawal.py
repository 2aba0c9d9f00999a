"""Undoing the import of a customer file: its ledger rows are skipped already, the rest retires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from psycopg.types.range import TimestamptzRange

from accounts.actions.customer_file.renewals import open_renewals_of
from accounts.actions.customers import mark_changed
from accounts.models import (
    Assignment,
    Cause,
    Contract,
    Customer,
    CustomerProfile,
    Renewal,
    RenewalState,
    Stage,
)
from accounts.models.intervals import ended
from supportsuccess import audit
from supportsuccess.audit.triggers import Unaudited

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch

# what the file itself wrote of a customer; everything else is somebody's work with them
WRITTEN_HERE = frozenset({"profiles", "contracts", "renewals", "movements", "assignments"})
BY_FILE = (Cause.IMPORT, Cause.INTAKE)


@transaction.atomic
def retire_customer_file(batch: ImportBatch, *, by: User | audit.System, at: datetime) -> int:
    """Retire a withdrawn file's contracts and those of its customers nobody works with.

    Their renewals are superseded, their owners let go. Customers that tickets had discovered
    before go back to discovered. How many customers that touched.
    """
    with audit.group("undo_import", batch, by=by):
        contracts = Contract.objects.filter(batch=batch, retired_at=None)
        ids = list(contracts.values_list("pk", flat=True))
        customers = set(contracts.values_list("customer", flat=True))
        contracts.update(retired_at=at, version=F("version") + 1)
        _supersede(open_renewals_of(ids), at=at)
        unused = _unused(batch)
        _let_go(unused, at=at)
        Customer.objects.filter(pk__in=unused).update(retired_at=at, version=F("version") + 1)
        _discover_again(customers - set(unused), at=at)
        mark_changed(customers | set(unused))
    return len(customers | set(unused))


def _supersede(renewals: list[Renewal], *, at: datetime) -> None:
    for renewal in renewals:
        renewal.state, renewal.closed_at = RenewalState.SUPERSEDED, at
        renewal.version += 1
    Renewal.objects.bulk_update(renewals, ["state", "closed_at", "version"])


def _unused(batch: ImportBatch) -> list[int]:
    """Customers of the file whom no contract is left of, and to whom no recorded row points.

    The relations are asked of the model: the apps above add theirs without being named here.
    """
    customers = Customer.objects.filter(batch=batch, retired_at=None)
    live = Contract.objects.filter(customer=OuterRef("pk"), retired_at=None)
    used = Q(Exists(live))
    for relation in Customer._meta.related_objects:
        if _is_somebodys_work(relation.related_model) and relation.name not in WRITTEN_HERE:
            rows: QuerySet[Model] = QuerySet(relation.related_model).filter(
                **{relation.field.name: OuterRef("pk")}
            )
            used |= Q(Exists(rows))
    return list(customers.exclude(used).values_list("pk", flat=True))


def _is_somebodys_work(model: type[Model]) -> bool:
    return not isinstance(getattr(model._meta, "triggers", None), Unaudited)


def _let_go(customers: Iterable[int], *, at: datetime) -> None:
    """End what the file made somebody answer for."""
    current = Assignment.objects.current().filter(customer__in=list(customers), cause__in=BY_FILE)
    current.filter(during__startswith__lt=at).update(during=ended(at))


def _discover_again(customers: Iterable[int], *, at: datetime) -> None:
    """Put customers back to discovered whom only tickets tell of now."""
    same = CustomerProfile.objects.filter(customer=OuterRef("customer"))
    live = Contract.objects.filter(customer=OuterRef("customer"), retired_at=None)
    current = CustomerProfile.objects.current().filter(
        Exists(same.filter(stage=Stage.DISCOVERED)), ~Exists(live), customer__in=list(customers)
    )
    ids = list(current.values_list("customer", flat=True))
    current.update(during=ended(at))
    CustomerProfile.objects.bulk_create(
        CustomerProfile(customer_id=pk, during=TimestamptzRange(at, None), stage=Stage.DISCOVERED)
        for pk in ids
    )
    _let_go(ids, at=at)
