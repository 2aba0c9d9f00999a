from django.utils import timezone

from accounts import emails
from accounts.adapters import chat
from accounts.models import ChatHook, Digest, Notification
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


@outbox.handler("send_chat")
def send_chat(*, hook_id: int, kind: str) -> None:
    for hook in ChatHook.objects.filter(pk=hook_id):
        chat.tell(hook, kind=kind, message_id=outbox.stable_id())
