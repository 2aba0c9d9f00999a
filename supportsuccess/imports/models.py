from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from supportsuccess import audit


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"


class ImportBatch(models.Model):
    """One file of facts from elsewhere: checked whole, run, and for a week undone as a whole."""

    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=BatchState, default=BatchState.UPLOADED)
    # per kind of row: created, updated, unchanged, refused
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_batches",
    )
    uploaded_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True, blank=True)
    run_at = models.DateTimeField(null=True, blank=True)
    # from this moment on its facts are skipped by everything that computes
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="importbatch_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(state=BatchState.UNDONE) & ~Q(withdrawn_at=None))
                | (~Q(state=BatchState.UNDONE) & Q(withdrawn_at=None)),
                name="importbatch_withdrawn_iff_undone",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.file_name
