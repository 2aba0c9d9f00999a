"""What is said of a problem, and which one a ticket is linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from supportsuccess.lists.bulk import BulkForm
from tickets.actions.problems import ProblemContent
from tickets.forms.handoffs import choice_of
from tickets.models import INHERITED_DIMENSIONS, NOT_YET_KNOWN, LabelValue, Problem, ProblemState

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User

LARGEST_ID = 2**63 - 1
LABEL_HELP = "Every linked ticket inherits it, unless a person or a file says otherwise there."


def _label(label: str) -> forms.ModelChoiceField[LabelValue]:
    return forms.ModelChoiceField(
        LabelValue.objects.none(), required=False, label=label, empty_label="Not said"
    )


class ProblemForm(forms.Form):
    title = forms.CharField(max_length=200, help_text="As a colleague would call it.")
    error_signature = forms.CharField(
        max_length=200, required=False, help_text="The code or message by which it is recognised."
    )
    tracker_key = forms.CharField(max_length=60, required=False, label="Key in the tracker")
    state = forms.ChoiceField(choices=ProblemState.choices, initial=ProblemState.OPEN)
    root_cause = _label("Root cause")
    fix_category = _label("Fix")
    product_feedback = _label("Product feedback")
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, user: User, problem: Problem | None = None
    ) -> None:
        super().__init__(data, initial=_initial(problem) if problem else None)
        values = LabelValue.objects.visible_to(user).exclude(slug=NOT_YET_KNOWN)
        for dimension in INHERITED_DIMENSIONS:
            # what was said before may have gone out of use since, and can stay
            stands = Q(pk=getattr(problem, f"{dimension}_id", None))
            usable = values.filter(
                stands | Q(is_active=True, merged_into=None), dimension=dimension
            )
            choice_of(self, dimension).queryset = usable.order_by("position", "name", "pk")
        self.fields[INHERITED_DIMENSIONS[0]].help_text = LABEL_HELP

    def content(self) -> ProblemContent:
        """What was asked for; call it once the form is valid."""
        return ProblemContent(**{name: self.cleaned_data[name] for name in ProblemContent._fields})


class LinkedForm(forms.Form):
    """The problem that is chosen, or the title of one that nobody has named yet."""

    problem = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    title = forms.CharField(required=False, max_length=200)


class LinkInBulkForm(BulkForm):
    problem = forms.ModelChoiceField(Problem.objects.none())

    def prepare(self) -> None:
        """Those that nobody has settled stand first."""
        choice: Any = self.fields["problem"]
        choice.queryset = Problem.objects.visible_to(self.user).for_choice()


def _initial(problem: Problem) -> dict[str, Any]:
    said = {name: getattr(problem, name) for name in ProblemContent._fields}
    return said | {"seen": problem.version}
