from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models.customers import ScopedQuerySet
from accounts.models.facts import Fact
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models.customers import Contact


class TouchKind(models.TextChoices):
    CALL = "call", "Call"
    MEETING = "meeting", "Meeting"
    EMAIL = "email", "E-mail"
    VISIT = "visit", "Visit"
    REVIEW = "review", "Business review"
    NOTE = "note", "Note"


class TouchQuerySet(ScopedQuerySet["Touch"]):
    view_permission = "accounts.view_customer"

    def two_way(self) -> Self:
        return self.filter(is_two_way=True)


class Touch(Fact):
    """Somebody here was in contact with a customer."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="touches")
    kind = models.CharField(max_length=20, choices=TouchKind)
    by = models.ForeignKey(
        "User", on_delete=models.PROTECT, null=True, blank=True, related_name="touches"
    )
    contacts: models.ManyToManyField[Contact, TouchContact] = models.ManyToManyField(
        "Contact", through="TouchContact", related_name="touches", blank=True
    )
    is_two_way = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)

    objects = TouchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TouchKind.values), name="touch_kind_known"),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="touch_external_id_unique",
            ),
        ]
        indexes = [
            models.Index(F("customer"), F("occurred_at").desc(), name="touch_by_customer"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} with {self.customer}"


class TouchContact(models.Model):
    """This contact took part in this touch."""

    touch = models.ForeignKey("Touch", on_delete=models.CASCADE, related_name="touch_contacts")
    contact = models.ForeignKey("Contact", on_delete=models.CASCADE, related_name="contact_touches")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touch", "contact"], name="touchcontact_once"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.contact} in {self.touch}"


class PulseQuerySet(ScopedQuerySet["Pulse"]):
    view_permission = "accounts.view_customer"


class Pulse(Fact):
    """How a person who knows the customer judges the relationship, 1 to 5."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="pulses")
    user = models.ForeignKey("User", on_delete=models.PROTECT, related_name="pulses")
    value = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)

    objects = PulseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="pulse_one_to_five"),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.value} for {self.customer}"


class Band(models.TextChoices):
    GREEN = "green", "Green"
    YELLOW = "yellow", "Yellow"
    RED = "red", "Red"
    UNKNOWN = "unknown", "Unknown"


class HealthOverrideQuerySet(ScopedQuerySet["HealthOverride"]):
    view_permission = "accounts.view_customer"

    def in_force(self, moment: datetime) -> Self:
        return self.filter(occurred_at__lte=moment, expires_at__gt=moment)


class HealthOverride(Fact):
    """A person's judgement that stands before the computed band, with its reason and its end."""

    customer = models.ForeignKey(
        "Customer", on_delete=models.CASCADE, related_name="health_overrides"
    )
    band = models.CharField(max_length=10, choices=Band)
    reason = models.TextField()
    by = models.ForeignKey("User", on_delete=models.PROTECT, related_name="health_overrides")
    expires_at = models.DateTimeField()

    objects = HealthOverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="healthoverride_has_reason"),
            models.CheckConstraint(
                condition=Q(band__in=[Band.GREEN, Band.YELLOW, Band.RED]),
                name="healthoverride_band_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("occurred_at")), name="healthoverride_ends_later"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.customer} set to {self.band}"


class ReadingQuerySet(ScopedQuerySet["Reading"]):
    view_permission = "accounts.view_customer"

    def of_measure(self, key: str) -> Self:
        return self.filter(measure=key)


class Reading(Fact):
    """A number about a customer from another system: usage, licences in use, overdue invoices."""

    customer = models.ForeignKey("Customer", on_delete=models.CASCADE, related_name="readings")
    measure = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "measure", "source", "occurred_at", "recorded_at"],
                name="reading_once_per_moment",
            ),
        ]
        indexes = [
            models.Index(
                F("customer"), F("measure"), F("occurred_at").desc(), name="reading_by_customer"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.measure} {self.value}"


class CustomerChange(models.Model):
    """This customer changed: whoever computes something about it should look again."""

    customer = models.ForeignKey(
        "Customer", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = audit.unaudited("a queue of marks, emptied as it is read")

    def __str__(self) -> str:
        return f"{self.customer_id} at {self.at}"
