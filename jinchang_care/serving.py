"""How many requests are served at once: for gunicorn, and for whom it must suffice."""

import os

WORKERS = int(os.environ.get("WEB_WORKERS", "2"))
THREADS = int(os.environ.get("WEB_THREADS", "8"))
# Two jobs at once with a line each for their progress, the relay, the clock, a backup
# with its dump; and ten for people and commands.
OTHERS = 2 * 2 + 1 + 1 + 2 + 10


def lines_needed() -> int:
    """Return how many connections to the database may be open at one moment."""
    return WORKERS * THREADS + OTHERS
