"""Addresses of rosters and differences."""

from django.urls import path

from rosters.views import differences, rosters

app_name = "rosters"
urlpatterns = [
    path("", rosters.roster_list, name="roster_list"),
    path("upload/", rosters.roster_upload, name="roster_upload"),
    path("check/", rosters.registry_check, name="registry_check"),
    path("<uuid:pk>/", rosters.roster_detail, name="roster_detail"),
    path("<uuid:pk>/compare/", rosters.roster_compare, name="roster_compare"),
    path("differences/", differences.difference_list, name="difference_list"),
    path(
        "differences/<uuid:pk>/",
        differences.difference_settle,
        name="difference_settle",
    ),
    path(
        "differences/<uuid:pk>/reopen/",
        differences.difference_reopen,
        name="difference_reopen",
    ),
]
