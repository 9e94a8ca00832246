"""A database that has stopped answering keeps no page waiting for ever."""

import threading
from contextlib import closing

import psutil
import psycopg2
import pytest

from jinchang_care import local, silence
from jinchang_care.services import postgres, valkey
from jinchang_care.services.places import Places
from jinchang_care.services.pulse import ASK_POSTGRES, ASK_VALKEY, is_silent


def test_a_server_that_is_held_is_silent_and_one_that_is_away_is_not(places: Places):
    database, broker = str(places.postgres_socket), str(places.valkey_socket)
    with local.ensure_services(places.root):
        held = [postgres.postmaster(places), valkey.server(places)]
        heard = [
            is_silent(database, ASK_POSTGRES, seconds=5),
            is_silent(broker, ASK_VALKEY, seconds=5),
        ]
        for server in held:
            assert server is not None
            server.suspend()
        try:
            silent = [
                is_silent(database, ASK_POSTGRES, seconds=0.3),
                is_silent(broker, ASK_VALKEY, seconds=0.3),
            ]
        finally:
            for server in held:
                server.resume()

    assert (heard, silent) == ([False, False], [True, True])
    assert not is_silent(database, ASK_POSTGRES, seconds=0.3)


def test_hanging_up_frees_who_waits_for_the_database_and_cuts_no_other_line(
    places: Places,
):
    with local.ensure_services(places.root):
        line = psycopg2.connect(local.database_url(places.root))
        backend = psutil.Process(line.info.backend_pid)
        backend.suspend()
        told: list[Exception] = []
        waiting = threading.Thread(target=_ask, args=[line, told])
        waiting.start()
        try:
            assert silence.hang_up(str(places.valkey_socket)) == 0
            assert waiting.is_alive()
            cut = silence.hang_up(str(places.postgres_socket))
            waiting.join(timeout=10)
        finally:
            backend.resume()

    assert cut == 1
    assert not waiting.is_alive()
    assert "closed the connection" in str(told[0])


def _ask(line: "psycopg2.extensions.connection", told: list[Exception]) -> None:
    with closing(line), line.cursor() as cursor:
        try:
            cursor.execute("SELECT 1")
        except psycopg2.OperationalError as error:
            told.append(error)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"HOST": "", "OPTIONS": {"host": "/run/pg"}}, "/run/pg/.s.PGSQL.5432"),
        ({"HOST": "/run/pg", "PORT": "5433"}, "/run/pg/.s.PGSQL.5433"),
        ({"HOST": "10.0.0.5", "PORT": ""}, ("10.0.0.5", 5432)),
    ],
)
def test_it_listens_where_the_database_is(given, address):
    assert silence.address_of(given) == address
