"""How many requests are served at once and how long they may be: gunicorn asks too."""

import os

WORKERS = int(os.environ.get("WEB_WORKERS", "2"))
THREADS = int(os.environ.get("WEB_THREADS", "8"))
# Two jobs at once with a line each for their progress, the relay, the clock, a backup
# with its dump; and ten for people and commands.
OTHERS = 2 * 2 + 1 + 1 + 2 + 10
LARGEST_FILE = 50 * 1024 * 1024
# The largest file and the form around it; docs/deploy says the same to the proxies.
LONGEST_BODY = LARGEST_FILE + 1024 * 1024


def lines_needed() -> int:
    """Return how many connections to the database may be open at one moment."""
    return WORKERS * THREADS + OTHERS
