"""Addresses of this app."""

from django.urls import URLPattern, path

from intake.views import batches, columns, upload

app_name = "intake"
urlpatterns: list[URLPattern] = [
    path("", upload.batch_list, name="batch_list"),
    path("new/", upload.upload, name="upload"),
    path("templates/<slug:kind>/", upload.template, name="template"),
    path("<uuid:pk>/", batches.batch_detail, name="batch_detail"),
    path("<uuid:pk>/progress/", batches.batch_progress, name="batch_progress"),
    path("<uuid:pk>/columns/", columns.batch_columns, name="batch_columns"),
    path("<uuid:pk>/ticks/", columns.batch_ticks, name="batch_ticks"),
    path("<uuid:pk>/confirm/", batches.batch_confirm, name="batch_confirm"),
    path("<uuid:pk>/answer/", batches.batch_answer, name="batch_answer"),
    path("<uuid:pk>/undo/", batches.batch_undo, name="batch_undo"),
    path("<uuid:pk>/file/", batches.batch_file, name="batch_file"),
    path("<uuid:pk>/errors/", batches.batch_errors, name="batch_errors"),
    path("<uuid:pk>/rows/<uuid:row_pk>/", batches.row_correct, name="row_correct"),
]
