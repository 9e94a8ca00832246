"""Copies of everything that can be lost: made, kept apart, tried, brought back."""
