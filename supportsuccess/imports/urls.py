from django.urls import path

from supportsuccess.imports import views

app_name = "imports"

urlpatterns = [
    path("imports/", views.import_list, name="list"),
    path("imports/new/", views.import_new, name="new"),
    path("imports/<int:pk>/", views.import_detail, name="detail"),
    path("imports/<int:pk>/refusals.csv", views.refusals, name="refusals"),
    path("imports/<int:pk>/check/", views.check, name="check"),
    path("imports/<int:pk>/run/", views.run, name="run"),
    path("imports/<int:pk>/undo/", views.undo, name="undo"),
]
