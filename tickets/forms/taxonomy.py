"""Values of the taxonomy as forms: what one says, and what it is merged into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify

from tickets.actions.taxonomy import NewValue, ValueContent
from tickets.forms.handoffs import choice_of
from tickets.models import Dimension, LabelValue

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User

# what the panel's own keys leave free
KEYS = "abdefimpqrstuwy"


class ValueForm(forms.Form):
    """What a value is called, what it means, and where it stands."""

    name = forms.CharField(max_length=60)
    definition = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When to choose it, in one sentence; shown beside it on the panel.",
    )
    area = forms.ModelChoiceField(
        LabelValue.objects.none(), required=False, empty_label="None: stands alone"
    )
    key = forms.ChoiceField(
        required=False,
        choices=[("", "None"), *((key, key) for key in KEYS)],
        help_text="Pressed on the label panel. No two values of a dimension have the same.",
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, user: User, value: LabelValue) -> None:
        super().__init__(data, initial=_initial(value))
        areas = LabelValue.objects.visible_to(user).areas()
        choice_of(self, "area").queryset = areas.filter(dimension=value.dimension)
        if value.is_area:
            del self.fields["area"], self.fields["key"]
        elif value.key and value.key not in KEYS:  # “nothing unusual” is always on its own
            self.fields["key"] = forms.ChoiceField(choices=[(value.key, value.key)])

    def content(self) -> ValueContent:
        """What was asked for; call it once the form is valid."""
        given = self.cleaned_data
        return ValueContent(
            name=given["name"],
            definition=given["definition"],
            key=given.get("key", ""),
            area=given.get("area"),
        )

    def show_newest(self, value: LabelValue) -> None:
        """Keep what was typed, and take what stands now as seen."""
        given = {name: self.data[name] for name in self.data}
        self.data = given | {"seen": str(value.version)}


class NewValueForm(ValueForm):
    """A value that is not there yet, or an area for some."""

    is_area = forms.BooleanField(
        required=False, label="An area: groups other values, and is no answer itself"
    )

    def __init__(self, data: QueryDict | None = None, *, user: User, dimension: Dimension) -> None:
        super().__init__(data, user=user, value=LabelValue(dimension=dimension))
        self.dimension = dimension

    def new_value(self) -> NewValue:
        """What was asked for; call it once the form is valid."""
        content = self.content()
        is_area = self.cleaned_data["is_area"]
        return NewValue(
            dimension=self.dimension,
            slug=slugify(content.name)[:60] or "value",
            name=content.name,
            definition=content.definition,
            key="" if is_area else content.key,
            area=None if is_area else content.area,
            is_area=is_area,
        )


class MergeForm(forms.Form):
    """The value that another's answers count to from now on."""

    into = forms.ModelChoiceField(
        LabelValue.objects.none(),
        label="Merge into",
        empty_label="Choose a value",
        error_messages={
            "required": "Choose the value that its answers count to.",
            "invalid_choice": "That value is not in use. Choose one of those shown.",
        },
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, user: User, value: LabelValue) -> None:
        super().__init__(data, initial={"seen": value.version}, auto_id="merge_%s")
        others = LabelValue.objects.visible_to(user).for_panel().exclude(pk=value.pk)
        choice_of(self, "into").queryset = others.filter(dimension=value.dimension)


class SeenForm(forms.Form):
    """The version of a value that somebody saw."""

    seen = forms.IntegerField(min_value=0)


def _initial(value: LabelValue) -> dict[str, Any]:
    return {
        "name": value.name,
        "definition": value.definition,
        "key": value.key,
        "area": value.parent_id,
        "seen": value.version,
    }
