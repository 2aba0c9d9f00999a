from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from accounts.models import Fact, ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models import User


class MessageDirection(models.TextChoices):
    INBOUND = "inbound", "From the customer"
    OUTBOUND = "outbound", "To the customer"
    INTERNAL = "internal", "Internal note"


class MessageQuerySet(ScopedQuerySet["Message"]):
    view_permission = "tickets.view_ticket"
    customer_path = "ticket__customer"

    def visible_to(self, user: User) -> Self:
        """Messages of visible tickets; internal notes need a permission of their own."""
        return super().visible_to(user).readable_by(user)

    def readable_by(self, user: User) -> Self:
        """What a person may read of a ticket that they see."""
        if user.has_perm("tickets.view_private_note"):
            return self.standing()
        return self.standing().exclude(direction=MessageDirection.INTERNAL)

    def standing(self) -> Self:
        """What was written, as far as no import took it back."""
        return self.filter(batch__withdrawn_at=None)


class Message(Fact):
    """What was written on a ticket, by the customer, to them, or among ourselves."""

    ticket = models.ForeignKey(
        "Ticket", on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    key = models.CharField(max_length=200)
    direction = models.CharField(max_length=20, choices=MessageDirection)
    body = models.TextField()
    by_label = models.CharField(max_length=200, blank=True)
    search = models.GeneratedField(
        expression=SearchVector("body", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            # a withdrawn file's messages stay, so one of another file may say the same again
            models.UniqueConstraint(
                fields=["ticket", "key", "batch"], nulls_distinct=False, name="message_once"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=MessageDirection.values), name="message_direction_known"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "occurred_at"], name="message_by_ticket"),
            GinIndex(fields=["search"], name="message_search"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.direction}"
