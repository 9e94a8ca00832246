"""AV-02: whoever serves a visit dies at a named point; the phone sends it again."""

import signal
import uuid

import pytest

from audit.models import Event
from policies.models import PolicyCheck, PolicySheet
from recipients.models import Pairing
from tests import cast
from tests.intake.killing import running
from tests.visits.telling import log
from visits.models import Deed, HomeVisit

POINTS = {
    "before the visit is written": 0,
    "after it, before what comes along": 0,
    "before the commit": 0,
    "after the commit, before the answer": 1,
}
# Each point kills as the power would: no way out is taken, nothing is put back.
LOGS = """
import os, signal, sys, uuid
import django
django.setup()
from django.db import connection
from cadres.models import User
from recipients.models import Pairing
from tests.visits.telling import log

point, pairing, client_id = sys.argv[1:]
commit = connection._commit

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def watch(execute, sql, params, many, context):
    writes = sql.startswith('INSERT INTO "visits_homevisit"')
    if writes and point == "before the visit is written":
        die()
    done = execute(sql, params, many, context)
    if writes and point == "after it, before what comes along":
        die()
    return done

def end():
    if point == "before the commit":
        die()
    commit()
    die()

connection.ensure_connection()
connection._commit = end
with connection.execute_wrapper(watch):
    log(
        Pairing.objects.get(pk=pairing),
        client_id=uuid.UUID(client_id),
        by=User.objects.get(username="cadre"),
    )
"""


@pytest.mark.parametrize(("point", "kept"), POINTS.items())
def test_a_visit_cut_off_is_there_whole_or_not_and_sent_again_is_one(
    point: str, kept: int, transactional_db, cadre, cadre_user, child
):
    pairing, client_id = cast.make_pairing(child, cadre), uuid.uuid4()

    with running(LOGS, point, str(pairing.pk), str(client_id)) as process:
        process.communicate()

    assert process.returncode == -signal.SIGKILL
    assert _whole() == kept
    again = log(pairing, client_id=client_id, by=cadre_user)
    assert again.new == (not kept)
    assert _whole() == 1
    assert Pairing.objects.get().last_contact_on == again.visit.day


def _whole() -> int:
    """Return how many visits there are, each with all that it brings along."""
    many = HomeVisit.objects.count()
    assert PolicySheet.objects.count() == many
    assert PolicyCheck.objects.count() == 7 * many
    assert Event.objects.filter(kind="visit.logged").count() == many
    assert Deed.objects.count() == 0
    return many
