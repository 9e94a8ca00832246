"""The embedded PostgreSQL and Valkey: where they lie, who owns them, how they live."""
