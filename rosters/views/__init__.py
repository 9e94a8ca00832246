"""Pages of rosters and differences."""
