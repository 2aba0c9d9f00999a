"""Why somebody is told, when their mail may come, and what a day's digest is."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from supportsuccess import audit

if TYPE_CHECKING:
    from accounts.models.people import User

MORNING = time(8)


class NoticeReason(models.TextChoices):
    """Ends the sentence "You get this because …"."""

    RECEIVER = "receiver", "you are its receiver"
    RECEIVER_STAND_IN = "receiver_stand_in", "you stand in for its receiver, who is away"
    HOLDER = "holder", "you answer for it from now on"
    FORMER_HOLDER = "former_holder", "you answered for it until now"
    SENDER = "sender", "you handed it over"
    SENDER_STAND_IN = "sender_stand_in", "you stand in for who handed it over, who is away"
    LEAD = "lead", "you lead a team that it is between"
    LEAD_STAND_IN = "lead_stand_in", "you stand in for the lead of its team, who is away"
    INVOLVED = "involved", "it concerns you"


class NoticeHoursQuerySet(models.QuerySet["NoticeHours"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)


class NoticeHours(models.Model):
    """When a person's mail may come: their quiet hours and days, and the hour of the digest."""

    user = models.OneToOneField("User", on_delete=models.CASCADE, related_name="notice_hours")
    # from evening to morning where the end is earlier than the beginning
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    is_quiet_on_days_off = models.BooleanField(default=False)
    digest_at = models.TimeField(default=MORNING)

    objects = NoticeHoursQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False)),
                name="noticehours_quiet_has_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None) | ~Q(quiet_from=models.F("quiet_until")),
                name="noticehours_quiet_is_not_all_day",
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"hours of {self.user}"


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def waiting_for_mail(self, pk: int) -> Self:
        """The digest if it was not mailed, locked against a second mail."""
        waiting = self.filter(pk=pk, mailed_at=None, user__is_active=True).select_related("user")
        return waiting.select_for_update(of=("self",), no_key=True)


class Digest(models.Model):
    """One mail a day of what a person should know and need not act on."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="digests")
    # the person's day
    on = models.DateField()
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "on"], name="digest_one_a_day"),
        ]
        triggers = audit.unaudited("follows from what is audited")

    def __str__(self) -> str:
        return f"digest of {self.on} for {self.user}"
