"""Columns that tell of money: for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

OF_MONEY = frozenset({"arr", "arr_rank", "expected_loss", "priority"})


def without_money(columns: Iterable[str], *, user: User) -> list[str]:
    """The columns that this person may take along."""
    is_allowed = user.has_perm("accounts.view_money")
    return [name for name in columns if is_allowed or name not in OF_MONEY]
