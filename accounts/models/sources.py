from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.customers import ScopedQuerySet
from supportsuccess import audit


class Source(models.Model):
    """A system outside that facts come from, and whether its own time stamps can be trusted."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    # its stamps say when the company knew: what it stores is an event log
    is_event_log = models.BooleanField(default=False)
    # whole weeks by which its times were moved at loading; pages that show them say so
    shifted_weeks = models.IntegerField(default=0)
    last_received_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class FieldAuthority(models.Model):
    """Which source owns a field: elsewhere it is read-only and shows source and age."""

    model = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    source = models.ForeignKey("Source", on_delete=models.PROTECT, related_name="owned_fields")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "field"], name="fieldauthority_one_owner"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.model}.{self.field} from {self.source}"


class ProposalState(models.TextChoices):
    OPEN = "open", "Open"
    APPLIED = "applied", "Applied at the source"
    REJECTED = "rejected", "Rejected"


class ProposedChangeQuerySet(ScopedQuerySet["ProposedChange"]):
    view_permission = "accounts.view_customer"


class ProposedChange(models.Model):
    """A value that somebody here, or another source, holds against the owning source's."""

    customer = models.ForeignKey(
        "Customer", on_delete=models.CASCADE, related_name="proposed_changes"
    )
    field = models.CharField(max_length=60)
    value = models.CharField(max_length=300)
    claimed_by_source = models.ForeignKey(
        "Source", on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_changes"
    )
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.OPEN)
    proposed_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, claimed_by_source__isnull=False)
                | Q(by__isnull=False, claimed_by_source=None),
                name="proposedchange_from_person_or_source",
            ),
            models.UniqueConstraint(
                fields=["customer", "field"],
                condition=Q(state=ProposalState.OPEN),
                name="proposedchange_one_open_per_field",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.field} of {self.customer}"
