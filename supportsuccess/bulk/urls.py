from django.urls import path

from supportsuccess.bulk import edits, views

app_name = "bulk"

urlpatterns = [
    path("bulk/rows/", views.rows, name="rows"),
    path("bulk/<int:pk>/undo/", views.undo, name="undo"),
    path("bulk/<slug:list_name>/<slug:action_name>/", views.bulk, name="bulk"),
    path("bulk/<slug:list_name>/<slug:action_name>/<int:pk>/", edits.edit, name="edit"),
]
