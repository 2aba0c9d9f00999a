from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from supportsuccess import audit
from supportsuccess.lists.layouts import Density

if TYPE_CHECKING:
    from accounts.models.people import User


class ListLayoutQuerySet(models.QuerySet["ListLayout"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def of_list(self, list_name: str) -> Self:
        return self.filter(list_name=list_name)


class ListLayout(models.Model):
    """Which columns of a list this person last chose, and how much room a row has."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="list_layouts")
    list_name = models.CharField(max_length=60)
    # in their order; none: those that the list shows by itself
    columns = ArrayField(models.CharField(max_length=60), blank=True, default=list)
    density = models.CharField(max_length=20, choices=Density, default=Density.COMPACT)

    objects = ListLayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name"], name="listlayout_once_per_list"),
            models.CheckConstraint(
                condition=Q(density__in=Density.values), name="listlayout_density_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.list_name} of {self.user}"
