"""What can be done to visits, drafts and reminders."""
