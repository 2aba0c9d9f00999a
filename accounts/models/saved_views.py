from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Now

from accounts.models.people import Role
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models.people import User


class ViewAudience(models.TextChoices):
    PRIVATE = "private", "Only me"
    TEAM = "team", "My team"
    EVERYONE = "everyone", "Everyone"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(
            Q(user=user)
            | Q(audience=ViewAudience.EVERYONE)
            | Q(
                audience=ViewAudience.TEAM,
                team__memberships__user=user,
                team__memberships__during__contains=Now(),
            )
        ).distinct()

    def of_list(self, list_name: str) -> Self:
        """Its views, one's own team's and everyone's among them, by name."""
        return self.filter(list_name=list_name).select_related("user").order_by("name", "pk")

    def with_star(self, user: User) -> Self:
        stars = ViewStar.objects.filter(user=user, view=OuterRef("pk"))
        return self.annotate(is_starred=Exists(stars))

    def starred_by(self, user: User) -> Self:
        return self.filter(stars__user=user).order_by("name", "pk")

    def meant_by(self, slug: str, *, lists: Collection[str], user: User) -> Self:
        """What this person means by a name in an address: their own before another's."""
        found = self.visible_to(user).filter(slug=slug, list_name__in=lists)
        own = Case(When(user=user, then=0), default=1)
        return found.annotate(whose=own).order_by("whose", "pk")


class SavedView(models.Model):
    """A list's filters and order under a name, for oneself, a team or everyone."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="saved_views")
    audience = models.CharField(max_length=10, choices=ViewAudience, default=ViewAudience.PRIVATE)
    team = models.ForeignKey(
        "Team", on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    list_name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    query = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_name", "slug"], name="savedview_slug_once_per_list"
            ),
            models.CheckConstraint(
                condition=(Q(audience=ViewAudience.TEAM) & Q(team__isnull=False))
                | (~Q(audience=ViewAudience.TEAM) & Q(team=None)),
                name="savedview_team_iff_for_team",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return self.name


class ViewStar(models.Model):
    """This person wants this view in the sidebar."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="view_stars")
    view = models.ForeignKey("SavedView", on_delete=models.CASCADE, related_name="stars")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="viewstar_once"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.user} stars {self.view}"


class RoleView(models.Model):
    """Where people with a role begin in a list."""

    list_name = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=Role)
    view = models.ForeignKey("SavedView", on_delete=models.CASCADE, related_name="beginnings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list_name", "role"], name="roleview_once"),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.role} begin at {self.view}"
