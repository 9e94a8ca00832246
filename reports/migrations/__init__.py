"""Steps of the schema of exports."""
