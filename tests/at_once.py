"""Deeds begun at the same moment, each on a real connection of its own."""

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connection

from common.refusals import Refused


def all_at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Do each in a thread with a connection of its own; count how they came out."""
    start = threading.Barrier(len(deeds))
    outcomes: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait()
            deed()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        except Exception as fault:
            outcomes.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)
