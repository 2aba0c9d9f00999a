from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from supportsuccess.audit.groups import ONE_OPERATION
from supportsuccess.audit.triggers import unaudited

RECORD_ITSELF = "is the audit record itself"


class ChangeKind(models.TextChoices):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class EventGroupQuerySet(models.QuerySet["EventGroup"]):
    def of(self, thing: models.Model) -> "EventGroupQuerySet":
        """Actions whose object was this thing."""
        return self.filter(object_table=thing._meta.db_table, object_id=thing.pk)

    def latest_first(self) -> "EventGroupQuerySet":
        return self.order_by("-pk")


class EventGroup(models.Model):
    """One action of one actor: what every recorded change belongs to."""

    action = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.TextField()
    object_table = models.TextField()
    object_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    request_id = models.TextField()
    operation_id = models.UUIDField(null=True)
    body_hash = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    objects = EventGroupQuerySet.as_manager()

    class Meta:
        triggers = unaudited(RECORD_ITSELF)
        constraints = [
            models.UniqueConstraint(
                fields=["actor_id", "operation_id"],
                condition=models.Q(operation_id__isnull=False),
                nulls_distinct=False,
                name=ONE_OPERATION,
            ),
        ]
        indexes = [
            models.Index(fields=["object_table", "object_id", "id"], name="eventgroup_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_label}"


class ChangeQuerySet(models.QuerySet["Change"]):
    def of(self, thing: models.Model) -> "ChangeQuerySet":
        """Changes of this thing's own row."""
        return self.filter(table_name=thing._meta.db_table, row_id=thing.pk)

    def latest_first(self) -> "ChangeQuerySet":
        return self.order_by("-pk")


class Change(models.Model):
    """One changed row with its images, or the count of rows added to an append-only table."""

    # The trigger writes tens of thousands in one statement: no foreign key to check for each,
    # and a group's rows lie together, so that a block range index finds them.
    group = models.ForeignKey(
        EventGroup,
        on_delete=models.PROTECT,
        related_name="changes",
        db_constraint=False,
        db_index=False,
    )
    table_name = models.TextField()
    row_id = models.BigIntegerField(null=True)
    operation = models.TextField(choices=ChangeKind)
    rows = models.IntegerField(db_default=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        db_table = "audit_change"
        triggers = unaudited(RECORD_ITSELF)
        indexes = [
            models.Index(fields=["row_id", "table_name"], name="change_row"),
            BrinIndex(
                fields=["group"], name="change_group", autosummarize=True, pages_per_range=16
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class OperationResult(models.Model):
    """How the first request of an operation was answered, for repeats of it."""

    group = models.OneToOneField(
        EventGroup,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="result",
    )
    status = models.PositiveSmallIntegerField()
    location = models.TextField()
    content_type = models.TextField()
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = unaudited("repeats what the response said; deleted after some days")

    def __str__(self) -> str:
        return f"{self.status} {self.location}"
