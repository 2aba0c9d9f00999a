"""Nothing to show: three different reasons, each with what to do next."""

from dataclasses import dataclass
from typing import Literal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

ICONS = {"nothing": "inbox", "unmatched": "search-x", "done": "check"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Empty:
    """Why there are no rows, in words of the page, and the way on."""

    kind: Literal["nothing", "unmatched", "done"]
    title: str
    text: str = ""
    icon: str = ""
    action_label: str = ""
    action_url: str = ""

    def __str__(self) -> SafeString:
        return render_to_string("components/empty.html", {"empty": self})

    def __html__(self) -> SafeString:
        return self.__str__()

    @property
    def icon_name(self) -> str:
        return self.icon or ICONS[self.kind]


def nothing_yet(title: str, *, text: str, action_label: str = "", action_url: str = "") -> Empty:
    """Nobody has made one yet; the action makes the first."""
    return Empty(
        kind="nothing", title=title, text=text, action_label=action_label, action_url=action_url
    )


def nothing_matches(title: str, *, clear_url: str) -> Empty:
    """There are some, but not with these filters."""
    return Empty(
        kind="unmatched",
        title=title,
        text="Try fewer filters or other words.",
        action_label="Clear filters",
        action_url=clear_url,
    )


def all_done(title: str, *, text: str) -> Empty:
    """The work is finished: say how much and how long it took."""
    return Empty(kind="done", title=title, text=text)
