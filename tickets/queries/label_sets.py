"""A person's sets of values, as the label panel offers them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import Concat

from tickets.models import LabelSetValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from accounts.models import User
    from tickets.models import LabelValue
    from tickets.models.labels import LabelValueQuerySet


class PanelSet(NamedTuple):
    """A set on its key, and the values that it chooses."""

    key: str
    name: str
    values: Sequence[int]


def with_sets(values: LabelValueQuerySet, *, user: User) -> LabelValueQuerySet:
    """With the sets of this person that mean each value, each its key and then its name."""
    meaning = Q(value=OuterRef("pk")) | Q(value__merged_into=OuterRef("pk"))
    own = LabelSetValue.objects.filter(meaning, label_set__user=user)
    named = own.annotate(called=Concat("label_set__key", "label_set__name")).values("called")
    return values.annotate(sets=ArraySubquery(named))


def sets_among(values: Iterable[LabelValue]) -> list[PanelSet]:
    """The sets that these values, asked with theirs, are in, in the order of their keys."""
    found: dict[str, list[int]] = defaultdict(list)
    for value in values:
        for called in getattr(value, "sets", ()):
            found[called].append(value.pk)
    return [PanelSet(called[0], called[1:], ids) for called, ids in sorted(found.items())]


def own_sets(user: User, *, values: LabelValueQuerySet) -> list[PanelSet]:
    """This person's sets, in one query."""
    return sets_among(with_sets(values, user=user))
