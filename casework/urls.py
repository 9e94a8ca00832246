"""Addresses of needs."""

from django.urls import path

from casework.views import needs as views
from casework.views import referrals

app_name = "casework"
urlpatterns = [
    path("", views.need_list, name="need_list"),
    path("<uuid:pk>/", views.need_detail, name="need_detail"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<uuid:pk>/", referrals.referral_detail, name="referral_detail"),
    path("referrals/<uuid:pk>/close/", referrals.referral_close, name="referral_close"),
    path(
        "referrals/<uuid:pk>/<slug:move>/",
        referrals.referral_move,
        name="referral_move",
    ),
    path("<uuid:pk>/refer/", referrals.need_refer, name="need_refer"),
    path("<uuid:pk>/<slug:move>/", views.need_move, name="need_move"),
    path("raise/<uuid:pk>/", views.need_raise, name="need_raise"),
    path("report/<uuid:pk>/", views.need_report, name="need_report"),
    path("of/<uuid:pk>/", views.of_recipient, name="of_recipient"),
]
