from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Fact, ScopedQuerySet
from supportsuccess import audit


class DecidingSide(models.TextChoices):
    SENDING = "sending", "The sending team"
    RECEIVING = "receiving", "The receiving team"


class LeadsDecision(models.TextChoices):
    OFFER_AGAIN = "offer_again", "Offer again"
    KEEP = "keep", "Keep it with the sending team"


class HandoffDecisionQuerySet(ScopedQuerySet["HandoffDecision"]):
    view_permission = "tickets.view_handoff"
    customer_path = "handoff__customer"

    def latest_of_sides(self) -> Self:
        """What each side said last."""
        return self.order_by("side", "-pk").distinct("side")


class HandoffDecision(Fact):
    """What the lead of one side wants to become of a matter that was returned twice."""

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="decisions")
    # which of its returns this is about: after the next one they decide anew
    return_count = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=20, choices=DecidingSide)
    decision = models.CharField(max_length=20, choices=LeadsDecision)
    receiver = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handoffs_decided_for",
    )
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="handoff_decisions"
    )

    objects = HandoffDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=DecidingSide.values), name="handoffdecision_side_known"
            ),
            models.CheckConstraint(
                condition=Q(decision=LeadsDecision.OFFER_AGAIN, receiver__isnull=False)
                | Q(decision=LeadsDecision.KEEP, receiver=None),
                name="handoffdecision_offer_has_receiver",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="handoffdecision_has_reason"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.side}: {self.decision}"

    @property
    def words(self) -> str:
        """What is wanted: "offer it to Ines Duarte again", "keep it"."""
        if self.receiver is None:
            return "keep it"
        return f"offer it to {self.receiver.name}"
