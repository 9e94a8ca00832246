"""Addresses of accounts, organisations and cadres."""

from django.urls import path

from cadres.views import account, areas

app_name = "cadres"
urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("me/password/", account.password_change, name="password_change"),
    path("areas/villages/", areas.village_options, name="village_options"),
    path("me/text-size/", account.text_size, name="text_size"),
]
