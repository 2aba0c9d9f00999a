from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Band, ScopedQuerySet
from supportsuccess import audit


class CurrentHealthQuerySet(ScopedQuerySet["CurrentHealth"]):
    view_permission = "insights.view_health"


class CurrentHealth(models.Model):
    """How a customer does now: the score, how much of it is known, and every measure's share."""

    customer = models.OneToOneField(
        "accounts.Customer", on_delete=models.CASCADE, primary_key=True, related_name="health"
    )
    version = models.ForeignKey("ScorecardVersion", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    # 0 to 100; unknown where nothing could be measured
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    coverage = models.DecimalField(max_digits=7, decimal_places=6)
    # the band of the daily scores, before a person's override
    band = models.CharField(max_length=10, choices=Band)
    # per measure: reading, score, weight, contribution, or missing
    contributions = models.JSONField()
    # against the last stored day: the sentence, and what it is made of
    change = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=32)
    computed_at = models.DateTimeField(db_default=Now())

    objects = CurrentHealthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)),
                name="currenthealth_score_in_range",
            ),
            models.CheckConstraint(
                condition=Q(coverage__range=(0, 1)), name="currenthealth_coverage_is_share"
            ),
            models.CheckConstraint(
                condition=Q(band__in=Band.values), name="currenthealth_band_known"
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score}"


class HealthSnapshotQuerySet(ScopedQuerySet["HealthSnapshot"]):
    view_permission = "insights.view_health"

    def newest_first(self) -> HealthSnapshotQuerySet:
        return self.order_by("-day", "-pk")


class HealthSnapshot(models.Model):
    """A customer's score as it stood at the end of a day on which it moved."""

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.CASCADE, related_name="health_snapshots"
    )
    day = models.DateField()
    version = models.ForeignKey("ScorecardVersion", on_delete=models.PROTECT, related_name="+")
    # the moment up to which facts were read
    known_at = models.DateTimeField()
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    coverage = models.DecimalField(max_digits=7, decimal_places=6)
    band = models.CharField(max_length=10, choices=Band)
    contributions = models.JSONField()
    inputs_hash = models.CharField(max_length=32)

    objects = HealthSnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "day"], name="healthsnapshot_one_per_day"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)),
                name="healthsnapshot_score_in_range",
            ),
            models.CheckConstraint(
                condition=Q(band__in=Band.values), name="healthsnapshot_band_known"
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.customer_id} on {self.day}: {self.score}"


class BacktestRun(models.Model):
    """The scorer run as of a past day, kept apart from the current score."""

    as_of = models.DateTimeField()
    known_at = models.DateTimeField()
    version = models.ForeignKey("ScorecardVersion", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # counts by band, and the share of readings whose time is the source's word
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(as_of__lte=models.F("known_at")), name="backtestrun_looks_back"
            ),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"As of {self.as_of:%Y-%m-%d}"


class BacktestScore(models.Model):
    """One customer's score in a back-test run."""

    run = models.ForeignKey("BacktestRun", on_delete=models.CASCADE, related_name="scores")
    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.CASCADE, related_name="backtest_scores"
    )
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    coverage = models.DecimalField(max_digits=7, decimal_places=6)
    band = models.CharField(max_length=10, choices=Band)
    contributions = models.JSONField()
    inputs_hash = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "customer"], name="backtestscore_once"),
        ]
        triggers = audit.unaudited("computed; can be computed again")

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score}"
