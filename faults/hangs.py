"""What is there and does not answer: a database that is held, a broker full or slow."""

import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import psutil
import redis

from faults.deployment import Deployment, wait_for
from faults.hardships import PATIENCE, Hardship, last, usual
from faults.nemesis import is_done, owe_work
from faults.phones import Heard
from faults.power import held
from jinchang_care import keeper, silence
from jinchang_care.services import valkey

# AV-06: a page waits no longer for a database that does not answer: until it is found
# silent, then twice for a line that it does not give.
LONGER = 2.5
PAGE_SECONDS = silence.EVERY + silence.LIMIT + 2 * 3 + 1


def database_hangs(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Hold all of PostgreSQL for longer than a page waits, and let it go on."""
    lasts *= LONGER
    with ExitStack() as until_then:
        until_then.enter_context(held(deployment))
        return _silent("数据库停住不答", deployment, heard, until_then.close, lasts)


def database_hangs_for_good(
    deployment: Deployment, heard: Heard, lasts: float
) -> Hardship:
    """Hold all of PostgreSQL and never let it go: the keeper must see to it."""
    before = deployment.running("postmaster")[0]
    with held(deployment):
        found = _silent(
            "数据库一直停住", deployment, heard, lambda: None, keeper.HUNG_SECONDS
        )
        found.met = found.met and not before.is_running()
    return found


def broker_full(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Let the broker take nothing more."""
    broker = redis.Redis(unix_socket_path=str(deployment.places.valkey_socket))
    most = str(broker.config_get("maxmemory")["maxmemory"])
    broker.config_set("maxmemory", 1)

    def empty() -> None:
        broker.config_set("maxmemory", most)

    return _worse_broker("Valkey 已满", deployment, heard, empty, lasts)


def broker_slow(deployment: Deployment, heard: Heard, lasts: float) -> Hardship:
    """Let the broker work for a tenth of each second only."""
    over = threading.Event()
    server = valkey.server(deployment.places)
    assert server is not None

    def hold_and_let_go() -> None:
        with suppress(psutil.NoSuchProcess):
            while not over.is_set():
                server.send_signal(signal.SIGSTOP)
                over.wait(0.9)
                server.send_signal(signal.SIGCONT)
                over.wait(0.1)

    threading.Thread(target=hold_and_let_go, daemon=True).start()
    return _worse_broker("Valkey 很慢", deployment, heard, over.set, lasts)


def _worse_broker(
    name: str,
    deployment: Deployment,
    heard: Heard,
    end: Callable[[], None],
    lasts: float,
) -> Hardship:
    """Visits take at most a second longer, and what was owed meanwhile is done."""
    before = usual(heard, lasts)
    job = owe_work()
    found = last(name, deployment, heard, end, lasts)
    wait_for(lambda: is_done(job), PATIENCE)
    found.facts["usual"] = before
    found.met = found.met and found.slowest <= before + 1.0 and found.accepted > 0
    found.met = found.met and not found.heard.get("POST 503")
    return found


def _silent(
    name: str,
    deployment: Deployment,
    heard: Heard,
    end: Callable[[], object],
    lasts: float,
) -> Hardship:
    begun = time.monotonic()
    with _health_asked(deployment, lasts / 2) as health:
        found = last(name, deployment, heard, end, lasts)
    # Those that were under way when it was held waited the longest.
    waited = heard.longest_refusal(begun - 1, begun + lasts)
    found.facts |= {"longest_refusal": waited, "health": health}
    found.words = (
        f"停住 {lasts:.0f} 秒,最慢的 503 在 {waited:.1f} 秒后;/ready {health}。"
    )
    felt = waited > 0 or lasts < PAGE_SECONDS
    found.met = found.met and felt and waited <= PAGE_SECONDS
    found.met = found.met and health["status"] == http.client.SERVICE_UNAVAILABLE
    found.met = found.met and health["seconds"] <= PAGE_SECONDS
    return found


@contextmanager
def _health_asked(deployment: Deployment, after: float) -> Iterator[dict[str, float]]:
    """Ask after so many seconds whether all is well, and note what is said."""
    health: dict[str, float] = {"status": 0, "seconds": 0.0}

    def ask() -> None:
        time.sleep(after)
        begun = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", deployment.port, timeout=60)
        with suppress(OSError, http.client.HTTPException):
            line.request("GET", "/ready")
            health["status"] = line.getresponse().status
        health["seconds"] = round(time.monotonic() - begun, 1)
        line.close()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    yield health
    asking.join()
