from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from django.db import transaction

from accounts.models import Channel, ChatHook, NoticeReason, Notification
from accounts.queries.notice_kinds import kind_of
from accounts.queries.notice_routes import channel_for, is_counted, wishes_of
from accounts.queries.quiet_hours import mail_hours_of
from supportsuccess import outbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from accounts.queries.notice_kinds import NoticeKind
    from accounts.queries.notice_routes import Wishes

    type Urgency = Literal["normal", "critical"]

# so long a mail waits for an undo
HELD_FOR = timedelta(seconds=10)
TITLE_LENGTH = 300


class Told(NamedTuple):
    """Why a person is told, and the address of their own at which they can answer."""

    reason: NoticeReason
    answer_path: str = ""


FOR_NO_REASON = Told(NoticeReason.INVOLVED)
NOT_SAID: Mapping[int, Told] = {}


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    kind: str,
    title: str,
    path: str,
    key: str,
    at: datetime,
    told: Mapping[int, Told] = NOT_SAID,
    urgency: Urgency = "normal",
    team_id: int | None = None,
) -> list[Notification]:
    """Tell people in the app at once, each once per key; by mail what waits for them.

    Follows from an action and joins its transaction. The mail leaves after ten seconds, or when a
    person's quiet hours end, which what is critical does not wait for; what waits for nobody is in
    the next digest. The chats of these people, and that of the team named, are told of what waits
    when its mail leaves. `kind` is in the table of kinds, or LookupError is raised.
    """
    known = kind_of(kind)
    before = set(Notification.objects.filter(key=key).values_list("user_id", flat=True))
    people = [user for user in users if user.is_active and user.pk not in before]
    wishes = wishes_of([user.pk for user in people], kinds=[kind]) if people else {}
    about = {"kind": kind, "title": title[:TITLE_LENGTH], "path": path, "key": key}
    made = Notification.objects.bulk_create(
        Notification(
            user=user,
            **about,
            created_at=at,
            **_routed(known, told.get(user.pk, FOR_NO_REASON), wishes.get(user.pk, {}), at=at),
        )
        for user in people
    )
    _promise_mail(made, at=at, urgency=urgency)
    if made and team_id is not None and known.can_wait:
        _promise_chat(ChatHook.objects.filter(team=team_id), kind=kind, run_at=at + HELD_FOR)
    return made


def _routed(kind: NoticeKind, told: Told, wishes: Wishes, *, at: datetime) -> dict[str, Any]:
    """Why a person is told, and how: by which channel, and whether the bell counts it."""
    reason = told.reason
    return {
        "reason": reason,
        "answer_path": told.answer_path,
        "channel": channel_for(kind, reason=reason, wishes=wishes),
        "read_at": None if is_counted(kind, reason=reason, wishes=wishes) else at,
    }


def _promise_mail(made: Sequence[Notification], *, at: datetime, urgency: Urgency) -> None:
    by_mail = [notice for notice in made if notice.channel == Channel.MAIL]
    is_held = urgency == "normal" and bool(by_mail)
    user_ids = [notice.user_id for notice in by_mail]
    hooks = list(ChatHook.objects.filter(user__in=user_ids)) if by_mail else []
    hours = mail_hours_of(user_ids, at=at) if is_held else {}
    for notice in by_mail:
        leaves_at = at + HELD_FOR
        if notice.user_id in hours:
            leaves_at = hours[notice.user_id].leaves_at(leaves_at)
        outbox.promise("send_notification", notification_id=notice.pk, run_at=leaves_at)
        own = [hook for hook in hooks if hook.user_id == notice.user_id]
        _promise_chat(own, kind=notice.kind, run_at=leaves_at)


def _promise_chat(hooks: Iterable[ChatHook], *, kind: str, run_at: datetime) -> None:
    for hook in hooks:
        outbox.promise("send_chat", hook_id=hook.pk, kind=kind, run_at=run_at)


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
