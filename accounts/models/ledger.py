from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.customers import ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import date


class MovementKind(models.TextChoices):
    NEW = "new", "New"
    UPSELL = "upsell", "Upsell"
    CROSS_SELL = "cross_sell", "Cross-sell"
    PRICE_INCREASE = "price_increase", "Price increase"
    CONTRACTION = "contraction", "Contraction"
    PRICE_DECREASE = "price_decrease", "Price decrease"
    CHURN = "churn", "Churn"
    REACTIVATION = "reactivation", "Reactivation"
    TRANSFER = "transfer", "Transfer"
    CORRECTION = "correction", "Correction"


GROWING = (
    MovementKind.NEW,
    MovementKind.UPSELL,
    MovementKind.CROSS_SELL,
    MovementKind.PRICE_INCREASE,
    MovementKind.REACTIVATION,
)
SHRINKING = (MovementKind.CONTRACTION, MovementKind.PRICE_DECREASE, MovementKind.CHURN)


class ReasonClass(models.TextChoices):
    VOLUNTARY = "voluntary", "Voluntary"
    INVOLUNTARY = "involuntary", "Involuntary"


class ArrMovementQuerySet(ScopedQuerySet["ArrMovement"]):
    view_permission = "accounts.view_money"

    def standing(self) -> Self:
        """Without those of imports that were undone."""
        return self.filter(batch__withdrawn_at=None)

    def effective_by(self, day: date) -> Self:
        return self.standing().filter(effective_on__lte=day)


class ArrMovement(models.Model):
    """A customer's yearly revenue rose or fell; another row reverses a wrong one."""

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="movements")
    line = models.ForeignKey(
        "ContractLine", on_delete=models.PROTECT, null=True, blank=True, related_name="movements"
    )
    booked_on = models.DateField()
    effective_on = models.DateField()
    kind = models.CharField(max_length=20, choices=MovementKind)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300, blank=True)
    reason_class = models.CharField(max_length=20, choices=ReasonClass, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    confirmed_by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="movements_confirmed"
    )
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ArrMovementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind__in=GROWING) & Q(amount__gt=0))
                | (Q(kind__in=SHRINKING) & Q(amount__lt=0))
                | Q(kind__in=[MovementKind.TRANSFER, MovementKind.CORRECTION]),
                name="arrmovement_sign_fits_kind",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MovementKind.CORRECTION) & ~Q(reverses=None))
                | (~Q(kind=MovementKind.CORRECTION) & Q(reverses=None)),
                name="arrmovement_correction_names_row",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="arrmovement_currency_is_a_code"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "effective_on"], name="arrmovement_by_customer"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in the company's own from a day on."""

    currency = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="exchangerate_one_per_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchangerate_positive"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.currency} {self.rate} on {self.on}"
