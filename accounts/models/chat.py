from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models.teams import Team
from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models.people import User


class ChatHookQuerySet(models.QuerySet["ChatHook"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the teams whose chat one sets."""
        return self.filter(Q(user=user) | Q(team__in=Team.objects.chat_set_by(user)))

    def of(self, owner: User | Team) -> Self:
        """That of a person or of a team."""
        return self.filter(team=owner) if isinstance(owner, Team) else self.filter(user=owner)


class ChatHook(models.Model):
    """Where a person or a team is told by chat; the address is a secret of theirs."""

    user = models.OneToOneField(
        "User", on_delete=models.CASCADE, null=True, blank=True, related_name="chat_hook"
    )
    team = models.OneToOneField(
        "Team", on_delete=models.CASCADE, null=True, blank=True, related_name="chat_hook"
    )
    url = models.CharField(max_length=500)
    created_at = models.DateTimeField(db_default=Now())

    objects = ChatHookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="chathook_of_person_or_team",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="chathook_url_is_https"
            ),
        ]
        triggers = audit.recorded(personal=("url",))

    def __str__(self) -> str:
        return f"chat of {self.user or self.team}"
