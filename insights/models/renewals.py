from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Band, ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class RenewalOutlookQuerySet(ScopedQuerySet["RenewalOutlook"]):
    view_permission = "accounts.view_renewal"
    customer_path = "renewal__customer"


class RenewalOutlook(models.Model):
    """What the machine expects of a renewal: how likely it is lost, and the money that would be."""

    renewal = models.OneToOneField(
        "accounts.Renewal", on_delete=models.CASCADE, primary_key=True, related_name="outlook"
    )
    p_lost = models.DecimalField(max_digits=7, decimal_places=6)
    p_contracted = models.DecimalField(max_digits=7, decimal_places=6)
    mean_contraction = models.DecimalField(max_digits=7, decimal_places=6)
    # in the company's currency
    renewable_arr = models.DecimalField(max_digits=14, decimal_places=2)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2)
    # which rates it came from, in words
    basis = models.CharField(max_length=200)
    computed_at = models.DateTimeField(db_default=Now())

    objects = RenewalOutlookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(p_lost__range=(0, 1), p_contracted__range=(0, 1))
                & Q(p_lost__lte=1 - F("p_contracted")),
                name="renewaloutlook_shares_add_up",
            ),
            models.CheckConstraint(
                condition=Q(expected_loss__gte=0, expected_loss__lte=F("renewable_arr")),
                name="renewaloutlook_loss_within_arr",
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.renewal_id}: {self.expected_loss}"


class QueuedRenewalQuerySet(ScopedQuerySet["QueuedRenewal"]):
    view_permission = "accounts.view_renewal"

    def by_priority(self) -> Self:
        return self.order_by("-priority", "-renewal_id")

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def awake(self, day: date) -> Self:
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=day))


class QueuedRenewal(models.Model):
    """A renewal in the queue, with everything its row shows, computed for the list's order."""

    renewal = models.OneToOneField(
        "accounts.Renewal", on_delete=models.CASCADE, primary_key=True, related_name="queued"
    )
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.CASCADE, related_name="queued_renewals"
    )
    owner = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="queued_renewals",
    )
    segment = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    due_on = models.DateField()
    decision_point_on = models.DateField()
    snoozed_until = models.DateField(null=True)
    arr = models.DecimalField(max_digits=14, decimal_places=2)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2)
    # order only; never shown as money
    priority = models.DecimalField(max_digits=20, decimal_places=6)
    band = models.CharField(max_length=10, choices=Band)
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    change_sentence = models.CharField(max_length=300, blank=True)
    open_handoffs = models.PositiveIntegerField(default=0)
    last_touch_at = models.DateTimeField(null=True)
    notice_received_on = models.DateField(null=True)
    computed_at = models.DateTimeField(db_default=Now())

    objects = QueuedRenewalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                F("priority").desc(), F("renewal").desc(), name="queuedrenewal_by_priority"
            ),
            models.Index(
                F("owner"),
                F("priority").desc(),
                F("renewal").desc(),
                name="queuedrenewal_by_owner",
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.renewal_id}"


class RenewalSnapshot(models.Model):
    """The queue's row of a renewal as it stood at a weekly call."""

    renewal = models.ForeignKey(
        "accounts.Renewal", on_delete=models.CASCADE, related_name="snapshots"
    )
    day = models.DateField()
    state = models.CharField(max_length=20)
    due_on = models.DateField()
    decision_point_on = models.DateField()
    arr = models.DecimalField(max_digits=14, decimal_places=2)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2)
    band = models.CharField(max_length=10, choices=Band)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["renewal", "day"], name="renewalsnapshot_one_per_day"),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.renewal_id} on {self.day}"
