from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Now

from accounts.models.notices import NoticeReason
from accounts.models.teams import Membership
from supportsuccess import audit

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models.chat import ChatHook
    from accounts.models.people import User


class TokenScope(models.TextChoices):
    READ = "read", "Read"
    WRITE = "write", "Write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def usable(self, at: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at, user__is_active=True)


class ApiToken(models.Model):
    """A key that lets a program act as a person; shown once, kept as a hash."""

    user = models.ForeignKey("User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=TokenScope))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="apitoken_has_scope"),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=TokenScope.values), name="apitoken_scopes_known"
            ),
        ]
        triggers = audit.recorded(personal=("key_hash",))

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"


class TokenUse(models.Model):
    """When a token was last used, beside it so that reading writes no audit."""

    token = models.OneToOneField(
        "ApiToken", on_delete=models.CASCADE, primary_key=True, related_name="use"
    )
    last_used_at = models.DateTimeField()

    class Meta:
        triggers = audit.unaudited("technical: written by reading")

    def __str__(self) -> str:
        return f"{self.token} at {self.last_used_at}"


class Channel(models.TextChoices):
    APP = "app", "In the app"
    MAIL = "mail", "Mail at once"
    DIGEST = "digest", "Daily digest"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def told_in(self, hook: ChatHook) -> Self:
        """What the person, or those who belong to the team now, were told whose chat this is."""
        if hook.user_id:
            return self.filter(user=hook.user_id)
        members = Membership.objects.filter(team=hook.team_id, during__contains=Now())
        return self.filter(user__in=members.values("user"))

    def counts_by_kind(self) -> dict[str, int]:
        """How many there are of each kind, most first."""
        counted = self.values_list("kind").annotate(count=Count("pk"))
        return dict(counted.order_by("-count", "kind"))

    def waiting_for_mail(self, pk: int) -> Self:
        """The notice if it was neither mailed, recalled nor read meanwhile; locked against it."""
        waiting = self.unread().filter(pk=pk, mailed_at=None, user__is_active=True)
        waiting = waiting.select_related("user")
        return waiting.select_for_update(of=("self",), no_key=True)

    def for_digest(self, *, before: datetime) -> Self:
        """What waits for the next digest of who still works here, and has not been read."""
        waiting = self.unread().filter(channel=Channel.DIGEST, digest=None, user__is_active=True)
        return waiting.filter(created_at__lte=before)


class Notification(models.Model):
    """Something a person should know, with the page it is about."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    path = models.CharField(max_length=300)
    # one notice per person and happening, however often its maker runs
    key = models.CharField(max_length=120)
    reason = models.CharField(
        max_length=20, choices=NoticeReason, db_default=NoticeReason.INVOLVED.value
    )
    # where it can be answered, by a link of this person's own; empty where there is no answer
    answer_path = models.CharField(max_length=400, blank=True, db_default="")
    # how it leaves the app, if at all
    channel = models.CharField(max_length=10, choices=Channel, db_default=Channel.MAIL.value)
    digest = models.ForeignKey(
        "Digest", on_delete=models.SET_NULL, null=True, blank=True, related_name="notifications"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_once"),
            models.CheckConstraint(
                condition=Q(path__startswith="/"), name="notification_path_is_here"
            ),
            models.CheckConstraint(
                condition=Q(answer_path="") | Q(answer_path__startswith="/"),
                name="notification_answer_path_is_here",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=NoticeReason.values), name="notification_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="notification_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(digest=None) | Q(channel=Channel.DIGEST),
                name="notification_in_a_digest_waited_for_it",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            models.Index(
                fields=["user"], condition=Q(read_at=None), name="notification_unread_by_user"
            ),
            models.Index(
                fields=["user"],
                condition=Q(channel=Channel.DIGEST, digest=None, read_at=None),
                name="notification_for_digest",
            ),
        ]
        triggers = audit.unaudited("follows from what is audited")

    def __str__(self) -> str:
        return self.title


class NotificationPreferenceQuerySet(models.QuerySet["NotificationPreference"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(user=user)

    def about(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)


class NotificationPreference(models.Model):
    """Whether a person wants one kind of notice on one channel; without a row its table says."""

    user = models.ForeignKey(
        "User", on_delete=models.CASCADE, related_name="notification_preferences"
    )
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    is_wanted = models.BooleanField()

    objects = NotificationPreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], name="notificationpreference_once"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="notificationpreference_channel_known"
            ),
        ]
        triggers = audit.recorded()

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"
