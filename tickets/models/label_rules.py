from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from supportsuccess import audit
from tickets.models.tickets import Channel, TicketKind

if TYPE_CHECKING:
    from accounts.models import User


# so many words or phrases one rule may name
MOST_KEYWORDS = 50


class LabelRuleQuerySet(models.QuerySet["LabelRule"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()

    def in_use(self) -> Self:
        """Rules that answer, in the order in which they are tried."""
        return self.filter(is_active=True, value__is_active=True).order_by("position", "pk")

    def retired(self) -> Self:
        return self.filter(is_active=False)

    def with_answers(self) -> Self:
        """With how many tickets each has answered."""
        return self.annotate(answers=Count("labelings__ticket", distinct=True))


class LabelRule(models.Model):
    """Answers a ticket with one value where all of its conditions hold; an empty one asks nothing.

    The value says which dimension it answers.
    """

    name = models.CharField(max_length=100, unique=True)
    value = models.ForeignKey("LabelValue", on_delete=models.PROTECT, related_name="rules")
    # any of them, in the subject or in a message
    keywords = ArrayField(models.CharField(max_length=60), blank=True, default=list)
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    kind = models.CharField(max_length=20, choices=TicketKind, blank=True)
    source = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = LabelRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(keywords=[]) | ~Q(channel="") | ~Q(kind="") | ~Q(source=""),
                name="labelrule_has_condition",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["", *Channel.values]), name="labelrule_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *TicketKind.values]), name="labelrule_kind_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:label_rule", args=[self.pk])
