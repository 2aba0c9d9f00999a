from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models import User


class ProblemState(models.TextChoices):
    OPEN = "open", "Open"
    FIX_PLANNED = "fix_planned", "Fix planned"
    FIXED = "fixed", "Fixed"
    DECLINED = "declined", "Will not be fixed"


class ProblemQuerySet(models.QuerySet["Problem"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()


class Problem(models.Model):
    """One known issue behind many tickets, which inherit what we learned about it."""

    title = models.CharField(max_length=200)
    error_signature = models.CharField(max_length=200, blank=True)
    tracker_key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=ProblemState, default=ProblemState.OPEN)
    version = models.PositiveIntegerField(default=1)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["error_signature"],
                condition=~Q(error_signature=""),
                name="problem_signature_unique",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.title
