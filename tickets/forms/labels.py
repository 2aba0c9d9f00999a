"""The label panel as a form: one field a dimension, and what the person had seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from tickets.models import ASKED_DIMENSIONS, Dimension, ExemptReason, Labeling, LabelValue
from tickets.queries.learning import missing_dimensions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from tickets.models import Suggestion
    from tickets.queries.labels import Standing, Taxonomy


@dataclass(frozen=True)
class Question:
    """A dimension on the panel: its values, which of them is chosen, and what is wrong."""

    field: forms.BoundField
    values: list[LabelValue]
    stands: Labeling | None
    suggestion: Suggestion | None

    @property
    def standing(self) -> str:
        """Who or what answered it already, and how."""
        if self.stands is None or self.stands.value is None:
            return ""
        return f"{self.stands.value}, {self.stands.whose}"

    @property
    def chosen(self) -> str:
        return str(self.field.value() or "")


MARK = re.compile(r"(\d{1,18})\.([a-z]+-\d)")


def marked_alike(data: QueryDict) -> dict[int, str]:
    """The tickets marked beside the questions, and how their labels stood when they were shown."""
    if "with_alike" not in data:
        return {}
    marks = filter(None, map(MARK.fullmatch, data.getlist("alike")))
    return {int(mark[1]): mark[2] for mark in marks}


class LabelForm(forms.Form):
    """Answers to all asked dimensions; "nothing unusual" answers those that were left out."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    nothing_unusual = forms.BooleanField(required=False)
    accept = forms.BooleanField(required=False)
    # the suggestions that the person saw; the template writes those that are shown now
    suggested = forms.CharField(required=False)

    def __init__(
        self, data: QueryDict | None = None, *, taxonomy: Taxonomy, standing: Standing
    ) -> None:
        stands = {name: row.value_id for name, row in standing.labelings.items()}
        super().__init__(data, initial={"seen": standing.newest, **stands})
        self.taxonomy = taxonomy
        self.standing = standing
        self.suggestions = {
            name: taxonomy.suggested[name]
            for name in ASKED_DIMENSIONS
            if name in taxonomy.suggested and name not in standing.labelings
        }
        for dimension in ASKED_DIMENSIONS:
            self.fields[dimension.value] = _question(dimension, taxonomy)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("accept"):
            self._refuse_unless_shown(given)
        elif not given.get("nothing_unusual"):
            self._refuse_missing(given)
        return given

    def answers(self) -> dict[Dimension, LabelValue]:
        """What was answered; call it once the form is valid."""
        chosen = {
            dimension: self.taxonomy.value(dimension, pk=self.cleaned_data[dimension])
            for dimension in ASKED_DIMENSIONS
            if self.cleaned_data[dimension]
        }
        if not self.cleaned_data["nothing_unusual"]:
            return chosen
        left = missing_dimensions(set(chosen) | set(self.standing.labelings))
        return self.taxonomy.nothing_unusual(left) | chosen

    def accepted(self) -> list[Suggestion]:
        """What was suggested where the person chose nothing else; of a valid form."""
        if not self.cleaned_data["accept"]:
            return []
        return [row for name, row in self.suggestions.items() if not self.cleaned_data[name]]

    def leaves_open(self) -> bool:
        """Whether a dimension has no answer once it is saved; of a valid form."""
        given = {*self.answers(), *(row.dimension for row in self.accepted())}
        return bool(missing_dimensions(given | set(self.standing.labelings)))

    @property
    def shown(self) -> str:
        """What is suggested here, by number."""
        return ",".join(str(row.pk) for row in self.suggestions.values())

    def show_newest(self) -> None:
        """Keep what was chosen, and take what stands now as seen."""
        given = {name: self.data[name] for name in self.data}
        self.data = given | {"seen": str(self.standing.newest)}

    def questions(self) -> Iterator[Question]:
        for dimension in ASKED_DIMENSIONS:
            stands = self.standing.labelings.get(dimension)
            suggestion = self.suggestions.get(dimension)
            yield Question(self[dimension.value], self.taxonomy.of(dimension), stands, suggestion)

    def _refuse_missing(self, given: dict[str, Any]) -> None:
        answered = {name for name in ASKED_DIMENSIONS if given.get(name)}
        for dimension in missing_dimensions(answered | set(self.standing.labelings)):
            if dimension not in self.errors:
                self.add_error(dimension.value, "Choose a value, or n: nothing unusual.")

    def _refuse_unless_shown(self, given: dict[str, Any]) -> None:
        """Only what was seen is accepted; a run in between may have said something else."""
        if not self.shown or given.get("suggested") != self.shown:
            self.add_error(None, "What is suggested has changed since you opened it. Look again.")


class ExemptForm(forms.Form):
    """Why nobody is asked for a ticket's labels."""

    reason = forms.ChoiceField(label="Why nobody is asked", choices=ExemptReason)


def _question(dimension: Dimension, taxonomy: Taxonomy) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=dimension.label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(value.pk, value.name) for value in taxonomy.of(dimension)],
        error_messages={"invalid_choice": "This value is not in use. Choose one of those shown."},
    )
