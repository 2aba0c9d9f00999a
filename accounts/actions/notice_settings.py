"""How a person wants to be told: per kind and channel, in which hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from accounts.models import Channel, NoticeHours, NotificationPreference, User
from accounts.queries.notice_kinds import DIGEST, KINDS, NoticeKind
from accounts.queries.notice_routes import Way, way_of, ways_for, wishes_for, wishes_of
from supportsuccess import audit
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time


class Hours(NamedTuple):
    """When mail may come."""

    quiet_from: time | None
    quiet_until: time | None
    is_quiet_on_days_off: bool
    digest_at: time


@transaction.atomic
def change_notice_settings(
    user: User, *, ways: Mapping[str, Way], has_digest: bool, hours: Hours, by: User
) -> None:
    """Tell a person by these ways in these hours. Raises Refused for what can't be left uncounted.

    What waits for them the bell always counts.
    """
    with audit.group("change_notice_settings", user, by=by):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        for name, way in ways.items():
            _choose(user, KINDS[name], way=way)
        _keep(user, DIGEST, {} if has_digest else {Channel.DIGEST: False})
        NoticeHours.objects.update_or_create(user=user, defaults=hours._asdict())


@transaction.atomic
def stop_mail(user: User, *, kind: str) -> None:
    """Send a person no more mail of a kind, or no more digests; the app goes on telling them.

    By themselves, through the link of a mail: done again it changes nothing.
    """
    wishes = wishes_of([user.pk], kinds=[kind]).get(user.pk, {})
    if kind == DIGEST:
        with audit.group("stop_mail", user, by=user):
            _keep(user, DIGEST, {Channel.DIGEST: False})
    elif way_of(KINDS[kind], wishes=wishes) in {Way.MAIL, Way.DIGEST}:
        with audit.group("stop_mail", user, by=user):
            _choose(user, KINDS[kind], way=Way.APP)


def _choose(user: User, kind: NoticeKind, *, way: Way) -> None:
    if way not in ways_for(kind):
        raise Refused(f"{kind.label} waits for you: it is always counted.")
    _keep(user, kind.name, wishes_for(kind, way=way))


def _keep(user: User, kind: str, wishes: Mapping[Channel, bool]) -> None:
    """Make these the only rows of a kind; a row that says so already stays as it is."""
    rows = {row.channel: row for row in NotificationPreference.objects.filter(user=user, kind=kind)}
    for channel, row in rows.items():
        if wishes.get(Channel(channel)) != row.is_wanted:
            row.delete()
    for channel, is_wanted in wishes.items():
        if channel not in rows or rows[channel].is_wanted != is_wanted:
            NotificationPreference.objects.create(
                user=user, kind=kind, channel=channel, is_wanted=is_wanted
            )
