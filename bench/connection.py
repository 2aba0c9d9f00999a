"""What one query costs through Django, beside psycopg alone: the floor under all other figures."""

from collections.abc import Iterator

from django.db import connection

from bench.figures import Figure, beside
from bench.floors import Floor

QUERY = "SELECT id, app_label, model FROM django_content_type ORDER BY id"


def figures() -> Iterator[Figure]:
    floor = Floor()
    yield beside("one small query", _through_django, lambda: floor.rows(QUERY), must=4, aim=2)


def _through_django() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        return cursor.fetchall()
