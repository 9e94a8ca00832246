"""What can be done to areas, organisations, accounts and cadres."""
