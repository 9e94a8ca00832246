"""What is asked about accounts, organisations and cadres."""
