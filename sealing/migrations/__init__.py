"""Steps of the schema of keys."""
