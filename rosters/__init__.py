"""Departments' rosters, and what differs from the registry."""
