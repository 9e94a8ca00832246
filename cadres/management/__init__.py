"""Commands of areas and accounts."""
