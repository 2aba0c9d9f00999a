"""What each move of a promise asks for: the version that was seen, a reason, another day."""

from __future__ import annotations

from django import forms

from accounts.forms.days import DayField


class KeepForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="How did it come out?",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class BreakForm(KeepForm):
    note = forms.CharField(
        label="What came in between?",
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class WithdrawForm(KeepForm):
    note = forms.CharField(
        label="Why is it not needed any more?",
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )


class RenegotiateForm(KeepForm):
    due_on = DayField(label="Until when now?", widget=forms.TextInput(attrs={"autofocus": True}))
    note = forms.CharField(label="Why did they agree?", max_length=300)
    field_order = ("version", "due_on", "note")
