from django.utils import timezone

from accounts import emails
from accounts.models import Notification
from supportsuccess import outbox


@outbox.handler("send_notification")
def send_notification(*, notification_id: int) -> None:
    for notification in Notification.objects.waiting_for_mail(notification_id):
        emails.send_notification(notification)
        notification.mailed_at = timezone.now()
        notification.save(update_fields=["mailed_at"])
