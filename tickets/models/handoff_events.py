from __future__ import annotations

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from accounts.models import Fact, ScopedQuerySet
from supportsuccess import audit


class HandoffEventKind(models.TextChoices):
    OFFERED = "offered", "Offered"
    ASKED = "asked", "Asked"
    ANSWERED = "answered", "Answered"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"
    DECIDED = "decided", "Decided"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NEARLY_DUE = "nearly_due", "Nearly due"
    OVERDUE = "overdue", "Overdue"
    EXPIRED = "expired", "Expired"
    REASSIGNED = "reassigned", "Reassigned"
    NEXT_STEP = "next_step", "Next step set"
    TICKET_ADDED = "ticket_added", "Ticket added"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    REOPENED = "reopened", "Reopened"
    USEFUL = "useful", "Judged"
    THANKED = "thanked", "Thanked"


class HandoffEventQuerySet(ScopedQuerySet["HandoffEvent"]):
    view_permission = "tickets.view_handoff"
    customer_path = "handoff__customer"

    def in_order(self) -> Self:
        return self.order_by("occurred_at", "pk")

    def thanks(self) -> Self:
        return self.filter(kind=HandoffEventKind.THANKED)


class HandoffEvent(Fact):
    """One step of a handoff: who did what, when, in what words."""

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=HandoffEventKind)
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handoff_events",
    )
    text = models.TextField(blank=True)

    objects = HandoffEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=HandoffEventKind.values), name="handoffevent_kind_known"
            ),
            ExclusionConstraint(
                expressions=[("handoff", RangeOperators.EQUAL)],
                condition=Q(kind=HandoffEventKind.THANKED),
                name="handoffevent_thanked_once",
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.kind}"
