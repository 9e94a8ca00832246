"""Needs that are raised, and what becomes of them."""
