"""The chain over the trail: sealed once, in order, and told when it is broken."""

import datetime
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from audit import heads, seals, trail
from audit.canon import GENESIS
from audit.models import Event, Head, Seal
from audit.verification import verify
from tests.audit.chaining import commit_events, record_events, run, seal_all, unguarded

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 50


def test_what_is_finished_is_sealed_once():
    record_events(7)

    again = seal_all()

    assert again == 0
    assert list(Seal.objects.order_by("pos").values_list("pos", flat=True)) == list(
        range(1, 8)
    )
    verdict = verify()
    assert (verdict.good, verdict.events) == (True, 7)
    assert verdict.head == bytes(Head.objects.get().h)


def test_an_empty_trail_holds():
    verdict = verify()

    assert (verdict.good, verdict.events, verdict.head) == (True, 0, GENESIS)


def test_the_next_batch_goes_on_where_the_last_ended():
    for number in (3, 1, 5):
        record_events(number)

    assert Head.objects.count() == 3
    assert verify().events == 9


def test_who_commits_late_is_sealed_late_and_not_forgotten(child, yongchang_office):
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            trail.record("person.seen", subject=child, by=yongchang_office)
            begun.set()
            may_end.wait(20)
        connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    begun.wait(20)
    commit_events(2)
    sealed_meanwhile = seals.seal()
    may_end.set()
    writer.join(20)

    sealed_after = seal_all()

    assert (sealed_meanwhile, sealed_after) == (0, 3)
    assert verify().events == 3


def test_a_number_that_was_rolled_back_is_no_gap():
    record_events(2)
    with transaction.atomic():
        Event.objects.create(kind="x", subject_type="x", subject_id="1")
        transaction.set_rollback(True)
    record_events(2)

    assert Event.objects.latest("id").pk > Event.objects.count()
    assert verify().good


def test_two_sealers_at_once_seal_each_event_once():
    with transaction.atomic():
        Event.objects.bulk_create(
            Event(kind="x", subject_type="x", subject_id=str(place))
            for place in range(400)
        )
    barrier = threading.Barrier(4)
    sealed: list[int] = []

    def work() -> None:
        barrier.wait(20)
        sealed.append(seal_all())
        connections.close_all()

    sealers = [threading.Thread(target=work) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join(30)

    assert sum(sealed) + seal_all() == 400
    assert verify().events == 400


def test_many_writers_leave_no_gap_and_no_fork_under_the_sealer():
    may_begin, done = threading.Barrier(WRITERS + 1), threading.Event()

    def write() -> None:
        may_begin.wait(20)
        for place in range(3):
            with transaction.atomic():
                Event.objects.create(kind="x", subject_type="x", subject_id="1")
                # One in three is taken back: its number is no gap.
                transaction.set_rollback(place == 1)
        connections.close_all()

    def seal_meanwhile() -> None:
        may_begin.wait(20)
        while not done.is_set():
            seals.seal()
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    sealer = threading.Thread(target=seal_meanwhile)
    for one in (*writers, sealer):
        one.start()
    for one in writers:
        one.join(30)
    done.set()
    sealer.join(30)
    seal_all()

    verdict = verify()
    assert (verdict.good, verdict.events) == (True, WRITERS * 2)
    assert Seal.objects.count() == Event.objects.count() == WRITERS * 2


def test_events_after_the_last_batch_wait_their_turn():
    record_events(2)
    with transaction.atomic():
        Event.objects.create(kind="x", subject_type="x", subject_id="1")

    assert seals.waiting() == 1
    assert verify().events == 2


def test_a_restored_trail_goes_on_after_it_was_resumed():
    record_events(3)
    # As in a database made from a dump: transactions count from low numbers again.
    with unguarded_for_good():
        run("UPDATE audit_event SET xid = xid + 1000000000")
        run("UPDATE audit_head SET upto = upto + 1000000000")
        run("TRUNCATE audit_seal, audit_head")
    seals.resume()
    with unguarded_for_good():
        run("UPDATE audit_head SET upto = upto + 1000000000 WHERE floor = 0")
    record_events(2)

    assert (Seal.objects.count(), Event.objects.count()) == (5, 5)
    assert verify().good


def test_a_restored_trail_is_not_sealed_before_it_is_resumed():
    record_events(3)
    with unguarded_for_good():
        run("UPDATE audit_head SET upto = upto + 1000000000")

    with pytest.raises(seals.SealedElsewhereError):
        record_events(1)

    assert seals.resume_if_restored() == 1
    assert seals.resume_if_restored() == 0
    assert verify().events == 4


def test_the_command_says_that_all_is_well():
    record_events(4)
    out = io.StringIO()

    call_command("verify_audit", stdout=out)

    assert out.getvalue().startswith("留痕完好:共 4 条,链头 ")


def test_the_command_ends_with_one_and_names_the_first_broken_link():
    record_events(4)
    third = Seal.objects.get(pos=3).n
    out = io.StringIO()

    with unguarded():
        run("UPDATE audit_event SET reason = 'x' WHERE id = %s", third)
        with pytest.raises(SystemExit) as ended:
            call_command("verify_audit", stdout=out)

    assert ended.value.code == 1
    assert f"第 3 条,事件 {third} 的内容被改动" in out.getvalue()


def test_a_head_is_printed_and_read_back(tmp_path, settings):
    settings.CHAIN_DIR = tmp_path / "elsewhere"
    record_events(2)
    verdict = verify()
    day = datetime.datetime(2026, 11, 24, 19, 40, tzinfo=datetime.UTC)

    file = heads.put_down(verdict.events, verdict.head.hex(), day)
    record_events(1)
    heads.put_down(3, verify().head.hex(), day)

    assert file.name == "2026-11-25.txt"
    assert heads.kept_here() == [heads.Mark(2, verdict.head.hex())]
    assert verify(heads.kept_here()).good


def test_a_file_without_a_head_is_a_wrong_call(tmp_path):
    empty = tmp_path / "x.txt"
    empty.write_text("什么也没有")

    with pytest.raises(Exception, match="没有链头"):
        call_command("verify_audit", head=[empty])


@contextmanager
def unguarded_for_good() -> Iterator[None]:
    """Tamper and keep it, as a restore would change things."""
    _guards("DISABLE")
    yield
    _guards("ENABLE ALWAYS")


def _guards(wish: str) -> None:
    for table in ("event", "audit_seal", "audit_head", "audit_check"):
        name = f"audit_{table.removeprefix('audit_')}"
        run(f"ALTER TABLE {name} {wish} TRIGGER {table}_is_never_changed")
