"""Visits with their deeds, campaigns, reminders and the clock's settings."""

from visits.models.campaign import Campaign, DayOverride, SixSetting
from visits.models.home_visit import Deed, HomeVisit, HomeVisitQuerySet, VisitDraft
from visits.models.photo import VisitPhoto, VisitPhotoQuerySet
from visits.models.reminder import Reminder

__all__ = [
    "Campaign",
    "DayOverride",
    "Deed",
    "HomeVisit",
    "HomeVisitQuerySet",
    "Reminder",
    "SixSetting",
    "VisitDraft",
    "VisitPhoto",
    "VisitPhotoQuerySet",
]
