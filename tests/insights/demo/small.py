"""Larkfield with all its stories and few other customers: loaded in seconds."""

import pytest

from insights.demo import book

FEW = {"enterprise": 6, "mid": 24, "annual": 12, "monthly": 4}
LEAVERS_CUSTOMERS = 5


def make_small(patch: pytest.MonkeyPatch) -> None:
    """Let the book be small until the patch is undone."""
    patch.setattr(book, "COUNTS", FEW)
    patch.setattr(book, "LEAVERS_CUSTOMERS", LEAVERS_CUSTOMERS)
