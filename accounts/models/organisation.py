from __future__ import annotations

from django.db import models
from django.db.models import Q

from supportsuccess import audit


class Organisation(models.Model):
    """The company that runs this installation: one row."""

    name = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, default="EUR")
    fiscal_year_starts_in = models.PositiveSmallIntegerField(default=1)
    timezone = models.CharField(max_length=64, default="UTC")
    is_demo = models.BooleanField(default=False)
    # the day that the demo company's story calls today
    demo_day = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="organisation_one_row"),
            models.CheckConstraint(
                condition=Q(fiscal_year_starts_in__range=(1, 12)),
                name="organisation_fiscal_month_known",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="organisation_currency_is_a_code"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name
