"""Other processes on a test's database, to be killed, and what they stand at."""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections

from intake.models import ImportBatch
from jinchang_care import local

CONFIRMS = """
import sys
import django
django.setup()
from django.db import connection
from cadres.models import User
from intake.models import ImportBatch
from intake.operations import confirm
batch = ImportBatch.objects.get(pk=sys.argv[1])
print(connection.connection.info.backend_pid, flush=True)
confirm(batch=batch, by=User.objects.get(username="city"))
print("confirmed", flush=True)
"""


def confirming(batch: ImportBatch) -> subprocess.Popen[bytes]:
    """Begin to confirm in another process; its first line is its backend's number."""
    return running(CONFIRMS, str(batch.pk))


def running(program: str, *words: str) -> subprocess.Popen[bytes]:
    """Run a program of Python in another process, on the test's own database."""
    address = os.environ.get("DATABASE_URL") or local.database_url(settings.DATA_DIR)
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": urlsplit(address)._replace(path=f"/{name}").geturl(),
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "jinchang_care.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def wait_until_blocked(words: str, *, many: int = 1) -> None:
    """Wait until other processes stand at a lock while saying these words."""
    _wait_for(
        "SELECT count(*) >= %s FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND query LIKE %s",
        [many, f"%{words}%"],
        f"nobody stood at a lock on {words}",
    )


def wait_until_gone(backend: int) -> None:
    """Wait until the server has noticed that whoever it worked for is dead."""
    _wait_for(
        "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = %s",
        [backend],
        f"backend {backend} goes on",
    )


def _wait_for(asked: str, about: list[object], otherwise: str) -> None:
    observer = connections.create_connection("default")
    try:
        for _ in range(600):
            with observer.cursor() as cursor:
                cursor.execute(asked, about)
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.05)
    finally:
        observer.close()
    raise AssertionError(otherwise)
