"""The seven policies: sheets and checks."""
