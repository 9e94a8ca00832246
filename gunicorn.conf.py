"""How gunicorn serves, a watchdog for requests that never end, an ear for silence."""

import os
from typing import Any

from jinchang_care import serving, silence, watchdog

# A page that the database keeps waiting says so (503) and holds no thread for long.
os.environ.setdefault("STATEMENT_SECONDS", "5")
os.environ.setdefault("LOCK_SECONDS", "2")
os.environ.setdefault("IDLE_SECONDS", "30")

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = serving.WORKERS
threads = serving.THREADS
# Read once by the master: a worker that was killed is forked anew at once.
preload_app = True
# Recycled between requests, not both at once, so that memory cannot creep.
max_requests = 5_000
max_requests_jitter = 1_000
# A worker whose every thread is held by a C loop stops beating and is replaced.
timeout = 60
graceful_timeout = 5
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_worker_init(worker: Any) -> None:
    watchdog.begin(worker)
    silence.begin(worker)


pre_request = watchdog.request_begins
post_request = watchdog.request_ends
