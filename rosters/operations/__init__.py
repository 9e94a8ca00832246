"""What can be done with rosters and differences."""
