from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.customers import ScopedQuerySet, Stage, TouchModel
from accounts.models.intervals import during_is_not_empty, interval
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime


class AssignmentRoleQuerySet(models.QuerySet["AssignmentRole"]):
    def for_choice(self) -> Self:
        return self.order_by("position", "pk")


class AssignmentRole(models.Model):
    """A way of answering for a customer: owner, renewal owner, account executive, ..."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    objects = AssignmentRoleQuerySet.as_manager()

    class Meta:
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class RoleRequirement(models.Model):
    """A role that must be held at a stage under a touch model."""

    role = models.ForeignKey(
        "AssignmentRole", on_delete=models.CASCADE, related_name="requirements"
    )
    stage = models.CharField(max_length=20, choices=Stage)
    touch_model = models.CharField(max_length=20, choices=TouchModel)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role", "stage", "touch_model"], name="rolerequirement_once"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.role} at {self.stage}"


class Cause(models.TextChoices):
    INTAKE = "intake", "Intake"
    IMPORT = "import", "Import"
    HANDOFF = "handoff", "Accepted handoff"
    REASSIGNED = "reassigned", "Reassigned"
    LEAVER = "leaver", "Leaver"
    CLAIMED = "claimed", "Claimed from the pool"


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    view_permission = "accounts.view_customer"

    def at(self, moment: datetime) -> Self:
        return self.filter(during__contains=moment)

    def in_role(self, key: str) -> Self:
        return self.filter(role__key=key)

    def current(self) -> Self:
        return self.filter(during__endswith=None)


class Assignment(models.Model):
    """Who answers for a customer in a role, from when to when, and how it came to be."""

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey("AssignmentRole", on_delete=models.PROTECT, related_name="assignments")
    holder_user = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    holder_pool = models.ForeignKey(
        "Pool", on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    during = DateTimeRangeField()
    cause = models.CharField(max_length=20, choices=Cause)
    reason = models.CharField(max_length=300, blank=True)
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            during_is_not_empty("assignment"),
            ExclusionConstraint(
                name="assignment_one_holder_per_role",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(holder_user=None, holder_pool__isnull=False)
                | Q(holder_user__isnull=False, holder_pool=None),
                name="assignment_held_by_user_or_pool",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=Cause.values), name="assignment_cause_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder_user", "role"],
                condition=Q(during__endswith=None),
                name="assignment_current_by_user",
            ),
            models.Index(
                fields=["customer", "role"],
                condition=Q(during__endswith=None),
                name="assignment_current_by_customer",
            ),
        ]
        triggers = [*audit.recorded(), *interval()]

    def __str__(self) -> str:
        return f"{self.role} of {self.customer}"
