"""A request that never ends costs one worker, and leaves a note without a value."""

import http.client
import json
import os
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from jinchang_care.services.places import Places
from tests.platform.test_keeper import wait_for, web_answers

BASE = Path(__file__).resolve().parent.parent.parent


def test_a_request_that_never_ends_is_ended_and_noted(places: Places, port: int):
    mine = {"PORT": str(port), "DATA_DIR": str(places.root), "REQUEST_SECONDS": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.platform.endless:application"],
        cwd=BASE,
        env=os.environ | mine,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: web_answers(port))
        endless = threading.Thread(target=_ask_in_vain, args=[port])
        endless.start()
        wait_for(places.incidents.exists)
        endless.join(timeout=15)

        assert not endless.is_alive()
        assert web_answers(port)
    finally:
        server.terminate()
        server.wait(timeout=15)

    note = json.loads(places.incidents.read_text().splitlines()[0])
    assert note["what"] == "request never ended"
    assert any("_turn" in line for line in note["stack"])
    assert "620321198001011234" not in places.incidents.read_text()


def _ask_in_vain(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=15)) as line:
        line.request("GET", "/endless?620321198001011234")
        with pytest.raises((http.client.HTTPException, OSError)):
            line.getresponse()
