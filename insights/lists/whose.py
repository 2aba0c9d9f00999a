"""Whose rows a list shows: one's own and those one covers, everyone's, nobody's, or a person's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from accounts.models import User
from accounts.queries.roster import roster_of
from supportsuccess.lists.filters import asked_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from supportsuccess.lists.filters import Filters

MINE, EVERYONE, NOBODY = "me", "all", "none"


class Owned(Protocol):
    """Rows that somebody may own."""

    def owned_by(self, user_ids: Collection[int]) -> Self: ...
    def unowned(self) -> Self: ...


def whose(filters: Filters) -> Iterable[tuple[str, str]]:
    """The choices; one's own by number, so that a colleague who gets the address sees the same."""
    me, asked = str(filters.user.pk), filters.asked.get("owner", "")
    mine = MINE if asked == MINE else me
    choices = [(mine, "Mine"), (EVERYONE, "Everyone's"), (NOBODY, "Nobody's")]
    if asked != me:
        choices += asked_row(filters, "owner", among=User.objects.visible_to(filters.user))
    return choices


def of_owner[Rows: Owned](rows: Rows, filters: Filters, *, owner: str) -> Rows:
    """The rows of whom the URL names."""
    if owner == EVERYONE:
        return rows
    if owner == NOBODY:
        return rows.unowned()
    user_id = filters.user.pk if owner == MINE else int(owner)
    return rows.owned_by({user_id, *roster_of([], at=filters.now).covered_by(user_id)})
