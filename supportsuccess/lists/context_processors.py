"""What every page knows about how it is shown. Touches no database."""

from dataclasses import dataclass

from django.http import HttpRequest

THEMES = ("system", "light", "dark")
KEYS = ("on", "off")
THEME_COOKIE, KEYS_COOKIE = "theme", "keys"


@dataclass(frozen=True, kw_only=True, slots=True)
class Display:
    """How pages are shown: as the person chose, or as this browser's cookies say."""

    theme: str
    keys: str


def display(request: HttpRequest) -> dict[str, Display]:
    """The theme, and whether single keys work; `request.display` is the person's who is known."""
    return {"display": getattr(request, "display", None) or of_browser(request)}


def of_browser(request: HttpRequest) -> Display:
    """What this browser was told last, for pages on which nobody is known."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    keys = request.COOKIES.get(KEYS_COOKIE, "")
    return Display(
        theme=theme if theme in THEMES else "system", keys=keys if keys in KEYS else "on"
    )
