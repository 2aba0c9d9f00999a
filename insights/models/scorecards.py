from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime


class Scorecard(models.Model):
    """A way of scoring customers of a kind: which measures count, and how much."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    # an empty segment or stage stands for every one
    segment = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "stage"], name="scorecard_one_per_segment_stage"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class ScorecardVersionQuerySet(models.QuerySet["ScorecardVersion"]):
    def in_force(self, moment: datetime) -> Self:
        """The newest version of each scorecard published by this moment."""
        return (
            self.filter(published_at__lte=moment)
            .order_by("scorecard", "-published_at", "-pk")
            .distinct("scorecard")
        )


class ScorecardVersion(models.Model):
    """A scorecard as published at a moment; never changed afterwards."""

    scorecard = models.ForeignKey("Scorecard", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    red_below = models.PositiveSmallIntegerField(default=50)
    green_from = models.PositiveSmallIntegerField(default=75)
    note = models.CharField(max_length=300, blank=True)
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ScorecardVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="scorecardversion_number_unique"
            ),
            models.CheckConstraint(
                condition=Q(red_below__gt=0, green_from__gt=models.F("red_below"))
                & Q(green_from__lte=100),
                name="scorecardversion_bands_in_order",
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.scorecard} v{self.number}"


class MeasureGroup(models.TextChoices):
    SUPPORT = "support", "Support"
    RELATIONSHIP = "relationship", "Relationship"
    VALUE = "value", "Value"


class ScorecardMeasure(models.Model):
    """One measure of a scorecard version: its weight and how a reading becomes 0 to 100."""

    version = models.ForeignKey(
        "ScorecardVersion", on_delete=models.PROTECT, related_name="measures"
    )
    # a measure's name in insights.measures
    key = models.SlugField(max_length=60)
    group = models.CharField(max_length=20, choices=MeasureGroup)
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    # points of a piecewise linear curve: [[reading, score], ...], readings rising
    curve = models.JSONField()
    max_age_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="scorecardmeasure_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0), name="scorecardmeasure_weight_positive"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.key} in {self.version_id}"
