from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from decimal import Decimal


class VerifiedAt(models.TextChoices):
    """When what is known of the customer is looked at."""

    THIRTY_DAYS = "thirty_days", "30 days after"
    RENEWAL = "renewal", "At the renewal"


class Verified(models.TextChoices):
    """What the facts say became of a customer's money."""

    EXPANDED = "expanded", "Expanded"
    RENEWED = "renewed", "Renewed"
    RETAINED = "retained", "Retained"
    CONTRACTED = "contracted", "Contracted"
    CHURNED = "churned", "Churned"
    UNKNOWN = "unknown", "Unknown"


class VerifiedOutcomeQuerySet(ScopedQuerySet["VerifiedOutcome"]):
    view_permission = "tickets.view_handoff"
    customer_path = "handoff__customer"

    def newest_first(self) -> Self:
        return self.order_by("-verified_at", "-pk")


class VerifiedOutcome(models.Model):
    """What the facts said of a completed handoff at one moment, beside what its receiver said."""

    handoff = models.ForeignKey(
        "Handoff", on_delete=models.CASCADE, related_name="verified_outcomes"
    )
    # which completion: a handoff can be reopened
    completed_at = models.DateTimeField()
    moment = models.CharField(max_length=20, choices=VerifiedAt)
    verified_at = models.DateTimeField()
    verified = models.CharField(max_length=20, choices=Verified)
    arr_before = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    arr_after = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VerifiedOutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "completed_at", "moment"], name="verifiedoutcome_once"
            ),
            models.CheckConstraint(
                condition=Q(moment__in=VerifiedAt.values), name="verifiedoutcome_moment_known"
            ),
            models.CheckConstraint(
                condition=Q(verified__in=Verified.values), name="verifiedoutcome_verified_known"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.verified} {self.moment}"

    @property
    def arr_retained(self) -> Decimal | None:
        """What of the revenue at acceptance was still there."""
        if self.arr_before is None or self.arr_after is None:
            return None
        return min(self.arr_before, self.arr_after)
