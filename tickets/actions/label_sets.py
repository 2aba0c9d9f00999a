"""A person's own sets of values, each on a key of the label panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.models import LabelSet, LabelSetValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tickets.models import Dimension, LabelValue


@transaction.atomic
def save_label_set(
    key: str, *, name: str, values: Mapping[Dimension, LabelValue], by: User
) -> LabelSet:
    """Put values on a key of one's panel, in place of what is on it.

    Raises Refused without a value, and for one out of use.
    """
    with audit.group("save_label_set", by=by):
        _refuse_values(values)
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        label_set, _ = LabelSet.objects.update_or_create(user=by, key=key, defaults={"name": name})
        LabelSetValue.objects.filter(label_set=label_set).delete()
        LabelSetValue.objects.bulk_create(
            LabelSetValue(label_set=label_set, dimension=dimension, value=value)
            for dimension, value in values.items()
        )
    return label_set


def _refuse_values(values: Mapping[Dimension, LabelValue]) -> None:
    if not values:
        raise Refused("The set would be empty. Choose a value on the panel first.")
    for dimension, value in values.items():
        if value.dimension != dimension or not value.is_active:
            raise Refused(f"“{value}” is out of use. Choose another value first.")
