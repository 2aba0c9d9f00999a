from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Contact, TouchKind

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Customer, User

# The commonest first; the arrow keys go round.
KINDS = (
    TouchKind.CALL,
    TouchKind.EMAIL,
    TouchKind.REVIEW,
    TouchKind.VISIT,
    TouchKind.NOTE,
    TouchKind.MEETING,
)


class TouchForm(forms.Form):
    kind = forms.ChoiceField(
        label="What was it?",
        choices=[(kind.value, kind.label) for kind in KINDS],
        initial=TouchKind.CALL,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    is_two_way = forms.BooleanField(label="They answered", required=False, initial=True)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    contacts = forms.ModelMultipleChoiceField(
        label="With",
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    happened_on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *arguments: Any,
        customer: Customer,
        user: User,
        at: datetime,
        day: date,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.at, self.day = at, day
        self.fields["happened_on"].initial = day.isoformat()
        contacts = Contact.objects.visible_to(user).at_customer(customer)
        field = cast("forms.ModelMultipleChoiceField[Contact]", self.fields["contacts"])
        field.queryset = contacts
        if not contacts:
            del self.fields["contacts"]

    def clean_happened_on(self) -> date:
        happened_on: date = self.cleaned_data["happened_on"]
        if happened_on > self.day:
            raise ValidationError("A touch is logged once it has happened.")
        return happened_on

    @property
    def occurred_at(self) -> datetime:
        """Now, for today; noon of an earlier day."""
        happened_on: date = self.cleaned_data["happened_on"]
        if happened_on == self.day:
            return self.at
        return min(datetime.combine(happened_on, time(12), tzinfo=UTC), self.at)
