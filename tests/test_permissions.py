"""Every route refuses whoever may do nothing, before it loads anything."""

import pytest
from django.apps import apps

from accounts import permissions
from accounts.models import Role
from tests.factories.people import UserFactory
from tests.factories.tokens import bearer, token_for
from tests.routes import named_routes

pytestmark = pytest.mark.django_db
# Routes that ask for no permission, and why.
OPEN_TO_ALL = {
    "healthz": "asked by machines; says nothing but that the process answers",
    "readyz": "asked by machines; says nothing but that its services answer",
    "styleguide": "exists while debugging only, and shows made-up rows",
    "accounts:stop_mail": "by a signed address: a mail program that stops mail has no session",
    "accounts:display": "chooses light or dark, before the sign-in too",
}
OPEN_WHEN_SIGNED_IN = {
    "api:schema": "describes the API; holds no rows",
    "api:docs": "describes the API; holds no rows",
    "accounts:notifications": "one's own",
    "accounts:notification": "one's own",
    "accounts:notifications_read": "one's own",
    "accounts:notifications_unread": "one's own",
    "accounts:notice_settings": "one's own",
    "accounts:own_chat": "one's own",
    "accounts:list_layout": "one's own",
    "accounts:settings": "one's own",
    "accounts:views": "one's own, and those that others share",
    "accounts:starred": "one's own",
    "accounts:view_star": "one's own",
    "accounts:view_unstar": "one's own",
    "accounts:view_delete": "one's own",
    "bulk:bulk": "each action asks for its own permission; what is none is not found",
    "bulk:edit": "each action asks for its own permission; what is none is not found",
    "insights:home": "says where to go, by what one may do",
    "insights:palette": "each of its groups asks for its own permission, or is left out",
    "insights:tour": "exists in the demo company only",
    "insights:walk_as": "exists in the demo company only",
}
# The sign-in library's own pages: it guards them, and its tests say so.
THEIRS = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")


def routes():
    return [
        pytest.param(name, path, id=name)
        for name, path in named_routes()
        if not name.startswith(THEIRS)
    ]


def answers(client, path, **options):
    return {
        _status(client.get(path, **options), path),
        client.post(path, {}, content_type="application/json", **options).status_code,
    }


def _status(response, path):
    """What only takes a form's POST leads to the page above it, whatever one may do there."""
    leads_up = response.status_code == 302 and path.startswith(response.url)
    return 405 if leads_up and path != response.url else response.status_code


@pytest.mark.parametrize(("name", "path"), routes())
def test_route_refuses_a_person_without_permissions(client, monkeypatch, *, name, path):
    monkeypatch.setattr(permissions, "ROLE_PERMISSIONS", {})
    client.force_login(UserFactory())

    seen = answers(client, path)

    if name in OPEN_TO_ALL or name in OPEN_WHEN_SIGNED_IN:
        assert not seen & {500, 503}
        return
    assert 403 in seen, f"{name} answered {seen}: name its permission, or add it with its reason"
    assert seen <= {403, 405}, f"{name} answered {seen} to somebody who may do nothing"


@pytest.mark.parametrize(("name", "path"), routes())
def test_route_sends_a_stranger_to_the_sign_in(client, name, path):
    seen = answers(client, path)

    if name not in OPEN_TO_ALL:
        assert seen <= {302, 401, 403, 405}, f"{name} answered {seen} to a stranger"
        assert 200 not in seen


@pytest.mark.parametrize(
    ("name", "path"), [r for r in routes() if r.values[1].startswith("/api/v1")]
)
def test_endpoint_refuses_a_token_without_scope(client, name, path):
    key = token_for(UserFactory(role=Role.ADMIN), scopes=("write",))

    assert client.get(path, headers=bearer(key)).status_code in (403, 405)


def test_every_route_that_asks_no_permission_exists():
    known = {route.values[0] for route in routes()}

    assert {name for name in OPEN_WHEN_SIGNED_IN if name.startswith("api:")} <= known


def test_every_permission_belongs_to_a_role_and_an_app():
    labels = {config.label for config in apps.get_app_configs()}

    assert {name.split(".")[0] for name in permissions.ALL_PERMISSIONS} <= labels


def test_an_unknown_permission_is_nobodys():
    assert not any(UserFactory(role=role).has_perm("accounts.no_such") for role in Role)


def test_somebody_deactivated_may_do_nothing():
    assert not UserFactory(role=Role.ADMIN, is_active=False).has_perm("tickets.view_ticket")
