"""Many people sign in at one moment, while the phones go on sending visits."""

import http.client
import threading
import time
from collections import Counter
from contextlib import suppress
from urllib.parse import urlencode

import psutil

from benchmarks.visits import TOKEN
from faults.deployment import Deployment
from faults.hardships import Hardship
from faults.phones import Heard

PASSWORD = "jinchang-crowd-2026"
# AU-15: all answered within, memory grown by, the slowest visit meanwhile.
SECONDS, MEGABYTES, VISIT_SECONDS = 30.0, 300, 2.0
BUSY = 503


def all_sign_in(deployment: Deployment, heard: Heard, *, people: int) -> Hardship:
    """Let so many right passwords come at once; whoever is sent away comes again."""
    names, before = _accounts(people), _memory(deployment)
    said: Counter[str] = Counter()
    waited: list[float] = []
    begun = time.monotonic()
    crowd = [
        threading.Thread(target=_sign_in, args=(deployment.port, name, said, waited))
        for name in names
    ]
    for person in crowd:
        person.start()
    peak = before
    while any(person.is_alive() for person in crowd):
        peak = max(peak, _memory(deployment))
        time.sleep(0.05)
    ended = time.monotonic()
    slowest = heard.slowest(begun, ended)
    with heard.lock:
        accepted = sum(begun <= b < ended for b, _ in heard.accepted)
    grown = (peak - before) / 2**20
    return Hardship(
        name="许多人同时登录",
        heard=dict(said),
        accepted=accepted,
        slowest=slowest,
        back=ended - begun,
        words=f"{people} 人,最慢 {max(waited):.1f} 秒进入,内存增加 {grown:.0f} MB。",
        met=said["302"] == people
        and max(waited) <= SECONDS
        and grown <= MEGABYTES
        and slowest <= VISIT_SECONDS,
        facts={"grown_mb": grown, "slowest_to_come_in": max(waited)},
    )


def _accounts(people: int) -> list[str]:
    from django.contrib.auth.hashers import make_password

    from cadres.enums import Role
    from cadres.models import Area, User

    kept, city = make_password(PASSWORD), Area.objects.get(pk="620300000000")
    names = [f"crowd{number:03}" for number in range(people)]
    User.objects.bulk_create(
        User(username=name, name=name, role=Role.LEADER, area=city, password=kept)
        for name in names
    )
    return names


def _sign_in(port: int, name: str, said: Counter[str], waited: list[float]) -> None:
    """Send name and password until the door opens, as a person tries again."""
    form = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": TOKEN}
    begun = time.monotonic()
    while time.monotonic() - begun < 2 * SECONDS:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=2 * SECONDS)
        try:
            line.request("POST", "/login/", urlencode(form), _headers())
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            said["no answer"] += 1
            continue
        finally:
            line.close()
        said[str(answer.status)] += 1
        if answer.status != BUSY:
            break
        time.sleep(float(answer.headers["Retry-After"]))
    waited.append(time.monotonic() - begun)


def _headers() -> dict[str, str]:
    from django.conf import settings

    return {
        "Cookie": f"{settings.CSRF_COOKIE_NAME}={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def _memory(deployment: Deployment) -> int:
    """Return what the web's processes hold, each for itself."""
    found = deployment.processes()
    total = 0
    for process in found.get("web master", []) + found.get("web worker", []):
        with suppress(psutil.Error):
            total += process.memory_full_info().uss
    return total
