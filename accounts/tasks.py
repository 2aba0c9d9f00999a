from django.utils import timezone

from accounts import emails
from accounts.models import Digest, Notification
from supportsuccess import outbox


@outbox.handler("send_notification")
def send_notification(*, notification_id: int) -> None:
    for notification in Notification.objects.waiting_for_mail(notification_id):
        emails.send_notification(notification)
        notification.mailed_at = timezone.now()
        notification.save(update_fields=["mailed_at"])


@outbox.handler("send_digest")
def send_digest(*, digest_id: int) -> None:
    for digest in Digest.objects.waiting_for_mail(digest_id):
        notices = digest.notifications.unread()
        if counts := notices.counts_by_kind():
            emails.send_digest(digest, counts=counts)
            digest.mailed_at = timezone.now()
            digest.save(update_fields=["mailed_at"])
            notices.update(mailed_at=digest.mailed_at)
