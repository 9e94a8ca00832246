"""Handles used by two apps or more: no models, no domain."""
