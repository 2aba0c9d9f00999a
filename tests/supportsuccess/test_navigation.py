import pytest
from django.test import override_settings
from django.urls import include, path

from accounts.permissions import ALL_PERMISSIONS
from supportsuccess import navigation

tickets = ([path("", id, name="inbox"), path("handoffs/", id, name="handoffs")], "tickets")
insights = ([path("", id, name="home"), path("customers/", id, name="customers")], "insights")
urlpatterns = [path("inbox/", include(tickets)), path("", include(insights))]


class Person:
    def __init__(self, *permissions):
        self.permissions = permissions

    def has_perm(self, permission):
        return permission in self.permissions


ALL = Person(*(item.permission for group in navigation.GROUPS for item in group.items))


@pytest.fixture(autouse=True)
def _urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def labels(groups):
    return [item.label for group in groups for item in group.items]


def test_pages_that_do_not_exist_are_left_out():
    assert labels(navigation.groups_for(ALL, path="/")) == [
        "Home",
        "Inbox",
        "Handoffs",
        "Customers",
    ]


def test_pages_that_are_not_allowed_are_left_out():
    groups = navigation.groups_for(Person("tickets.view_ticket"), path="/")

    assert labels(groups) == ["Inbox"]


@pytest.mark.parametrize(
    ("here", "current"),
    [
        ("/", "Home"),
        ("/customers/7/", "Customers"),
        ("/inbox/handoffs/", "Handoffs"),
        ("/inbox/12/", "Inbox"),
        ("/elsewhere/", None),
    ],
)
def test_the_deepest_page_one_is_within_is_current(here, current):
    groups = navigation.groups_for(ALL, path=here)

    found = [item.label for group in groups for item in group.items if item.is_current]
    assert found == ([current] if current else [])


def test_keys_of_the_sidebar_are_unique():
    keys = [item.key for group in navigation.GROUPS for item in group.items if item.key]

    assert len(keys) == len(set(keys))


def test_permissions_of_the_sidebar_exist():
    asked = {item.permission for group in navigation.GROUPS for item in group.items}

    assert asked - {""} <= ALL_PERMISSIONS
