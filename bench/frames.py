"""A floor's page: rows by `str.format` alone, in as many bytes as the real page has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# The real pages, by their floors' addresses: what stands around a floor's rows.
FRAMES: dict[str, bytes] = {}


def filled(url: str, rows: Sequence[Sequence[Any]]) -> bytes:
    """The real page, the rows in it made anew."""
    cells = "<td>{}</td>" * (len(rows[0]) if rows else 0)
    template = f"<tr>{cells}</tr>"
    made = "".join([template.format(*row) for row in rows]).encode()
    frame = FRAMES[url]
    return frame[: max(len(frame) - len(made), 0)] + made
