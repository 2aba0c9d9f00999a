"""A rule as a form, and as much of it as a preview needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.models import Source
from tickets.actions.label_rules import RuleContent
from tickets.forms.handoffs import choice_of
from tickets.models import Channel, Dimension, LabelRule, LabelValue, TicketKind

if TYPE_CHECKING:
    from django.http import QueryDict

    from accounts.models import User

KEYWORD_LENGTH = 60
CONDITIONS = ("keywords", "channel", "kind", "source")


class ValueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time it takes none
    def label_from_instance(self, obj: LabelValue) -> str:
        return f"{Dimension(obj.dimension).label}: {obj.name}"


class LabelRuleForm(forms.Form):
    """Of which tickets a rule answers what."""

    name = forms.CharField(max_length=100, help_text="Shown beside each answer that it gives.")
    value = ValueField(
        LabelValue.objects.none(),
        label="Answer",
        error_messages={
            "required": "Choose what the rule answers.",
            "invalid_choice": "This value is not in use. Choose one of those shown.",
        },
    )
    keywords = forms.CharField(
        required=False,
        help_text="A word or phrase a line: one of them, in the subject or in a message. "
        "For a competitor its name and its aliases.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    channel = forms.ChoiceField(required=False, choices=[("", "Any"), *Channel.choices])
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *TicketKind.choices])
    source = forms.ChoiceField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, user: User, rule: LabelRule | None = None
    ) -> None:
        super().__init__(data, initial=_initial(rule) if rule else None)
        choice_of(self, "value").queryset = LabelValue.objects.visible_to(user).for_panel()
        known = Source.objects.order_by("name").values_list("key", "name")
        self.fields["source"] = forms.ChoiceField(required=False, choices=[("", "Any"), *known])

    def clean_keywords(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["keywords"].splitlines()]
        keywords = list(dict.fromkeys(filter(None, lines)))
        for keyword in keywords:
            if len(keyword) > KEYWORD_LENGTH:
                raise forms.ValidationError(
                    f"“{keyword[:20]}…” is too long. Keep a phrase to {KEYWORD_LENGTH} characters."
                )
        return keywords

    def content(self) -> RuleContent:
        """What was asked for; call it once the form is valid."""
        said = {name: given for name, given in self.cleaned_data.items() if name != "seen"}
        return RuleContent(**said)

    def rule_to_preview(self) -> LabelRule | None:
        """The rule, unsaved, once there is a value and a condition; its name is not asked."""
        wrong = self.errors.keys() - {"name"}
        given = {name: self.cleaned_data.get(name) for name in CONDITIONS}
        if wrong or not any(given.values()):
            return None
        return LabelRule(value=self.cleaned_data["value"], **given)


def _initial(rule: LabelRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "value": rule.value_id,
        "keywords": "\n".join(rule.keywords),
        "channel": rule.channel,
        "kind": rule.kind,
        "source": rule.source,
        "seen": rule.version,
    }
