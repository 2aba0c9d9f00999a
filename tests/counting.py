"""How many statements a page sends to the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

# what the sign-in library notes of every visit, whatever the page
SESSION_NOTES = ("usersessions_", "SAVEPOINT")


def count_queries(client, url: str) -> int:
    """Of a visit that is not the first, and each statement once."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    sent = {query["sql"] for query in captured.captured_queries}
    return sum(not any(note in sql for note in SESSION_NOTES) for sql in sent)
