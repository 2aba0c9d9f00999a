from __future__ import annotations

from email.utils import formataddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Notification

if TYPE_CHECKING:
    from accounts.models import User


def send_notification(notification: Notification) -> None:
    """Mail a notice as a link and a count: nothing of what a customer said or pays leaves here."""
    subject = notification.kind.replace("_", " ").capitalize()
    context = {
        "subject": subject,
        "user": notification.user,
        "url": settings.PUBLIC_URL + notification.path,
        "unread": Notification.objects.visible_to(notification.user).unread().count(),
        "notifications_url": settings.PUBLIC_URL + reverse("accounts:notifications"),
    }
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("accounts/mail/notification.txt", context),
        to=[_address_of(notification.user)],
        headers={"Message-ID": _message_id(notification)},
    )
    mail.attach_alternative(
        render_to_string("accounts/mail/notification.html", context), "text/html"
    )
    mail.send()


def _message_id(notification: Notification) -> str:
    # a mail sent twice after a crash is one mail to whoever receives it
    return f"<notification-{notification.pk}@{urlsplit(settings.PUBLIC_URL).hostname}>"


def _address_of(user: User) -> str:
    return formataddr((user.name, user.email))
