from datetime import timedelta

from django.utils import timezone

from accounts.actions.tokens import create_token
from tests.factories.people import UserFactory


def token_for(user=None, *, scopes=("read", "write"), days=1):
    """A key for this person, or for a new agent."""
    person = user or UserFactory()
    now = timezone.now()
    return create_token(
        person,
        name="test",
        scopes=scopes,
        expires_at=now + timedelta(days=days),
        by=person,
        at=now,
    )


def bearer(key):
    return {"Authorization": f"Bearer {key}"}
