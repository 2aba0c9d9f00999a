"""What the inbox may be asked for, as its URL says it."""

from __future__ import annotations

from django import forms

from tickets.models import TicketKind
from tickets.queries.inbox import UNMATCHED, InboxFilters


class InboxForm(forms.Form):
    """The inbox's filters; what it does not know finds nothing, never everything."""

    q = forms.CharField(required=False, max_length=100)
    team = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    kind = forms.ChoiceField(required=False, choices=[("", "All kinds"), *TicketKind.choices])
    customer = forms.RegexField(regex=rf"^([1-9]\d{{0,17}}|{UNMATCHED})$", required=False)
    overdue = forms.ChoiceField(required=False, choices=[("1", "Overdue")])

    def filters(self) -> InboxFilters:
        """What was asked for; call it once the form is valid."""
        given = self.cleaned_data
        return InboxFilters(
            text=given["q"],
            team_id=given["team"],
            kind=given["kind"],
            customer=given["customer"],
            is_overdue=bool(given["overdue"]),
        )
