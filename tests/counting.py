"""How many statements a page sends to the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

# what the sign-in library notes of every visit, whatever the page
SESSION_NOTES = ("usersessions_", "SAVEPOINT")


def count_queries(client, url: str, **options) -> int:
    """Of a visit that is not the first, and each statement once; a file is read to its end."""
    visit(client, url, **options)
    with CaptureQueriesContext(connection) as captured:
        visit(client, url, **options)
    sent = {query["sql"] for query in captured.captured_queries}
    return sum(not any(note in sql for note in SESSION_NOTES) for sql in sent)


def visit(client, url: str, **options) -> None:
    response = client.get(url, **options)
    if response.streaming:
        list(response.streaming_content)
