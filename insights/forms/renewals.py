from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django import forms

from accounts.forms.days import DayField

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Renewal


class RenewalForm(forms.Form):
    """What every change of a renewal carries: the version that was seen, and from where."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.CharField(widget=forms.HiddenInput, required=False)

    def on_top_of(self, renewal: Renewal) -> Self:
        """The same words over the renewal as it is now: sent again, they replace that."""
        return type(self)({**dict(self.data.items()), "version": renewal.version})


class DecisionForm(RenewalForm):
    next_step = forms.CharField(
        max_length=300, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    next_step_on = DayField(label="By", required=False)


class NextStepForm(DecisionForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["next_step"].required = True
        self.fields["next_step_on"].required = True


class SnoozeForm(RenewalForm):
    until = DayField(widget=forms.TextInput(attrs={"autofocus": True}))


def what_it_says(renewal: Renewal, *, place: str, day: date) -> dict[str, object]:
    """A form's first values: the step that stands, unless its day has passed."""
    says: dict[str, object] = {"version": renewal.version, "place": place}
    if renewal.next_step_on is not None and renewal.next_step_on > day:
        says |= {"next_step": renewal.next_step, "next_step_on": renewal.next_step_on}
    return says
