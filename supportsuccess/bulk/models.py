from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from supportsuccess import audit
from supportsuccess.lists.bulk import Change
from supportsuccess.outbox.models import TECHNICAL, Job

if TYPE_CHECKING:
    from supportsuccess.people import Viewer


class Outcome(models.TextChoices):
    """What became of one row of a bulk job."""

    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    LEFT = "left", "Not begun"  # the job was cancelled before
    UNDONE = "undone", "Taken back"
    KEPT = "kept", "Not taken back"


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    def visible_to(self, user: Viewer) -> Self:
        """The rows of the jobs that one may see."""
        return self.filter(job__in=Job.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.WAITING)

    def done(self) -> Self:
        return self.filter(outcome=Outcome.DONE)

    def in_turn(self) -> Self:
        return self.order_by("pk")


class BulkRow(models.Model):
    """One row of a bulk job: what was seen of it, what became of it, and what stood before."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="bulk_rows")
    row_id = models.BigIntegerField()
    label = models.TextField()
    seen = models.TextField(default="")
    outcome = models.TextField(choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        triggers = audit.unaudited(TECHNICAL)
        constraints = [
            models.UniqueConstraint(fields=["job", "row_id"], name="bulkrow_once_per_job"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="bulkrow_outcome_known"
            ),
        ]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="bulkrow_by_outcome")]

    def __str__(self) -> str:
        return self.label

    @property
    def change(self) -> Change:
        return Change(self.before, self.after)

    def became(self, outcome: Outcome, *, reason: str = "", change: Change | None = None) -> None:
        """Note what happened to it; what stood before is kept for the way back."""
        self.outcome, self.reason = outcome, reason
        if change is not None:
            self.before, self.after = change
