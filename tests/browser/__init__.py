"""The main jobs, done by a person at a real browser on a phone and a desktop."""
