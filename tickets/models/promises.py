from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Customer, Fact, ScopedQuerySet
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import date


class PromiseState(models.TextChoices):
    OPEN = "open", "Open"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PromiseQuerySet(ScopedQuerySet["Promise"]):
    view_permission = "tickets.view_handoff"

    def open(self) -> Self:
        return self.filter(state=PromiseState.OPEN)

    def due_before(self, day: date) -> Self:
        return self.filter(due_on__lt=day)

    def due_from(self, day: date) -> Self:
        return self.filter(due_on__gte=day)

    def in_state(self, state: PromiseState) -> Self:
        return self.filter(state=state)

    def named_like(self, text: str) -> Self:
        """Of customers whose names contain the text, or nearly do."""
        return self.filter(customer__in=Customer.objects.named_like(text).values("pk"))

    def owned_by(self, user_id: int) -> Self:
        return self.filter(owner=user_id)

    def of_customer(self, customer_id: int) -> Self:
        return self.filter(customer=customer_id)

    def for_page(self) -> Self:
        return self.select_related("customer", "owner", "handoff").fetch_mode(models.FETCH_PEERS)


class Promise(models.Model):
    """What we told a customer we would do, by when, and who sees to it."""

    customer = models.ForeignKey(
        "accounts.Customer", on_delete=models.PROTECT, related_name="promises"
    )
    handoff = models.ForeignKey(
        "Handoff", on_delete=models.PROTECT, null=True, blank=True, related_name="promises"
    )
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="promises_owned"
    )
    due_on = models.DateField()
    state = models.CharField(max_length=20, choices=PromiseState, default=PromiseState.OPEN)
    version = models.PositiveIntegerField(default=1)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="promise_has_text"),
            models.CheckConstraint(
                condition=Q(state__in=PromiseState.values), name="promise_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "due_on"],
                condition=Q(state=PromiseState.OPEN),
                name="promise_open_by_customer",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("tickets:promise", args=[self.pk])


class PromiseEventKind(models.TextChoices):
    MADE = "made", "Made"
    RENEGOTIATED = "renegotiated", "Renegotiated"
    KEPT = "kept", "Kept"
    BROKEN = "broken", "Broken"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PromiseEventQuerySet(ScopedQuerySet["PromiseEvent"]):
    view_permission = "tickets.view_handoff"
    customer_path = "promise__customer"


class PromiseEvent(Fact):
    """A promise was made, moved, kept or broken."""

    promise = models.ForeignKey("Promise", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=PromiseEventKind)
    by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promise_events",
    )
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = PromiseEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PromiseEventKind.values), name="promiseevent_kind_known"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.promise_id} {self.kind}"
