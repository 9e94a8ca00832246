"""Copies of everything: sealed, kept apart, tried, brought back."""
