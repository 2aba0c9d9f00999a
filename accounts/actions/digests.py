"""The one mail a day of what people should know and need not act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from accounts.actions.notifications import HELD_FOR
from accounts.models import Notification
from accounts.queries.quiet_hours import mail_hours_of
from supportsuccess import outbox

if TYPE_CHECKING:
    from datetime import date, datetime

# Of two that collect at once the second waits here for the first, and then makes none.
OPEN_DIGESTS = """
    INSERT INTO accounts_digest (user_id, "on", created_at)
    SELECT user_id, day, %s FROM unnest(%s::bigint[], %s::date[]) AS due (user_id, day)
    ORDER BY user_id
    ON CONFLICT (user_id, "on") DO NOTHING
    RETURNING id, user_id
"""


@transaction.atomic
def collect_digests(*, at: datetime) -> int:
    """Make the digest of everybody whose morning has come; how many were made.

    Follows from what people were told, and does nothing when it is asked again that day.
    """
    waiting = Notification.objects.for_digest(before=at - HELD_FOR)
    user_ids = set(waiting.values_list("user_id", flat=True))
    hours = mail_hours_of(user_ids, at=at) if user_ids else {}
    days = {pk: day for pk, one in hours.items() if (day := one.digest_day(at))}
    made = _open_digests(days, at=at) if days else []
    for digest_id, user_id in made:
        waiting.filter(user=user_id).update(digest=digest_id)
        outbox.promise("send_digest", digest_id=digest_id)
    return len(made)


def _open_digests(days: dict[int, date], *, at: datetime) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DIGESTS, [at, list(days), list(days.values())])
        made: list[tuple[int, int]] = cursor.fetchall()
    return made
