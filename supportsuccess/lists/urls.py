from django.conf import settings
from django.urls import path

from supportsuccess.lists import views

app_name = "lists"

urlpatterns = []
if getattr(settings, "STYLEGUIDE", settings.DEBUG):
    urlpatterns += [
        path("styleguide/", views.styleguide, name="styleguide"),
        path("styleguide/<int:pk>/", views.styleguide_row, name="styleguide_row"),
    ]
