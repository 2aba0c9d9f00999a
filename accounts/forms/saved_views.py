"""What a view is called, and whom it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from accounts.models import Role, Team, ViewAudience
from supportsuccess.lists.listing import declared_lists

if TYPE_CHECKING:
    from accounts.models import User


NO_TEAM = "You belong to no team: save the view for yourself."


class ViewForm(forms.Form):
    """A list as it stands, under a name."""

    list = forms.ChoiceField(widget=forms.HiddenInput, choices=[])
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    name = forms.CharField(max_length=100)
    audience = forms.ChoiceField(label="For", choices=ViewAudience.choices)
    team = forms.ModelChoiceField(Team.objects.none(), label="Which team", required=False)
    default_for = forms.ChoiceField(
        label="Where these people begin", choices=[("", "Nobody"), *Role.choices], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("list").choices = [(name, name) for name in declared_lists()]
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        team.queryset = Team.objects.of_member(user).for_choice()
        if not user.has_perm("accounts.share_view"):
            del self.fields["default_for"]
            everyone = ViewAudience.EVERYONE
            choices = [one for one in ViewAudience.choices if one[0] != everyone]
            self._choice("audience").choices = choices

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast("forms.ChoiceField", self.fields[name])

    def _only_team(self) -> Team | None:
        """The team of whoever has one alone; of several, one has to be chosen."""
        team = cast("forms.ModelChoiceField[Team]", self.fields["team"])
        teams = list(team.queryset or [])
        if len(teams) == 1:
            return teams[0]
        self.add_error("team", "Choose the team that it is for." if teams else NO_TEAM)
        return None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("audience") == ViewAudience.TEAM and not given.get("team"):
            given["team"] = self._only_team()
        if given.get("default_for") and given.get("audience") != ViewAudience.EVERYONE:
            self.add_error("audience", "Where people begin, everyone must be able to see.")
        return given
