"""Floors: the best single SQL through psycopg, on a connection of the app role."""

from typing import Any, LiteralString

import psycopg
from django.db import connection


class Floor:
    """A plain psycopg connection to the database that the program uses."""

    def __init__(self) -> None:
        connection.ensure_connection()
        parameters = connection.get_connection_params()
        wanted = {"dbname", "user", "password", "host", "port", "options"}
        self.connection = psycopg.connect(
            **{key: value for key, value in parameters.items() if key in wanted}, autocommit=True
        )

    def rows(self, query: LiteralString, parameters: Any = None) -> list[tuple[Any, ...]]:
        """Run and fetch, prepared from the fifth time on as psycopg does."""
        return self.connection.execute(query, parameters).fetchall()

    def run(self, query: LiteralString, parameters: Any = None) -> int:
        return self.connection.execute(query, parameters).rowcount
