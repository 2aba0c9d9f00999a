from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models.labels import LabelValue


def told(value: LabelValue) -> dict[str, Any]:
    """What a version says of a value, in words that stay when others change theirs."""
    return {
        "name": value.name,
        "definition": value.definition,
        "key": value.key,
        "area": value.parent.name if value.parent else "",
        "is_area": value.is_area,
        "is_active": value.is_active,
        "merged_into": value.merged_into.name if value.merged_into else "",
    }


class ValueChangeQuerySet(models.QuerySet["ValueChange"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("tickets.view_ticket") else self.none()

    def between(self, since: int, until: int) -> Self:
        """What changed after one version, up to another, the oldest first."""
        return self.filter(version__number__gt=since, version__number__lte=until).order_by(
            "version__number", "pk"
        )


class ValueChange(models.Model):
    """What one version of the taxonomy says of a value, and what stood before."""

    version = models.ForeignKey("TaxonomyVersion", on_delete=models.PROTECT, related_name="changes")
    value = models.ForeignKey("LabelValue", on_delete=models.PROTECT, related_name="changes")
    # none: the value came with this version
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField()

    objects = ValueChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "value"], name="valuechange_once_per_version"
            ),
        ]
        triggers = audit.append_only()

    def __str__(self) -> str:
        return f"{self.version_id}: {self.value_id}"
