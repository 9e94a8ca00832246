"""What blank cells mean is for the office to say: nothing, the row above, or a no."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from cadres.models import User
from intake.models import ImportBatch
from intake.storing import load
from recipients.models import Recipient
from tests.intake.sheets import number
from tests.intake.test_import_newer import confirm
from tests.intake.test_import_pages import address, send

ROWS = [
    ("张三", number(serial=901), "双湾镇", "某村", "√"),
    ("李四", number(serial=902), "", "", ""),
    ("王五", number(serial=903), "宁远堡镇", "", "√"),
]
COLUMNS = ["name", "id", "township", "village", "dibao"]


def file(rows: list[tuple[str, ...]] = ROWS) -> bytes:
    lines = ["姓名,身份证号,乡镇,村,是否低保", *(",".join(row) for row in rows)]
    return ("特困家庭花名册,,,,\n" + "\n".join(lines)).encode()


@pytest.fixture
def batch(client: Client, city_office: User) -> ImportBatch:
    client.force_login(city_office)
    send(client, file(), name="特困.csv")
    return ImportBatch.objects.get()


def values(batch: ImportBatch, name: str) -> list[object]:
    return [draft.values.get(name) for draft in load(batch)[0]]


def chosen(**flags: str) -> dict[str, str]:
    return {f"column-0-{at}": name for at, name in enumerate(COLUMNS)} | flags


def test_a_plain_blank_means_nothing(client: Client, batch: ImportBatch):
    assert values(batch, "township") == ["双湾镇", None, "宁远堡镇"]
    assert values(batch, "dibao") == [True, None, True]


def test_places_may_be_those_of_the_row_above(client: Client, batch: ImportBatch):
    client.post(address("batch_columns", batch), chosen(repeat="on"))

    assert values(batch, "township") == ["双湾镇", "双湾镇", "宁远堡镇"]
    assert values(batch, "village") == ["某村", "某村", "某村"]
    assert values(batch, "dibao") == [True, None, True]
    page = client.get(address("batch_columns", batch)).content.decode()
    assert 'name="repeat"' in page
    assert "checked" in page


@pytest.mark.parametrize(("said", "meant"), [("yes", False), ("no", None)])
def test_a_blank_among_ticks_is_asked_about_once(
    said: str, meant: object, client: Client, batch: ImportBatch
):
    first = client.get(address("batch_detail", batch)).content.decode()
    client.post(address("batch_ticks", batch), {"say_no": said})
    then = client.get(address("batch_detail", batch)).content.decode()

    assert "空白是否表示" in first
    assert "空白是否表示" not in then
    assert values(batch, "dibao") == [True, meant, True]
    assert values(batch, "township") == ["双湾镇", None, "宁远堡镇"]


def test_an_answer_that_is_none_is_refused(client: Client, batch: ImportBatch):
    assert client.post(address("batch_ticks", batch), {}).status_code == 409


@pytest.mark.parametrize("other", ["否", "一类"])
def test_of_a_column_with_words_nothing_is_asked(
    other: str, client: Client, city_office: User
):
    client.force_login(city_office)
    rows = [*ROWS, ("赵六", number(serial=904), "双湾镇", "", other)]

    send(client, file(rows), name="特困.csv")

    page = client.get(address("batch_detail", ImportBatch.objects.get()))
    assert "空白是否表示" not in page.content.decode()


def test_a_no_for_a_blank_is_written(client: Client, batch: ImportBatch):
    both = chosen(repeat="on", say_no="on")
    client.post(address("batch_columns", batch), both)

    confirm(client, batch)

    people = Recipient.objects.order_by("-name").values_list("name", "dibao")
    assert dict(people) == {"张三": True, "李四": False, "王五": True}


def test_the_command_is_told_by_flags(city_office: User, tmp_path: Path):
    path, out = tmp_path / "特困.csv", io.StringIO()
    path.write_bytes(file())

    call_command(
        "import_recipients",
        str(path),
        by="city",
        stdout=out,
        fill_down=True,
        blank_is_no=True,
    )

    assert "空白按“否”读入" in out.getvalue()
    people = Recipient.objects.values_list("name", "area__name", "dibao")
    assert ("李四", "双湾镇", False) in set(people)
