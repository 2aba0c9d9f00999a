"""Mails to people who work here: links and counts, never what a customer said or pays.

A mail is said once, as lines, and written as text and as HTML from them.
"""

from __future__ import annotations

from email.policy import default as default_policy
from email.utils import formataddr
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import NoticeReason, Notification
from accounts.queries.mail_links import stop_token
from accounts.queries.notice_kinds import DIGEST, label_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from email.message import EmailMessage as PythonMessage
    from email.policy import Policy

    from accounts.models import Digest, User

# RFC 5322
LONGEST_LINE = 998


class Line(NamedTuple):
    """A line of a mail and where it leads."""

    text: str
    url: str


class Mail(NamedTuple):
    """What a mail says, before it is text or HTML; whose choice of which kind stops it."""

    subject: str
    lines: Sequence[Line]
    why: str
    kind: str
    message_id: str


class Message(EmailMultiAlternatives):
    """A message whose headers stand on one line, as long as they may be.

    A link that is broken into encoded words, as long ones are otherwise, is none to a mail program.
    """

    def message(self, *, policy: Policy[Any] | None = None) -> PythonMessage:
        unfolded = (policy or default_policy).clone(max_line_length=LONGEST_LINE)
        return super().message(policy=unfolded)


def send_notification(notification: Notification) -> None:
    """Mail a notice as a link and a count: nothing of what a customer said or pays leaves here."""
    label = label_of(notification.kind)
    mail = Mail(
        subject=label,
        lines=[
            Line("Open it", _ours(notification.path)),
            *_answer(notification.answer_path),
            _unread(notification.user),
        ],
        why=f"You get this because {NoticeReason(notification.reason).label}.",
        kind=notification.kind,
        message_id=f"notification-{notification.pk}",
    )
    _send(mail, to=notification.user)


def send_digest(digest: Digest, *, counts: Mapping[str, int]) -> None:
    """Mail a day's digest: how many of each kind, each number a link to them."""
    total = sum(counts.values())
    mail = Mail(
        subject="1 notice" if total == 1 else f"{total} notices",
        lines=[
            *(Line(f"{label_of(kind)}: {count}", _of_kind(kind)) for kind, count in counts.items()),
            _unread(digest.user),
        ],
        why="You get this because it concerns you and nothing of it waits for you.",
        kind=DIGEST,
        message_id=f"digest-{digest.pk}",
    )
    _send(mail, to=digest.user)


def _send(mail: Mail, *, to: User) -> None:
    stop_url = _ours(reverse("accounts:stop_mail", args=[stop_token(to.pk, kind=mail.kind)]))
    context = {
        "mail": mail,
        "stop_url": stop_url,
        "choice_url": _ours(f"{reverse('accounts:notice_settings')}#id_{_choice_of(mail.kind)}"),
    }
    message = Message(
        mail.subject,
        render_to_string("accounts/mail/mail.txt", context),
        to=[formataddr((to.name, to.email))],
        headers={
            # a mail sent twice after a crash is one mail to whoever receives it
            "Message-ID": f"<{mail.message_id}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("accounts/mail/mail.html", context), "text/html")
    message.send()


def _choice_of(kind: str) -> str:
    """The field of the settings that stops mail of this kind."""
    return "has_digest" if kind == DIGEST else kind


def _answer(path: str) -> list[Line]:
    return [Line("Accept or return it", _ours(path))] if path else []


def _unread(user: User) -> Line:
    count = Notification.objects.visible_to(user).unread().count()
    noun = "notice" if count == 1 else "notices"
    return Line(f"You have {count} unread {noun}", _ours(reverse("accounts:notifications")))


def _of_kind(kind: str) -> str:
    return f"{_ours(reverse('accounts:notifications'))}?{urlencode({'kind': kind})}"


def _ours(path: str) -> str:
    return settings.PUBLIC_URL + path
