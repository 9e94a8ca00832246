"""IG-04: every tampering with the past is found, with the first bad number.

A tail that was cut everywhere, and a chain made anew with the stolen key, are found
only by somebody else's copy of a head; that this is so is shown too.
"""

import random
from collections.abc import Callable

import pytest
from django.db import connection

from audit import heads
from audit.canon import EVENT_TEXT, GENESIS, link, signature
from audit.head_key import head_key
from audit.models import Event, Head, Seal
from audit.verification import Verdict, verify
from tests.audit.chaining import record_events, run, unguarded

pytestmark = pytest.mark.django_db(transaction=True)

SEED = 20261125
ROUNDS = 50
BATCHES = (40, 30, 50)
COLUMNS = (
    "at, by, by_name, kind, subject_type, subject_id, subject_words, area, reason, "
    "details, address, device, xid"
)


def change(chance: random.Random) -> int:
    seal = _any(chance)
    words = chance.choice(
        ["reason = 'x'", "by = '8'", "at = at + interval '1 us'", "kind = 'a.b'"]
    )
    run(f"UPDATE audit_event SET {words} WHERE id = %s", seal.n)
    return seal.pos


def delete(chance: random.Random) -> int:
    last = Seal.objects.count()
    pos = chance.choice([1, chance.randint(2, last - 1), last])
    run("DELETE FROM audit_event WHERE id = %s", Seal.objects.get(pos=pos).n)
    return pos


def delete_with_its_seal(chance: random.Random) -> int:
    seal = _any(chance)
    run("DELETE FROM audit_event WHERE id = %s", seal.n)
    run("DELETE FROM audit_seal WHERE pos = %s", seal.pos)
    return seal.pos


def insert(chance: random.Random) -> int:
    """Put a made-up event into a gap of the past; it belongs to no link."""
    run(
        f"INSERT INTO audit_event (id, {COLUMNS}) SELECT -%s, {COLUMNS} "
        "FROM audit_event WHERE id = %s",
        chance.randint(1, 99),
        _any(chance).n,
    )
    return Seal.objects.count()


def insert_with_a_seal(chance: random.Random) -> int:
    """Push the links behind it along by one, to make room."""
    pos = chance.randint(2, Seal.objects.count() - 1)
    insert(chance)
    run("UPDATE audit_seal SET pos = pos + 100000 WHERE pos >= %s", pos)
    run("UPDATE audit_seal SET pos = pos - 99999 WHERE pos > 100000")
    run(
        "INSERT INTO audit_seal (pos, n, h) "
        "SELECT %s, (SELECT min(id) FROM audit_event), sha256('x')",
        pos,
    )
    return pos


def swap(chance: random.Random) -> int:
    """Let two neighbours change places in the order."""
    pos = chance.randint(1, Seal.objects.count() - 1)
    first, second = Seal.objects.get(pos=pos).n, Seal.objects.get(pos=pos + 1).n
    run("UPDATE audit_seal SET n = -1 WHERE pos = %s", pos)
    run("UPDATE audit_seal SET n = %s WHERE pos = %s", first, pos + 1)
    run("UPDATE audit_seal SET n = %s WHERE pos = %s", second, pos)
    return pos


def swap_what_they_say(chance: random.Random) -> int:
    one, other = sorted(chance.sample(range(1, Seal.objects.count() + 1), 2))
    first, second = Seal.objects.get(pos=one).n, Seal.objects.get(pos=other).n
    run("UPDATE audit_event SET id = -1 WHERE id = %s", first)
    run("UPDATE audit_event SET id = %s WHERE id = %s", first, second)
    run("UPDATE audit_event SET id = %s WHERE id = -1", second)
    return one


def copy_over(chance: random.Random) -> int:
    """Let one event say what another says."""
    one, other = chance.sample(range(1, Seal.objects.count() + 1), 2)
    target, source = Seal.objects.get(pos=one).n, Seal.objects.get(pos=other).n
    run(
        "UPDATE audit_event e SET subject_id = o.subject_id, reason = o.reason "
        "FROM audit_event o WHERE e.id = %s AND o.id = %s",
        target,
        source,
    )
    return one


def change_a_link(chance: random.Random) -> int:
    pos = chance.randint(1, Seal.objects.count())
    run("UPDATE audit_seal SET h = sha256(h) WHERE pos = %s", pos)
    return pos


def rechain_without_the_key(chance: random.Random) -> int:
    """Change an event and make all links after it anew, but for the signatures."""
    pos = change(chance)
    _rechain(key=b"guessed" * 5)
    return min(Head.objects.filter(pos__gte=pos).values_list("pos", flat=True))


def cut_events_and_links(chance: random.Random) -> int:
    """Cut the tail, but forget the heads."""
    last = Seal.objects.count()
    pos = chance.randint(last - BATCHES[-1] + 1, last)
    _cut(pos)
    return pos


# What is done, and the words by which verify_audit tells it ("" where they vary).
TAMPERINGS: dict[Callable[[random.Random], int], str] = {
    change: "内容被改动",
    delete: "已被删除",
    delete_with_its_seal: "这一链节缺失",
    insert: "是插入的",
    insert_with_a_seal: "",
    swap: "次序被调换",
    swap_what_they_say: "内容被改动",
    copy_over: "内容被改动",
    change_a_link: "",
    rechain_without_the_key: "链被重算过",
    cut_events_and_links: "链尾被截去",
}


def test_every_tampering_is_found_with_its_first_bad_number():
    chain()
    chance = random.Random(SEED)

    for number in range(ROUNDS):
        tamper, words = list(TAMPERINGS.items())[number % len(TAMPERINGS)]
        with unguarded():
            expected = tamper(chance)
            verdict = verify()
        told = f"seed {SEED}, round {number}, {tamper.__name__}: {verdict.words}"
        assert not verdict.good, told
        assert verdict.broken_at == expected, told
        assert words in verdict.words, told
    assert verify().good


def test_a_tail_cut_whole_is_found_only_by_a_head_kept_outside(tmp_path):
    last = chain()
    kept = _kept_outside(tmp_path, last)
    begin_of_last = sum(BATCHES[:-1])

    with unguarded():
        _cut(begin_of_last + 1)
        run("DELETE FROM audit_head WHERE pos > %s", begin_of_last)
        inside, outside = verify(), verify(kept)

    assert inside.good
    assert outside.broken_at == begin_of_last + 1
    assert "链尾被截去" in outside.words


def test_a_chain_made_anew_with_the_stolen_key_is_found_only_by_a_head_outside(
    tmp_path,
):
    last = chain()
    kept = _kept_outside(tmp_path, last)

    with unguarded():
        change(random.Random(SEED))
        _rechain(key=head_key())
        inside, outside = verify(), verify(kept)

    assert inside.good
    assert outside.broken_at == last.events
    assert "与外存链头不符" in outside.words


def chain() -> Verdict:
    for number in BATCHES:
        record_events(number)
    verdict = verify()
    assert (verdict.good, verdict.events) == (True, sum(BATCHES))
    return verdict


def _any(chance: random.Random) -> Seal:
    return Seal.objects.get(pos=chance.randint(1, Seal.objects.count() - 1))


def _cut(pos: int) -> None:
    gone = "SELECT n FROM audit_seal WHERE pos >= %s"
    run(f"DELETE FROM audit_event WHERE id IN ({gone})", pos)
    run("DELETE FROM audit_seal WHERE pos >= %s", pos)


def _kept_outside(folder, verdict: Verdict) -> list[heads.Mark]:
    file = folder / "elsewhere.txt"
    at = Event.objects.latest("id").at
    file.write_text(heads.words_for(verdict.events, verdict.head.hex(), at))
    return heads.marks_in([file])


def _rechain(*, key: bytes) -> None:
    """Make every link and every head anew, as someone with the database can."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.pos, s.n, {EVENT_TEXT} FROM audit_seal s "
            "JOIN audit_event e ON e.id = s.n ORDER BY s.pos"
        )
        links = cursor.fetchall()
    h = GENESIS
    for pos, n, text in links:
        h = link(h, pos, n, text)
        run("UPDATE audit_seal SET h = %s WHERE pos = %s", h, pos)
        run(
            "UPDATE audit_head SET h = %s, mac = %s WHERE pos = %s AND h <> %s",
            h,
            signature(key, pos, h),
            pos,
            h,
        )
