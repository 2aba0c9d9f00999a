"""What every page knows about how it is shown. Touches no database."""

from dataclasses import dataclass

from django.http import HttpRequest

THEMES = ("system", "light", "dark")
KEYS = ("on", "off")
THEME_COOKIE, KEYS_COOKIE = "theme", "keys"


@dataclass(frozen=True, kw_only=True, slots=True)
class Display:
    """A person's choices for this browser, kept in cookies so that the first paint has them."""

    theme: str
    keys: str


def display(request: HttpRequest) -> dict[str, Display]:
    """The theme, and whether single keys work."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    keys = request.COOKIES.get(KEYS_COOKIE, "")
    return {
        "display": Display(
            theme=theme if theme in THEMES else "system",
            keys=keys if keys in KEYS else "on",
        )
    }
