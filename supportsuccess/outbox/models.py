from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from supportsuccess import audit
from supportsuccess.people import Viewer

PENDING = Q(done_at__isnull=True, dead_at__isnull=True)
TECHNICAL = "work in progress of the program, deleted some time after it is done"
# What waits longer than this is worth a banner.
LATE_AFTER = timedelta(seconds=30)


class Queue(models.TextChoices):
    QUICK = "quick"
    LONG = "long"
    HERE = "here"


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = [JobState.QUEUED, JobState.RUNNING]


@dataclass
class StepOutcome:
    """What a step has to say about its job, written in one go when it ends."""

    advanced: int = 0
    total: int | None = None
    result: dict[str, Any] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    next_steps: list[dict[str, Any]] = field(default_factory=list)


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> "JobQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def visible_to(self, user: Viewer) -> "JobQuerySet":
        """One's own jobs; who may retry deliveries sees all."""
        if user.has_perm("outbox.retry_delivery"):
            return self.all()
        if not user.has_perm("outbox.view_job"):
            return self.none()
        return self.filter(by_id=user.pk)

    def listed(self) -> "JobQuerySet":
        return self.filter(is_listed=True)

    def latest_first(self) -> "JobQuerySet":
        return self.order_by("-pk")


class Job(models.Model):
    """Work in steps that a person watches: progress, cancel, result."""

    kind = models.TextField()
    title = models.TextField()
    state = models.TextField(choices=JobState, default=JobState.QUEUED)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="jobs"
    )
    by_label = models.TextField()
    # a change of one cell is over before anybody looks
    is_listed = models.BooleanField(db_default=True)
    arguments = models.JSONField(default=list)
    result = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    # The action that started it: what its steps change belongs to that group.
    audit_group_id = models.BigIntegerField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    cancel_requested_by = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        triggers = audit.unaudited(TECHNICAL)
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
                name="job_finished_iff_ended",
            ),
        ]
        indexes = [models.Index(fields=["by", "-id"], name="job_by")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = StepOutcome()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outbox:job", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int | None:
        """How far it is; None where the total is not known."""
        return min(100 * self.done // self.total, 100) if self.total else None

    def advance(self, count: int) -> None:
        """Count this many as done when the step ends."""
        self.outcome.advanced += count

    def set_total(self, total: int) -> None:
        """Say how many there are in all."""
        self.outcome.total = total

    def then(self, **arguments: Any) -> None:
        """Go on with another step of this job, unless it is cancelled meanwhile."""
        self.outcome.next_steps.append(arguments)

    def set_result(self, result: dict[str, Any]) -> None:
        """Merge into the result."""
        self.outcome.result |= result

    def add_to_result(self, **numbers: int) -> None:
        """Add to numbers of the result; safe between parallel steps."""
        for name, number in numbers.items():
            self.outcome.added[name] = self.outcome.added.get(name, 0) + number

    def note_error(self, error: str) -> None:
        """Tell the person of something that failed without stopping the job."""
        self.outcome.errors.append(error)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def pending(self) -> "DeliveryQuerySet":
        return self.filter(PENDING)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(dead_at__isnull=False)

    def late(self, *, at: datetime) -> "DeliveryQuerySet":
        """What should have been delivered a while ago."""
        return self.pending().filter(run_at__lt=at - LATE_AFTER)

    def latest_first(self) -> "DeliveryQuerySet":
        return self.order_by("-pk")


class Delivery(models.Model):
    """One promise: what is to be done, whose lease it has, and its receipt."""

    name = models.TextField()
    arguments = models.JSONField(default=dict)
    queue = models.TextField(choices=Queue, default=Queue.QUICK)
    run_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")
    key = models.TextField(null=True, unique=True)  # noqa: DJ001 - only null may repeat
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="steps")
    created_at = models.DateTimeField(db_default=Now())

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        triggers = audit.unaudited(TECHNICAL)
        constraints = [
            models.CheckConstraint(
                condition=Q(queue__in=Queue.values), name="delivery_queue_known"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dead_at__isnull=True),
                name="delivery_done_or_dead",
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "run_at", "id"], condition=PENDING, name="delivery_due"),
            models.Index(
                fields=["dead_at"], condition=Q(dead_at__isnull=False), name="delivery_dead"
            ),
            models.Index(
                fields=["done_at"], condition=Q(done_at__isnull=False), name="delivery_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Tick(models.Model):
    """One period of one schedule, taken once by whoever came first."""

    schedule = models.TextField()
    period = models.TextField()
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = audit.unaudited(TECHNICAL)
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period"], name="tick_once_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.period}"
