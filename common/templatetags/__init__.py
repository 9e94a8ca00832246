"""Tags and filters shared by all pages."""
