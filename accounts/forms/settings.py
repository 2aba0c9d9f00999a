"""How a person wants pages shown."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from django import forms

from accounts.models import Theme

# Names that the database of zones keeps for machines, or for what was written long ago.
NO_PLACES = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")


@lru_cache(maxsize=1)
def timezone_choices() -> list[tuple[str, str]]:
    """UTC, then the places, by the alphabet."""
    places = (name for name in available_timezones() if "/" in name)
    shown = sorted(name for name in places if not name.startswith(NO_PLACES))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in shown)]


class SettingsForm(forms.Form):
    """One's own settings."""

    theme = forms.ChoiceField(choices=Theme.choices, widget=forms.RadioSelect)
    timezone = forms.ChoiceField(
        label="Time zone",
        choices=timezone_choices,
        help_text="Moments are shown in it. Renewal dates are dates, the same for everybody.",
    )
    has_shortcuts = forms.BooleanField(
        label="Single keys",
        required=False,
        help_text="Letters like j, k or ? do something while you are not typing. Ctrl-K and what"
        " the browser does with Tab, Enter and Escape always work.",
    )
