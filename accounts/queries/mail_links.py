"""The signed addresses in mails that stop a kind of mail without a sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.core import signing

from accounts.models import User
from accounts.queries.notice_kinds import DIGEST, KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

SALT = "accounts.stop-mail"


class WrongLink(Exception):
    """A link that is not ours, or to nothing that is still there."""


class StopLink(NamedTuple):
    """Whose mail of which kind a link stops."""

    user: User
    kind: str


def stop_token(user_id: int, *, kind: str) -> str:
    """What a link names them by; it never ends, since an old mail must be stoppable, too."""
    return signing.Signer(salt=SALT).sign_object([user_id, kind])


def read_stop_token(token: str) -> StopLink:
    """The person and kind of a link. Raises WrongLink, for who has left, too."""
    try:
        user_id, kind = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError) as wrong:
        raise WrongLink from wrong
    user = User.objects.active().filter(pk=user_id).first()
    if user is None or kind not in _kinds():
        raise WrongLink
    return StopLink(user, kind)


def _kinds() -> Collection[str]:
    return {DIGEST, *KINDS}
