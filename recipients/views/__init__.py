"""Pages about people and pairings."""
