"""What a value means today: one that was merged into another means that one, wherever one counts.

Querysets annotate `meant()`; statements by hand write `MEANT`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from tickets.models import ASKED_DIMENSIONS, Labeling, LabelValue, Learning

if TYPE_CHECKING:
    from django.db.models import Expression

    from tickets.models.tickets import TicketQuerySet

# the id that the value `v` of a statement means
MEANT = "coalesce(v.merged_into_id, v.id)"


def meant(what: str = "value") -> Expression:
    """Of an answer the value that it means, or what that one says: `meant("value__name")`."""
    heir = what.replace("value", "value__merged_into", 1)
    return Coalesce(F(heir), F(what))


def labelled_with(tickets: TicketQuerySet, value_id: int) -> TicketQuerySet:
    """Tickets whose standing answer means this value, or one of this area."""
    value = LabelValue.objects.get(pk=value_id)
    meaning = list(LabelValue.objects.meaning(value_id).values_list("pk", flat=True))
    said = Labeling.objects.filter(ticket=OuterRef("pk"), dimension=value.dimension)
    newest = said.filter(batch__withdrawn_at=None).order_by("-occurred_at", "-pk").values("value")
    ever = tickets.filter(Exists(said.filter(value__in=meaning)))
    return ever.alias(said=Subquery(newest[:1])).filter(said__in=meaning)


def nothing_unusual(tickets: TicketQuerySet) -> TicketQuerySet:
    """Tickets with every answer, of which none says anything unusual."""
    said = Labeling.objects.filter(ticket=OuterRef("pk"), batch__withdrawn_at=None)
    newest = said.order_by("-occurred_at", "-pk").values(usual=meant("value__is_nothing_unusual"))
    of_each = {
        f"usual_{dimension}": Subquery(newest.filter(dimension=dimension)[:1])
        for dimension in ASKED_DIMENSIONS
    }
    answered = tickets.filter(learning=Learning.ANSWERED)
    return answered.alias(**of_each).filter(**dict.fromkeys(of_each, True))


def values_by_slug() -> dict[tuple[str, str], LabelValue]:
    """What can be answered, by dimension and slug; a merged value's slug leads to its heir."""
    active = {value.pk: value for value in LabelValue.objects.active()}
    merged = LabelValue.objects.filter(merged_into__in=active)
    heirs = {(value.dimension, value.slug): active[value.merged_into_id] for value in merged}  # type: ignore[index]  # those have one
    return heirs | {(value.dimension, value.slug): value for value in active.values()}


def values_in_use() -> dict[int, int]:
    """By value what it means, as far as that can be answered."""
    found = LabelValue.objects.values_list("pk", "merged_into")
    active = set(LabelValue.objects.active().values_list("pk", flat=True))
    meant = ((pk, heir or pk) for pk, heir in found)
    return {pk: value for pk, value in meant if value in active}
