"""Tests are sentences; the cast is in conftest.py."""
