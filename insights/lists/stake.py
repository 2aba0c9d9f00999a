"""What the home page shows of a renewal at stake."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from insights.lists.renewals import decision_cell, health_link, why_link
from insights.queries.stake import StakeRow
from supportsuccess.lists import cells
from supportsuccess.lists.table import Column, Table

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


def stake_table(user: User, *, currency: str, today: date) -> Table[StakeRow]:
    """The first renewals at stake, as this person may see them."""
    money = Column[StakeRow](
        label="ARR", align="end", cell=lambda row: cells.money(row.arr, currency=currency)
    )
    return replace(
        STAKE,
        columns=[
            Column(label="Customer", lead="yes", cell=lambda row: row.customer_name),
            *([money] if user.has_perm("accounts.view_money") else []),
            Column(label="Decision", cell=lambda row: decision_cell(row, today=today)),
            Column(
                label="Health", cell=lambda row: health_link(row.customer_id, row.score, row.band)
            ),
            Column(
                label="Why it changed",
                grow="yes",
                cell=lambda row: why_link(row.customer_id, row.change_sentence),
            ),
        ],
    )


STAKE = Table[StakeRow](
    id="stake",
    caption="Renewals at stake, by priority",
    label=lambda row: row.customer_name,
    url="insights:renewal",
    columns=[],
)
