"""What a chat is told by its incoming webhook: a kind, a count and a link, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from accounts.models import Notification
from accounts.queries.notice_kinds import label_of
from supportsuccess.outgoing import post_json

if TYPE_CHECKING:
    from accounts.models import ChatHook


def tell(hook: ChatHook, *, kind: str, message_id: str) -> None:
    """Say how many of a kind nobody has read, if any. Raises Refused and NotDelivered."""
    count = Notification.objects.unread().told_in(hook).filter(kind=kind).count()
    if not count:  # read, or taken back, before it was time
        return
    link = f"{settings.PUBLIC_URL}{reverse('accounts:notifications')}?{urlencode({'kind': kind})}"
    post_json(
        hook.url, {"text": f"{label_of(kind)}: {count} unread. {link}"}, message_id=message_id
    )
