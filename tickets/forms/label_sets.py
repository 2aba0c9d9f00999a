"""Saving the values on the panel as a set on a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from tickets.forms.handoffs import choice_of
from tickets.models import ASKED_DIMENSIONS, SET_KEYS, Dimension, LabelValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from accounts.models import User
    from tickets.queries.label_sets import PanelSet


class LabelSetForm(forms.Form):
    """Which key, what the set is called, and the values that were chosen."""

    key = forms.ChoiceField(label="On key", choices=SET_KEYS)
    name = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autofocus": True}))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        chosen: QueryDict | None = None,
        taken: Iterable[PanelSet],
    ) -> None:
        names = {one.key: one.name for one in taken}
        free = next((key for key, _ in SET_KEYS if key not in names), SET_KEYS[0][0])
        super().__init__(data, initial={"key": free} | (chosen.dict() if chosen else {}))
        choice_of(self, "key").choices = [
            (key, f"{key}, now “{names[key]}”" if key in names else key) for key, _ in SET_KEYS
        ]
        values = LabelValue.objects.visible_to(user).for_panel()
        for dimension in ASKED_DIMENSIONS:
            self.fields[dimension.value] = forms.ModelChoiceField(
                values.filter(dimension=dimension), required=False, widget=forms.HiddenInput
            )

    def values(self) -> dict[Dimension, LabelValue]:
        """What the set answers; of a valid form."""
        given = {dimension: self.cleaned_data[dimension] for dimension in ASKED_DIMENSIONS}
        return {dimension: value for dimension, value in given.items() if value is not None}
