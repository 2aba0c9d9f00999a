"""How a notice leaves the app: by mail at once, in the day's digest, or not at all."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Channel, NotificationPreference
from accounts.queries.notice_kinds import DIGEST, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from accounts.models import NoticeReason


class Way(models.TextChoices):
    """What a person chooses for one kind: a preference row for each channel that differs."""

    MAIL = "mail", "Mail at once"
    DIGEST = "digest", "Daily digest"
    APP = "app", "In the app only"
    SILENT = "silent", "Listed, not counted"


# (kind, channel) → whether it is wanted
type Wishes = Mapping[tuple[str, str], bool]


def wishes_of(user_ids: Collection[int], *, kinds: Collection[str]) -> dict[int, Wishes]:
    """What people chose for these kinds and for the digest as a whole."""
    chosen = NotificationPreference.objects.filter(user__in=user_ids).about(*kinds, DIGEST)
    found: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for user_id, kind, channel, is_wanted in chosen.values_list(
        "user_id", "kind", "channel", "is_wanted"
    ):
        found[user_id][kind, channel] = is_wanted
    return dict(found)


def channel_for(kind: NoticeKind, *, reason: NoticeReason, wishes: Wishes) -> Channel:
    """At once what waits for this person, else in the digest; both as far as they want it."""
    is_at_once = wishes.get((kind.name, Channel.MAIL), kind.can_wait)
    if is_at_once and (kind.waits(reason) or not kind.can_wait):
        return Channel.MAIL
    is_wanted = wishes.get((kind.name, Channel.DIGEST), True)
    return Channel.DIGEST if is_wanted and has_digest(wishes) else Channel.APP


def has_digest(wishes: Wishes) -> bool:
    """Whether a person wants the digest at all."""
    return wishes.get((DIGEST, Channel.DIGEST), True)


def is_counted(kind: NoticeKind, *, reason: NoticeReason, wishes: Wishes) -> bool:
    """Whether the bell counts it; what waits for somebody it always does."""
    return kind.waits(reason) or wishes.get((kind.name, Channel.APP), True)


def ways_for(kind: NoticeKind) -> list[Way]:
    """What can be chosen: what waits for somebody is never left uncounted."""
    return [way for way in Way if way != Way.SILENT or not kind.can_wait]


def way_of(kind: NoticeKind, *, wishes: Wishes) -> Way:
    """What holds for this kind, chosen or not."""
    if not wishes.get((kind.name, Channel.APP), True):
        return Way.SILENT
    if wishes.get((kind.name, Channel.MAIL), kind.can_wait):
        return Way.MAIL
    return Way.DIGEST if wishes.get((kind.name, Channel.DIGEST), True) else Way.APP


def wishes_for(kind: NoticeKind, *, way: Way) -> dict[Channel, bool]:
    """The preference rows that say so; none where it is what the table says anyway."""
    wanted = {
        Channel.APP: way != Way.SILENT,
        Channel.MAIL: way == Way.MAIL,
        Channel.DIGEST: way in {Way.MAIL, Way.DIGEST},
    }
    usual = {Channel.APP: True, Channel.MAIL: kind.can_wait, Channel.DIGEST: True}
    return {channel: wish for channel, wish in wanted.items() if wish != usual[channel]}
