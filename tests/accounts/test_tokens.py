from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actions import people, tokens
from accounts.models import ApiToken, TokenUse
from accounts.queries.tokens import usable_token
from supportsuccess.errors import Refused
from tests.factories.people import UserFactory
from tests.factories.tokens import bearer, token_for

pytestmark = pytest.mark.django_db
LIST = "/api/v1/customers/"


def test_create_token_keeps_only_a_hash():
    key = token_for()

    kept = ApiToken.objects.get()
    assert key.endswith(key.split("_", 2)[2])
    assert key.split("_", 2)[2] not in (kept.key_hash, kept.prefix)


def test_usable_token_finds_its_person():
    user = UserFactory()

    assert usable_token(token_for(user), at=timezone.now()).user == user


@pytest.mark.parametrize("spoil", [lambda key: f"{key}x", lambda key: key[4:], lambda key: key[:0]])
def test_usable_token_refuses_a_wrong_key(spoil):
    assert usable_token(spoil(token_for()), at=timezone.now()) is None


def test_usable_token_ends():
    key = token_for(days=1)

    assert usable_token(key, at=timezone.now() + timedelta(days=2)) is None


def test_revoke_token_ends_it_once():
    key = token_for()
    token = ApiToken.objects.get()

    tokens.revoke_token(token, by=token.user, at=timezone.now())

    assert usable_token(key, at=timezone.now()) is None
    with pytest.raises(Refused, match="revoked already"):
        tokens.revoke_token(token, by=token.user, at=timezone.now())


@pytest.mark.parametrize(
    ("scopes", "days", "field"),
    [((), 1, "scopes"), (("all",), 1, "scopes"), (("read",), 0, "expires_at")],
)
def test_create_token_refuses_what_makes_no_sense(scopes, days, field):
    with pytest.raises(Refused) as refusal:
        token_for(scopes=scopes, days=days)

    assert refusal.value.field == field


def test_api_answers_a_token(client):
    assert client.get(LIST, headers=bearer(token_for())).json() == {"next": None, "results": []}


def test_api_challenges_without_a_token(client):
    response = client.get(LIST)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_api_refuses_a_token_without_the_read_scope(client):
    assert client.get(LIST, headers=bearer(token_for(scopes=("write",)))).status_code == 403


def test_api_notes_when_a_token_was_used(client):
    client.get(LIST, headers=bearer(token_for()))

    assert TokenUse.objects.count() == 1


def test_api_refuses_the_token_of_somebody_deactivated(client):
    user = UserFactory()
    key = token_for(user)
    people.deactivate_person(user, by=UserFactory(), at=timezone.now())

    assert client.get(LIST, headers=bearer(key)).status_code == 401


def test_create_token_command_prints_the_key_alone():
    user = UserFactory()
    out = StringIO()

    call_command("create_token", user.email, "--scope", "read", stdout=out)

    assert usable_token(out.getvalue().strip(), at=timezone.now()).scopes == ["read"]


def test_create_token_command_names_an_unknown_person():
    with pytest.raises(CommandError, match="Nobody with the address"):
        call_command("create_token", "nobody@example.com", "--scope", "read")
