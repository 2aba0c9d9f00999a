"""A second person's answers, and a team's time, as forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from tickets.forms.labels import LabelForm
from tickets.models import MOST_SECONDS
from tickets.queries.labels import Standing

if TYPE_CHECKING:
    from django.http import QueryDict

    from tickets.queries.labels import Taxonomy


class SecondLabelForm(LabelForm):
    """The panel's questions without what anybody said of them, and without suggestions."""

    def __init__(self, data: QueryDict | None = None, *, taxonomy: Taxonomy) -> None:
        super().__init__(data, taxonomy=taxonomy, standing=Standing({}, 0))


class LabellingTimeForm(forms.Form):
    """How many seconds a ticket's labels take."""

    seconds = forms.IntegerField(label="Seconds a ticket", min_value=1, max_value=MOST_SECONDS)
