"""Addresses of needs."""

from django.urls import path

from casework import views

app_name = "casework"
urlpatterns = [
    path("", views.need_list, name="need_list"),
    path("<uuid:pk>/", views.need_detail, name="need_detail"),
    path("<uuid:pk>/<slug:move>/", views.need_move, name="need_move"),
    path("raise/<uuid:pk>/", views.need_raise, name="need_raise"),
    path("of/<uuid:pk>/", views.of_recipient, name="of_recipient"),
]
