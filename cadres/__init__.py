"""Areas, organisations, accounts, cadres, and who may do what."""
