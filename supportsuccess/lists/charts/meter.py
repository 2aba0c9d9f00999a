"""How full something is, as a bar in a line of text."""

from typing import Literal

from django.utils.safestring import SafeString

from supportsuccess.lists.charts.geometry import Value
from supportsuccess.lists.html import html

type Tone = Literal["accent", "good", "warn", "bad"]


def meter(value: Value | None, *, of: Value, label: str, tone: Tone = "accent") -> SafeString:
    """How full something is; an unknown value is an empty bar that says so."""
    share = 0.0 if value is None or not of else min(max(float(value) / float(of), 0.0), 1.0)
    return html(
        '<svg class="meter meter-{}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        ' aria-label="{}: {}"><rect width="{}" height="6"/></svg>',
        tone,
        label,
        "unknown" if value is None else f"{share:.0%}",
        f"{share * 100:.1f}",
    )
