"""Where people and teams are told by chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import ChatHook, Team
from supportsuccess import audit
from supportsuccess.outgoing import check_url

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def set_chat(owner: User | Team, *, url: str, by: User) -> None:
    """Tell a person or a team by the incoming webhook at this address. Raises Refused."""
    check_url(url)
    with audit.group("set_chat", owner, by=by):
        if isinstance(owner, Team):
            ChatHook.objects.update_or_create(team=owner, defaults={"url": url})
        else:
            ChatHook.objects.update_or_create(user=owner, defaults={"url": url})


@transaction.atomic
def stop_chat(owner: User | Team, *, by: User) -> None:
    """Tell a person or a team by chat no more; what was promised it is dropped."""
    with audit.group("stop_chat", owner, by=by):
        ChatHook.objects.of(owner).delete()
