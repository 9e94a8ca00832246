"""What people and pairings are asked for on the pages."""
