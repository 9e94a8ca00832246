"""Addresses of this app."""

from django.urls import URLPattern

app_name = "recipients"
urlpatterns: list[URLPattern] = []
