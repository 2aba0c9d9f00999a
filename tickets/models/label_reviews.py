from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from accounts.models import ScopedQuerySet
from supportsuccess import audit
from tickets.models.labels import Dimension

if TYPE_CHECKING:
    from datetime import datetime

USUAL_SECONDS = 10
MOST_SECONDS = 600


# what both answers mean today
FIRST = Coalesce("first__value__merged_into", "first__value")
SECOND = Coalesce("value__merged_into", "value")
ALIKE = Exact(FIRST, SECOND)


class LabelReviewQuerySet(ScopedQuerySet["LabelReview"]):
    view_permission = "tickets.view_ticket"
    customer_path = "ticket__customer"

    def given_since(self, moment: datetime) -> Self:
        return self.filter(given_at__gte=moment, ticket__retired_at=None)

    def with_pair(self) -> Self:
        """With what both answers mean today, in numbers and words, and whether they are alike."""
        return self.annotate(
            first_meant=FIRST,
            second_meant=SECOND,
            first_name=Coalesce("first__value__merged_into__name", "first__value__name"),
            second_name=Coalesce("value__merged_into__name", "value__name"),
            is_alike=ALIKE,
        )

    def alike(self) -> Self:
        return self.filter(ALIKE)

    def unlike(self) -> Self:
        return self.exclude(ALIKE)


class LabelReview(models.Model):
    """A second person's answer to a dimension of a ticket, given without seeing the first."""

    ticket = models.ForeignKey("Ticket", on_delete=models.CASCADE, related_name="label_reviews")
    dimension = models.CharField(max_length=30, choices=Dimension)
    value = models.ForeignKey("LabelValue", on_delete=models.PROTECT, related_name="reviews")
    # the answer that stood when this one was given
    first = models.ForeignKey("Labeling", on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="label_reviews")
    given_at = models.DateTimeField()

    objects = LabelReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "dimension"], name="labelreview_once_per_dimension"
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="labelreview_dimension_known"
            ),
        ]
        indexes = [models.Index(fields=["given_at"], name="labelreview_by_day")]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.dimension} of {self.ticket_id}"


class LabellingTime(models.Model):
    """How long a team says that labelling a ticket takes; never measured of a person."""

    team = models.OneToOneField(
        "accounts.Team", on_delete=models.PROTECT, related_name="labelling_time"
    )
    seconds = models.PositiveSmallIntegerField(default=USUAL_SECONDS)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds__range=(1, MOST_SECONDS)), name="labellingtime_seconds_likely"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.seconds} s"
