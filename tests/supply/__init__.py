"""What comes from outside, and what must never come into the repository."""
