"""Addresses of visits."""

from django.urls import path, register_converter

from common.days import DayConverter
from visits.views import (
    campaigns,
    desk,
    late,
    overdue,
    parts,
    phone,
    photos,
    policies,
    rounds,
    telling,
)

register_converter(DayConverter, "day")

app_name = "visits"
urlpatterns = [
    path("home/", phone.cadre_home, name="cadre_home"),
    path("mine/", phone.my_recipients, name="my_recipients"),
    path("records/", phone.my_visits, name="my_visits"),
    path("todo/", phone.todo, name="todo"),
    path("new/", telling.visit_choose, name="visit_choose"),
    path("new/<uuid:pk>/", telling.visit_new, name="visit_new"),
    path("new/<uuid:pk>/draft/", telling.draft_save, name="draft_save"),
    path("rounds/<uuid:pk>/", rounds.round_new, name="round_new"),
    path("rounds/<uuid:pk>/take-back/", rounds.round_take_back, name="round_take_back"),
    path("drafts/<uuid:pk>/discard/", telling.draft_discard, name="draft_discard"),
    path("", desk.visit_list, name="visit_list"),
    path("<uuid:pk>/", desk.visit_detail, name="visit_detail"),
    path("<uuid:pk>/take-back/", telling.visit_take_back, name="visit_take_back"),
    path("<uuid:pk>/photos/", photos.photo_add, name="photo_add"),
    path("photos/<uuid:pk>/", photos.photo, name="photo"),
    path("photos/<uuid:pk>/remove/", photos.photo_remove, name="photo_remove"),
    path("late/", late.late_choose, name="late_choose"),
    path("late/<uuid:pk>/", late.visit_late, name="visit_late"),
    path("overdue/", overdue.overdue_list, name="overdue_list"),
    path("overdue/<uuid:pk>/remind/", overdue.cadre_remind, name="cadre_remind"),
    path("policies/", policies.policy_list, name="policy_list"),
    path("campaigns/", campaigns.campaign_calendar, name="campaign_calendar"),
    path("campaigns/six-rule/", campaigns.six_rule, name="six_rule"),
    path("campaigns/days/", campaigns.day_override_set, name="day_override_set"),
    path(
        "campaigns/days/<day:day>/clear/",
        campaigns.day_override_clear,
        name="day_override_clear",
    ),
    path("campaigns/standards/", campaigns.visit_standards, name="visit_standards"),
    path("campaigns/<uuid:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<uuid:pk>/open/", campaigns.campaign_open, name="campaign_open"),
    path("campaigns/<uuid:pk>/close/", campaigns.campaign_close, name="campaign_close"),
    path("of/<uuid:pk>/", parts.of_recipient, name="of_recipient"),
    path(
        "of/<uuid:pk>/policies/",
        parts.policies_of_recipient,
        name="policies_of_recipient",
    ),
]
