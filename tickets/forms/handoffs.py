"""What people type into a handoff: one form for each move that takes words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from accounts.models import User
from accounts.models.people import UserQuerySet
from accounts.permissions import roles_that_may
from tickets.models import (
    HandoffOutcome,
    HandoffType,
    LeadsDecision,
    Priority,
    ReturnReason,
    Ticket,
)

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from tickets.models import Handoff

SENTENCE = 300
TEXT = 2000
YES_OR_NO = {"yes": True, "no": False}


class NewHandoffForm(forms.Form):
    type = forms.ChoiceField(
        choices=HandoffType.choices, widget=forms.Select(attrs={"autofocus": True})
    )
    need = forms.CharField(
        label="What the customer needs",
        max_length=SENTENCE,
        help_text="One sentence. Enter hands over.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.NORMAL)
    receiver = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="Whoever answers for the customer"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_of(self, "receiver").queryset = receivers(user)


class StepForm(forms.Form):
    """One move of one handoff, on a page with the forms of other moves."""

    # its own fields apart, what went wrong stands at the top of the page
    tells_above = False

    def __init__(
        self,
        data: MultiValueDict[str, str] | None = None,
        *,
        name: str,
        handoff: Handoff,
        user: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, auto_id=f"{name}_%s", **kwargs)
        self.name = name
        self.handoff = handoff
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to what this person may choose for this handoff."""


class BareForm(StepForm):
    """A move without words of one's own."""

    tells_above = True


class QuestionForm(StepForm):
    question = forms.CharField(
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "q", "data-key-label": "Ask"}),
    )


class AnswerForm(StepForm):
    answer = forms.CharField(
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "q", "data-key-label": "Answer"}),
    )


class ReturnForm(StepForm):
    reason = forms.ChoiceField(
        label="Return because",
        choices=[("", "Choose a reason"), *ReturnReason.choices],
        widget=forms.Select(attrs={"data-key": "r", "data-key-label": "Return"}),
    )
    note = forms.CharField(
        required=False, max_length=SENTENCE, help_text="What is missing, or who it is for."
    )


class OfferAgainForm(StepForm):
    need = forms.CharField(
        label="What the customer needs",
        max_length=SENTENCE,
        widget=forms.TextInput(attrs={"data-key": "h", "data-key-label": "Offer again"}),
    )
    receiver = forms.ModelChoiceField(User.objects.none(), required=False)

    def prepare(self) -> None:
        self.fields["need"].initial = self.handoff.need
        choice_of(self, "receiver").queryset = receivers(self.user)
        choice_of(self, "receiver").empty_label = f"{self.handoff.receiver.name} again"


class DecideForm(StepForm):
    tells_above = True
    decision = forms.ChoiceField(choices=LeadsDecision.choices)
    reason = forms.CharField(
        max_length=SENTENCE,
        widget=forms.TextInput(attrs={"data-key": "r", "data-key-label": "Reason"}),
    )
    receiver = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="Offer it to",
        help_text="Where it is kept, nobody.",
    )

    def prepare(self) -> None:
        choice_of(self, "receiver").queryset = receivers(self.user)
        choice_of(self, "receiver").empty_label = f"{self.handoff.receiver.name} again"


class NextStepForm(StepForm):
    step = forms.CharField(
        label="Next step",
        max_length=SENTENCE,
        widget=forms.TextInput(attrs={"data-key": "n", "data-key-label": "Next step"}),
    )
    on = forms.DateField(label="On", widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        self.fields["step"].initial = self.handoff.next_step
        self.fields["on"].initial = self.handoff.next_step_on


class CompleteForm(StepForm):
    outcome = forms.ChoiceField(
        choices=[("", "Choose the outcome"), *HandoffOutcome.choices],
        widget=forms.Select(attrs={"data-key": "e", "data-key-label": "Complete"}),
    )
    note = forms.CharField(required=False, max_length=SENTENCE)


class ReasonForm(StepForm):
    reason = forms.CharField(max_length=SENTENCE)


class JudgeForm(BareForm):
    is_useful = forms.TypedChoiceField(
        choices=[("yes", "Useful"), ("no", "Not useful")], coerce=YES_OR_NO.__getitem__
    )


class ReassignForm(StepForm):
    from_user = forms.ModelChoiceField(User.objects.all(), widget=forms.HiddenInput)
    to = forms.ModelChoiceField(User.objects.none(), empty_label="Choose who answers from now on")
    reason = forms.CharField(max_length=SENTENCE)

    def prepare(self) -> None:
        self.fields["from_user"].initial = self.handoff.receiver_id
        choice_of(self, "to").queryset = receivers(self.user)


class AddTicketForm(BareForm):
    ticket = forms.ModelChoiceField(Ticket.objects.none())

    def prepare(self) -> None:
        choice_of(self, "ticket").queryset = Ticket.objects.visible_to(self.user)


def receivers(user: User) -> UserQuerySet:
    """People whom a handoff can go to, as this person may see them."""
    roles = roles_that_may("tickets.receive_handoff")
    return UserQuerySet(User).visible_to(user).active().with_role(*roles).for_choice()


def choice_of(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    """The field by this name, whose rows the form narrows once it knows the person."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])
