"""Organisations, cadres and accounts."""
