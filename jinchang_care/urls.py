"""Which app answers at which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("cadres.urls")),
    path("", include("recipients.urls")),
    path("imports/", include("intake.urls")),
    path("visits/", include("visits.urls")),
    path("needs/", include("casework.urls")),
    path("rosters/", include("rosters.urls")),
]

handler400 = "common.errors.bad_request"
handler403 = "common.errors.forbidden"
handler404 = "common.errors.not_found"
handler500 = "common.errors.server_error"
