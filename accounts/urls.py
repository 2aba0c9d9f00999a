from django.urls import path

from accounts.views import (
    chat,
    list_layouts,
    mail_links,
    notice_settings,
    notifications,
    saved_views,
    settings,
    teams,
)

app_name = "accounts"

urlpatterns = [
    path("views/", saved_views.saved_views, name="views"),
    path("views/starred/", saved_views.starred, name="starred"),
    path("views/<int:pk>/star/", saved_views.star, name="view_star"),
    path("views/<int:pk>/unstar/", saved_views.unstar, name="view_unstar"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
    path("me/settings/", settings.settings, name="settings"),
    path("display/", settings.display, name="display"),
    path("lists/<slug:list_name>/columns/", list_layouts.list_layout, name="list_layout"),
    path("teams/", teams.teams, name="teams"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications_read"),
    path("notifications/unread/", notifications.unread, name="notifications_unread"),
    path("me/notifications/", notice_settings.notice_settings, name="notice_settings"),
    path("me/chat/", chat.own_chat, name="own_chat"),
    path("teams/<int:pk>/chat/", chat.team_chat, name="team_chat"),
    path("notifications/stop/<str:token>/", mail_links.stop_mail, name="stop_mail"),
    path("notifications/<int:pk>/", notifications.notification, name="notification"),
]
