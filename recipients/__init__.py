"""The people who are cared for, and by whom."""
