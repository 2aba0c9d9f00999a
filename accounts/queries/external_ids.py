"""What we call the things that another system names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Contact, Customer, Team, sort_name_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def customers_named(names: Iterable[str], *, source: str) -> dict[str, int]:
    """Customers by what a source calls them: its own id, else the one customer of that name."""
    wanted = set(names)
    known = dict(
        Customer.objects.filter(source=source, external_id__in=wanted).values_list(
            "external_id", "pk"
        )
    )
    return known | _by_unique_name(wanted - known.keys())


def contacts_named(names: Iterable[str], *, source: str) -> dict[str, int]:
    """Contacts by the id that a source gives them."""
    found = Contact.objects.filter(source=source, external_id__in=set(names))
    return dict(found.values_list("external_id", "pk"))


def teams_named(names: Iterable[str], *, source: str) -> dict[str, int]:
    """Teams by the id that a source gives them."""
    found = Team.objects.filter(source=source, external_id__in=set(names))
    return dict(found.values_list("external_id", "pk"))


def _by_unique_name(names: Iterable[str]) -> dict[str, int]:
    sort_names = {name: sort_name_of(name) for name in names}
    found: dict[str, list[int]] = {}
    same = Customer.objects.filter(sort_name__in=set(sort_names.values()), retired_at=None)
    for sort_name, pk in same.values_list("sort_name", "pk"):
        found.setdefault(sort_name, []).append(pk)
    return {
        name: found[sort_name][0]
        for name, sort_name in sort_names.items()
        if len(found.get(sort_name, ())) == 1
    }
