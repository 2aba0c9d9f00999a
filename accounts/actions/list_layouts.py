from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import ListLayout
from supportsuccess import audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User


@transaction.atomic
def arrange_list(list_name: str, *, columns: Sequence[str], density: str, by: User) -> ListLayout:
    """Remember which columns of a list a person looks at, and how much room a row has."""
    with audit.group("arrange_list", by=by):
        layout, _ = ListLayout.objects.update_or_create(
            user=by,
            list_name=list_name,
            defaults={"columns": list(columns), "density": density},
        )
    return layout


@transaction.atomic
def forget_layout(list_name: str, *, by: User) -> None:
    """Show the list to a person as it is by itself."""
    with audit.group("forget_layout", by=by):
        ListLayout.objects.visible_to(by).of_list(list_name).delete()
