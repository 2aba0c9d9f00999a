from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Band, Customer, ScopedQuerySet, Segment
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal


class LossRate(models.Model):
    """How often renewals of a segment were lost in a band, and what that makes likely now."""

    segment = models.CharField(max_length=20, choices=Segment)
    band = models.CharField(max_length=10, choices=Band)
    decided = models.PositiveIntegerField()
    lost = models.PositiveIntegerField()
    contracted = models.PositiveIntegerField()
    p_lost = models.DecimalField(max_digits=7, decimal_places=6)
    p_contracted = models.DecimalField(max_digits=7, decimal_places=6)
    mean_contraction = models.DecimalField(max_digits=7, decimal_places=6)
    # which counts it came from, in words
    basis = models.CharField(max_length=200)
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "band"], name="lossrate_once_per_segment_band"
            ),
            models.CheckConstraint(
                condition=Q(lost__lte=F("decided"), contracted__lte=F("decided")),
                name="lossrate_counts_within_decided",
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.segment} {self.band}: {self.p_lost}"


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
    # in the company's currency; unknown without lines or without an exchange rate
    renewable_arr = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2, null=True)
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


class Section(models.TextChoices):
    """Where in the queue a renewal stands."""

    NOTICE = "notice", "Notice received"
    DECIDE = "decide", "Decide now"
    LATER = "later", "Later"
    LOCKED = "locked", "Locked"


DUE_SECTIONS = (Section.NOTICE, Section.DECIDE)


class Clearing(models.TextChoices):
    """Why a renewal needs nobody today."""

    DECIDED = "decided", "Decided"
    SNOOZED = "snoozed", "Snoozed"


class QueuedRenewalQuerySet(ScopedQuerySet["QueuedRenewal"]):
    view_permission = "accounts.view_renewal"

    def by_priority(self) -> Self:
        return self.order_by("-priority", "-renewal_id")

    def after(self, priority: Decimal, renewal_id: int) -> Self:
        """Rows that come after this one in the order of priority."""
        return self.filter(
            Q(priority__lt=priority) | Q(priority=priority, renewal_id__lt=renewal_id)
        )

    def owned_by(self, user_ids: Collection[int]) -> Self:
        return self.filter(owner__in=user_ids)

    def unowned(self) -> Self:
        return self.filter(owner=None)

    def named_like(self, text: str) -> Self:
        """Renewals of customers whose names contain the text, or nearly do."""
        return self.filter(customer__in=Customer.objects.named_like(text).values("pk"))

    def due(self) -> Self:
        """Renewals that have to be decided now, decided or not."""
        return self.filter(section__in=DUE_SECTIONS)

    def waiting(self) -> Self:
        """Renewals that somebody has to look at."""
        return self.filter(clearing="").exclude(section=Section.LOCKED)


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
    section = models.CharField(max_length=10, choices=Section, default=Section.LATER)
    clearing = models.CharField(max_length=10, choices=Clearing, blank=True, default="")
    due_on = models.DateField()
    decision_point_on = models.DateField()
    # what makes that day the decision point, as in accounts.queries.decision_points
    decision_basis = models.CharField(max_length=20, blank=True, default="")
    snoozed_until = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    # in the company's currency
    arr = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    expected_loss = models.DecimalField(max_digits=14, decimal_places=2, null=True)
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
            models.Index(
                F("segment"),
                F("priority").desc(),
                F("renewal").desc(),
                name="queuedrenewal_by_segment",
            ),
            models.Index(
                F("section"),
                F("priority").desc(),
                F("renewal").desc(),
                name="queuedrenewal_by_section",
            ),
            models.Index(fields=["decision_point_on", "renewal"], name="queuedrenewal_by_decision"),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.renewal_id}"


class ListedCustomerQuerySet(ScopedQuerySet["ListedCustomer"]):
    view_permission = "accounts.view_customer"

    def owned_by(self, user_ids: Collection[int]) -> Self:
        return self.filter(owner__in=user_ids)

    def unowned(self) -> Self:
        return self.filter(owner=None)

    def of_customers(self, customers: models.QuerySet[Any, Any]) -> Self:
        return self.filter(customer__in=customers)

    def named_like(self, text: str) -> Self:
        """Customers whose names contain the text, or nearly do."""
        return self.filter(customer__in=Customer.objects.named_like(text).values("pk"))


class ListedCustomer(models.Model):
    """A customer in the list, with everything its row shows, computed for the list's orders."""

    customer = models.OneToOneField(
        "accounts.Customer", on_delete=models.CASCADE, primary_key=True, related_name="listed"
    )
    sort_name = models.CharField(max_length=200, db_collation="C")
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="listed_customers"
    )
    segment = models.CharField(max_length=20, choices=Segment)
    stage = models.CharField(max_length=20)
    # of contracts in force, in the company's currency; unknown without lines or without a rate
    arr = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    # the same for the list's order, where unknown comes last
    arr_rank = models.DecimalField(max_digits=14, decimal_places=2)
    band = models.CharField(max_length=10, choices=Band)
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    score_rank = models.DecimalField(max_digits=9, decimal_places=6)
    change_sentence = models.CharField(max_length=300, blank=True)
    open_tickets = models.PositiveIntegerField()
    open_handoffs = models.PositiveIntegerField()
    last_touch_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(db_default=Now())

    objects = ListedCustomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_name", "customer"], name="listedcustomer_by_name"),
            models.Index(F("arr_rank").desc(), F("customer").desc(), name="listedcustomer_by_arr"),
            models.Index(fields=["score_rank", "customer"], name="listedcustomer_by_score"),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return self.sort_name


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
