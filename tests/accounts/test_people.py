from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actions import people
from accounts.models import Role, User
from supportsuccess.errors import Refused
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = f"{PASSWORD}, renewed"
WEAK_PASSWORD = PASSWORD[:5]


def test_create_person_can_sign_in(client):
    people.create_person(
        "Ines@Example.com", name="Ines", role=Role.CSM, by=UserFactory(), password=PASSWORD
    )

    assert client.login(email="ines@example.com", password=PASSWORD)


def test_nobody_signs_up(client):
    stranger = {"email": "stranger@example.com", "password1": NEW_PASSWORD}

    page = client.post("/accounts/signup/", stranger).content.decode()

    assert "Sign Up Closed" in page
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["nonsense", "", "a@b"])
def test_create_person_refuses_what_is_no_address(email):
    with pytest.raises(Refused, match="not an e-mail address"):
        people.create_person(email, name="X", role=Role.AGENT, by=UserFactory())


def test_create_person_refuses_a_taken_address():
    taken = UserFactory()

    with pytest.raises(Refused, match="works here already"):
        people.create_person(taken.email.upper(), name="X", role=Role.AGENT, by=taken)


def test_create_person_refuses_a_weak_password():
    with pytest.raises(Refused) as refusal:
        people.create_person(
            "x@example.com", name="X", role=Role.AGENT, by=UserFactory(), password=WEAK_PASSWORD
        )

    assert refusal.value.field == "password"


def test_set_password_replaces_the_former_one(client):
    user = UserFactory()

    people.set_password(user, password=NEW_PASSWORD, by=user)

    assert client.login(email=user.email, password=NEW_PASSWORD)


def test_deactivate_person_ends_the_sign_in(client):
    user = UserFactory()

    people.deactivate_person(user, by=UserFactory(), at=timezone.now())

    assert not client.login(email=user.email, password=PASSWORD)


def test_deactivate_person_refuses_oneself():
    admin = UserFactory(role=Role.ADMIN)

    with pytest.raises(Refused, match="another administrator"):
        people.deactivate_person(admin, by=admin, at=timezone.now())


def test_create_admin_reads_the_password_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))

    call_command("create_admin", "root@example.com", "--password-stdin", stdout=StringIO())

    assert User.objects.get(email="root@example.com").role == Role.ADMIN


def test_create_admin_without_a_terminal_says_what_to_do(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO(""))

    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_admin", "root@example.com")
