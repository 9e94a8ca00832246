"""What can be done to people, households and pairings."""
