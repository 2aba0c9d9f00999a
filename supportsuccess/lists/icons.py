"""Icons as inline SVG: coloured by the text around them, ignored by screen readers."""

from functools import lru_cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

STROKE = 1.75


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """The named lucide icon. Raises IconDoesNotExist."""
    return SafeString(
        lucide(name, size=size, stroke_width=STROKE, aria_hidden="true", focusable="false")
    )
