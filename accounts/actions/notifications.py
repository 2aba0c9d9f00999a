from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Channel, Notification, NotificationPreference
from supportsuccess import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User

# so long a mail waits for an undo
HELD_FOR = timedelta(seconds=10)
TITLE_LENGTH = 300


@transaction.atomic
def notify(
    users: Iterable[User], *, kind: str, title: str, path: str, key: str, at: datetime
) -> list[Notification]:
    """Tell people in the app at once and by mail after ten seconds; each person once per key.

    Follows from an action and joins its transaction. `kind` in plain words ("handoff_offered") is
    all that the mail says besides the link.
    """
    told = set(Notification.objects.filter(key=key).values_list("user_id", flat=True))
    made = Notification.objects.bulk_create(
        Notification(
            user=user, kind=kind, title=title[:TITLE_LENGTH], path=path, key=key, created_at=at
        )
        for user in users
        if user.is_active and user.pk not in told
    )
    no_mail = NotificationPreference.objects.unwanted(kind, channel=Channel.MAIL)
    spared = set(no_mail.values_list("user_id", flat=True)) if made else set()
    for notification in made:
        if notification.user_id not in spared:
            outbox.promise(
                "send_notification", notification_id=notification.pk, run_at=at + HELD_FOR
            )
    return made


@transaction.atomic
def recall(key: str, *, at: datetime) -> int:
    """Take notices back whose mail has not gone out yet, because what they tell was undone."""
    held = Notification.objects.filter(key=key, mailed_at=None, created_at__gt=at - HELD_FOR)
    ids = list(held.select_for_update(no_key=True).values_list("pk", flat=True))
    for notification_id in ids:
        outbox.withdraw("send_notification", notification_id=notification_id)
    Notification.objects.filter(pk__in=ids).delete()
    return len(ids)


def read_notification(notification: Notification, *, at: datetime) -> None:
    """Mark one notice as read."""
    Notification.objects.unread().filter(pk=notification.pk).update(read_at=at)


def read_notifications(user: User, *, at: datetime) -> int:
    """Mark all of a person's notices as read; how many were not."""
    return Notification.objects.visible_to(user).unread().update(read_at=at)


def read_notifications_about(path: str, *, user: User, at: datetime) -> int:
    """Mark a person's notices about a page as read, since they are looking at it."""
    return Notification.objects.visible_to(user).unread().filter(path=path).update(read_at=at)
