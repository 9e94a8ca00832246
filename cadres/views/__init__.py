"""Pages of accounts, organisations and cadres."""
