"""Addresses of accounts, organisations and cadres."""

from django.urls import path

from cadres.views import (
    account,
    accounts,
    areas,
    assistants,
    cadres,
    doors,
    organisations,
    security,
)

app_name = "cadres"
urlpatterns = [
    path("login/", doors.login, name="login"),
    path("login/again/", doors.login_again, name="login_again"),
    path("login/code/", doors.second_step, name="second_step"),
    path("logout/", doors.logout, name="logout"),
    path("me/", account.profile, name="profile"),
    path("me/password/", account.password_change, name="password_change"),
    path("me/text-size/", account.text_size, name="text_size"),
    path("me/stay/", security.stay, name="stay"),
    path("me/code/", security.second_factor, name="second_factor"),
    path("me/code/off/", security.second_factor_off, name="second_factor_off"),
    path("me/code/backup/", security.backup_codes, name="backup_codes"),
    path("me/sessions/", security.session_list, name="session_list"),
    path("me/sessions/end/", security.sessions_end, name="sessions_end"),
    path("me/sessions/<uuid:pk>/end/", security.session_end, name="session_end"),
    path("areas/villages/", areas.village_options, name="village_options"),
    path("units/", organisations.organisation_list, name="organisation_list"),
    path("units/new/", organisations.organisation_create, name="organisation_create"),
    path(
        "units/<uuid:pk>/",
        organisations.organisation_detail,
        name="organisation_detail",
    ),
    path(
        "units/<uuid:pk>/edit/",
        organisations.organisation_edit,
        name="organisation_edit",
    ),
    path(
        "units/<uuid:pk>/end/", organisations.organisation_end, name="organisation_end"
    ),
    path("cadres/", cadres.cadre_list, name="cadre_list"),
    path("cadres/new/", cadres.cadre_create, name="cadre_create"),
    path("cadres/<uuid:pk>/", cadres.cadre_detail, name="cadre_detail"),
    path("cadres/<uuid:pk>/edit/", cadres.cadre_edit, name="cadre_edit"),
    path("cadres/<uuid:pk>/leave/", cadres.cadre_leave, name="cadre_leave"),
    path("cadres/<uuid:pk>/leaving/", cadres.cadre_announce, name="cadre_announce"),
    path("cadres/<uuid:pk>/away/", cadres.cadre_away, name="cadre_away"),
    path("cadres/<uuid:pk>/confirm/", cadres.cadre_confirm, name="cadre_confirm"),
    path("cadres/<uuid:pk>/return/", cadres.cadre_return, name="cadre_return"),
    path(
        "cadres/<uuid:pk>/assistant/",
        assistants.cadre_assistant,
        name="cadre_assistant",
    ),
    path(
        "cadres/<uuid:pk>/assistant/end/",
        assistants.cadre_assistant_end,
        name="cadre_assistant_end",
    ),
    path("cadres/<uuid:pk>/account/", cadres.cadre_issue, name="cadre_issue"),
    path("accounts/", accounts.user_list, name="user_list"),
    path("accounts/new/", accounts.user_create, name="user_create"),
    path("accounts/<uuid:pk>/", accounts.user_detail, name="user_detail"),
    path("accounts/<uuid:pk>/role/", accounts.user_change, name="user_change"),
    path("accounts/<uuid:pk>/end/", accounts.user_end_role, name="user_end_role"),
    path("accounts/<uuid:pk>/disable/", accounts.user_disable, name="user_disable"),
    path("accounts/<uuid:pk>/enable/", accounts.user_enable, name="user_enable"),
    path("accounts/<uuid:pk>/reset/", accounts.user_reset, name="user_reset"),
    path("accounts/<uuid:pk>/unlock/", accounts.user_unlock, name="user_unlock"),
    path(
        "accounts/<uuid:pk>/sessions/end/",
        accounts.user_end_sessions,
        name="user_end_sessions",
    ),
    path(
        "accounts/<uuid:pk>/code/off/",
        accounts.user_second_factor_off,
        name="user_second_factor_off",
    ),
]
