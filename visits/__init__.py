"""Home visits, campaigns, the calendar and reminders."""
