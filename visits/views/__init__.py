"""Pages about visits: the cadre's phone, the office's desk, and parts of others."""
