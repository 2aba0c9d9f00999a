from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.models import ApiToken, TokenUse

if TYPE_CHECKING:
    from datetime import datetime

KIND = "sts"
NOTE_USE_EVERY = timedelta(minutes=5)


def usable_token(key: str, *, at: datetime) -> ApiToken | None:
    """The token that this key opens now, with its person; none for a wrong or ended key."""
    if not key.isprintable():
        return None
    kind, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    found = ApiToken.objects.usable(at).select_related("user", "use").filter(prefix=prefix).first()
    # Compared even without a match, so that time tells nothing about prefixes.
    is_right = hmac.compare_digest(hash_of(secret), found.key_hash if found else hash_of(""))
    return found if found and is_right and kind == KIND else None


def hash_of(secret: str) -> str:
    """What is kept of a token's secret: it is long and random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Remember that a token was used, to within five minutes."""
    use: TokenUse | None = getattr(token, "use", None)
    if use is None or at - use.last_used_at > NOTE_USE_EVERY:
        TokenUse.objects.bulk_create(
            [TokenUse(token=token, last_used_at=at)],
            update_conflicts=True,
            unique_fields=["token"],
            update_fields=["last_used_at"],
        )
