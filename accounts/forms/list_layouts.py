from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from supportsuccess.lists.layouts import Density

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supportsuccess.lists.table import Column


class LayoutForm(forms.Form):
    """The columns that are ticked, in the order of their lines, and the one that is moved."""

    order = forms.MultipleChoiceField()
    columns = forms.MultipleChoiceField(required=False)
    density = forms.ChoiceField(choices=Density.choices)
    up = forms.ChoiceField(required=False)
    down = forms.ChoiceField(required=False)

    def __init__(self, *arguments: Any, columns: Iterable[Column[Any]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        names = [(column.name, column.label) for column in columns]
        for name in ("order", "columns", "up", "down"):
            cast("forms.ChoiceField", self.fields[name]).choices = names

    @property
    def chosen(self) -> list[str]:
        """The columns that are ticked, one of them a place up or down."""
        said = self.cleaned_data
        names = [name for name in dict.fromkeys(said["order"]) if name in said["columns"]]
        for name, step in ((said["up"], -1), (said["down"], 1)):
            if name in names:
                place = max(names.index(name) + step, 0)
                names.remove(name)
                names.insert(place, name)
        return names
