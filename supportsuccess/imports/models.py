from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from supportsuccess import audit
from supportsuccess.outbox.models import Job
from supportsuccess.people import Viewer

UNDO_FOR = timedelta(days=7)
KEEP_FILES_FOR = timedelta(days=30)


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "Uploaded"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    UNDONE = "undone", "Undone"


class RefusalPhase(models.TextChoices):
    READ = "read", "Reading the file"
    CHECK = "check", "Checking"
    RUN = "run", "Importing"


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: Viewer) -> "ImportBatchQuerySet":
        """Who may import sees all imports, nobody else any."""
        return self.all() if user.has_perm("imports.run_import") else self.none()

    def latest_first(self) -> "ImportBatchQuerySet":
        return self.select_related("by", "job").order_by("-pk")

    def same_file_as(self, batch: "ImportBatch") -> "ImportBatchQuerySet":
        """Other imports of the same content that still count."""
        same = self.filter(sha256=batch.sha256, format=batch.format, state=BatchState.DONE)
        return same.exclude(pk=batch.pk)


class ImportBatch(models.Model):
    """One file of facts from elsewhere: checked whole, run, and for a week undone as a whole."""

    format = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    columns = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
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
    by_label = models.TextField(blank=True)
    # what checks, runs or undoes it, or did so last
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="import_batches"
    )
    uploaded_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True, blank=True)
    run_at = models.DateTimeField(null=True, blank=True)
    # from this moment on its facts are skipped by everything that computes
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # when what it had created was retired, too
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

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
        indexes = [models.Index(fields=["sha256"], name="importbatch_sha256")]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.file_name

    @property
    def can_be_undone_until(self) -> datetime | None:
        """The last moment for an undo; None when there is nothing to undo."""
        if self.run_at is None or self.state not in {BatchState.DONE, BatchState.FAILED}:
            return None
        return self.run_at + UNDO_FOR


class ImportChunk(models.Model):
    """A megabyte of an uploaded file, where web and workers both reach it."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="importchunk_once")]
        triggers = audit.unaudited("the file itself, deleted after a month")

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class ImportSection(models.Model):
    """Some thousand rows of a file as they were read: what one step takes."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    row_count = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="importsection_once")
        ]
        triggers = audit.unaudited("the file itself, deleted after a month")

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"


class ImportRefusalQuerySet(models.QuerySet["ImportRefusal"]):
    def in_file_order(self) -> "ImportRefusalQuerySet":
        return self.order_by("row", "pk")


class ImportRefusal(models.Model):
    """A row that could not be used, with the reason."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="refusals")
    phase = models.CharField(max_length=10, choices=RefusalPhase)
    row = models.PositiveIntegerField()
    column = models.TextField()
    reason = models.TextField()
    value = models.TextField()

    objects = ImportRefusalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["batch", "row", "id"], name="importrefusal_order")]
        triggers = audit.unaudited("found again by checking the file")

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.reason}"
