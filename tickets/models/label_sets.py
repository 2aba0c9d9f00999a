from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from supportsuccess import audit
from tickets.models.labels import Dimension

if TYPE_CHECKING:
    from accounts.models import User

# on the panel 0 is "nothing unusual" of the question one stands on
SET_KEYS = [(key, key) for key in "123456789"]


class LabelSetQuerySet(models.QuerySet["LabelSet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class LabelSet(models.Model):
    """Values that a person often gives together, on one key of the label panel."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="label_sets")
    key = models.CharField(max_length=1, choices=SET_KEYS)
    name = models.CharField(max_length=60)

    objects = LabelSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="labelset_one_per_key"),
            models.CheckConstraint(
                condition=Q(key__in=[key for key, _ in SET_KEYS]), name="labelset_key_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class LabelSetValue(models.Model):
    """What a set answers to one dimension."""

    label_set = models.ForeignKey(
        "LabelSet", on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    dimension = models.CharField(max_length=30, choices=Dimension)
    value = models.ForeignKey("LabelValue", on_delete=models.PROTECT, related_name="in_sets")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label_set", "dimension"], name="labelsetvalue_once_per_dimension"
            ),
            models.CheckConstraint(
                condition=Q(dimension__in=Dimension.values), name="labelsetvalue_dimension_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.dimension}: {self.value_id}"
