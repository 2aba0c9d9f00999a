from django.urls import path

from accounts.views import notifications, teams

app_name = "accounts"

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications_read"),
    path("notifications/unread/", notifications.unread, name="notifications_unread"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
]
