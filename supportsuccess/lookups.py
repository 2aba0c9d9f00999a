"""What a condition can say of a column beyond Django's own lookups."""

from __future__ import annotations

from typing import Any

from django.db.models import Lookup


class IsAnyOf(Lookup):
    """Whether a column is any of these: `Q(IsAnyOf(F("pk"), ids))`.

    Thousands of numbers are one array, which PostgreSQL reads in half the time of as many signs.
    """

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The column, and all of them as one parameter."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, list(self.rhs))
