"""Pages over very many people beside the same pages over a few, as they are sent."""

from collections.abc import Callable, Iterator

from benchmarks.children import in_a_child
from benchmarks.figures import Figure
from benchmarks.sizes import Size
from benchmarks.stage import FEW, MANY, Stage

AT_MOST = 1.5


def measure(size: Size, stage: Stage) -> Iterator[Figure]:
    """Ask for every page at both sizes, in turns; compare the medians."""
    measured = in_a_child(
        stage, MANY, "benchmarks.pages:in_turns", [FEW, MANY], size.rounds
    ).result
    for words, times in measured.items():
        yield Figure(
            id=f"page_{words}",
            words=words,
            size=size.many,
            unit="毫秒",
            ours=_median(times[MANY]),
            baseline=_median(times[FEW]),
            target=AT_MOST,
            at_least=False,
        )
    charts = in_a_child(stage, MANY, "benchmarks.pages:charts", size.rounds).result
    yield Figure(
        id="charts",
        words="工作台的图表,与当场统计相比",
        size=size.many,
        unit="毫秒",
        ours=_median(charts["kept"]),
        baseline=_median(charts["counted"]),
        target=None,
    )
    heaviest = sorted(measured, key=lambda words: -_slow(measured[words][MANY]))
    for words in heaviest[:5]:
        yield Figure(
            id=f"p95_{words}",
            words=f"{words}(95% 不超过)",
            size=size.many,
            unit="毫秒",
            ours=_slow(measured[words][MANY]),
            baseline=None,
            target=None,
        )


def in_turns(databases: list[str], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return the milliseconds of each request, by page and database.

    The sizes take turns, so that whatever else the machine does falls on both.
    """
    from django.test import override_settings

    # The names of packed static files are looked up in a list that only set-up makes.
    plain = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        },
    }
    with override_settings(STORAGES=plain):
        return _in_turns(databases, rounds)


def charts(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of a city's charts as kept by the clock, and counted."""
    import time

    from django.utils import timezone

    from benchmarks.accounts import city_office
    from reports.area_figures import count, figures_of

    _clock_counts()
    area = city_office().area
    assert area is not None, "The city's office has an area."
    times: dict[str, list[float]] = {"kept": [], "counted": []}
    for _ in range(rounds):
        for way, ask in (("kept", figures_of), ("counted", count)):
            began = time.perf_counter()
            ask(area, timezone.localdate())
            times[way].append((time.perf_counter() - began) * 1000)
    return times


def _clock_counts() -> None:
    """Do what the clock does every five minutes."""
    from django.utils import timezone

    from reports.operations.keeping import keep_figures

    keep_figures(now=timezone.now())


def _in_turns(databases: list[str], rounds: int) -> dict[str, dict[str, list[float]]]:
    on = {name: _connection_to(name) for name in databases}
    visitors, pages = {}, {}
    for name in databases:
        on[name]()
        visitors[name], pages[name] = _visitor(), addresses()
        _clock_counts()
    times: dict[str, dict[str, list[float]]] = {}
    for words in pages[databases[0]]:
        times[words] = {name: [] for name in databases}
        for nth in range(rounds + 1):
            for name in databases:
                on[name]()
                taken = visitors[name](pages[name][words])
                # The first is a warming-up.
                if nth:
                    times[words][name].append(taken)
    return times


def _connection_to(database: str) -> Callable[[], None]:
    """Return what turns to this database; each keeps its connection open."""
    from django.db import connections

    made = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": database}

    def turn_to() -> None:
        connections["default"] = made

    return turn_to


def _visitor() -> Callable[[str], float]:
    """Return what asks for an address as the city's office and tells milliseconds."""
    import time

    from django.test import Client

    from benchmarks.accounts import city_office

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(city_office(), backend="cadres.authentication.AccountBackend")

    def visit(address: str) -> float:
        began = time.perf_counter()
        response = client.get(address)
        taken = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}.")
        return taken

    return visit


def addresses() -> dict[str, str]:
    """Return the addresses by what they are; someone who is there is looked for."""
    from recipients.models import Recipient

    persons = Recipient.objects.exclude(phone_index=None).order_by("id")
    person = persons[min(100, persons.count() - 1)]
    middle = _page_in_the_middle()
    people, board = "/recipients/", "/pairings/"
    return {
        "对象列表": people,
        "对象列表 中间一页": f"{people}?after={middle}",
        "对象列表 按类别": f"{people}?category=DISABLED",
        "对象列表 按乡镇": f"{people}?area=620321101000",
        "对象列表 残疾类别和等级": f"{people}?disability_kind=4&disability_grade=1",
        "对象列表 待结对": f"{people}?unpaired=on",
        "查找 姓名": f"{people}?q={person.name}",
        "查找 姓名两字": f"{people}?q={person.name[:2]}",
        "查找 拼音首字母": f"{people}?q={person.initials}",
        "查找 编号": f"{people}?q={person.code}",
        "查找 电话": f"{people}?q={person.phone}",
        "对象详情": f"{people}{person.pk}/",
        "全局查找": f"/search/?q={person.name}",
        "结对审核台": board,
        "结对审核台 全部": f"{board}?queue=all",
        "走访列表": "/visits/",
        "超期名单": "/visits/overdue/",
        "干部列表": "/cadres/",
        "工作台": "/",
    }


def _page_in_the_middle() -> str:
    from benchmarks.accounts import city_office
    from common.keyset import keyset_page
    from recipients.models import Recipient

    people = Recipient.objects.visible_to(city_office())
    there = people.order_by("area_id", "pinyin", "id")[people.count() // 2]
    order = ("area_id", "pinyin", "id")
    before = people.filter(area_id=there.area_id, pinyin__gte=there.pinyin)
    return keyset_page(before, order=order, cursor=None, size=1).next


def _median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def _slow(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
