"""Villages come from the official table; none is ever deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from audit import trail
from audit.sentences import register
from cadres.enums import AreaLevel, Role
from cadres.models import Area, User
from cadres.models.area import CODE_LENGTH, DIGITS
from cadres.permissions import Permission, permits
from cadres.village_table import VillageRow
from common.refusals import Refused

register({"areas.imported": "导入了村社区"})
BATCH = 1000


@dataclass(frozen=True)
class Tally:
    """What became of the rows; the parts add up to the total."""

    added: int
    renamed: int
    same: int
    elsewhere: int

    @property
    def total(self) -> int:
        return self.added + self.renamed + self.same + self.elsewhere


@permits(Permission.IMPORT)
@transaction.atomic
def import_villages(*, rows: Sequence[VillageRow], by: User) -> Tally:
    """Add the villages of our townships and take over new names.

    Raises Refused for roles other than the city's office and the administrator, for
    a code that comes twice, and for two villages of one name in a township.
    """
    if not (by.role == Role.ADMIN or _is_city_office(by)):
        raise Refused("村社区由市关爱办或管理员导入。")
    townships = {
        area.code: area for area in Area.objects.townships().select_for_update()
    }
    ours = [row for row in rows if _parent(row) in townships]
    _check_once(ours)
    known = Area.objects.filter(level=AreaLevel.VILLAGE).in_bulk()
    new = [row for row in ours if row.code not in known]
    renamed = [
        row for row in ours if row.code in known and known[row.code].name != row.name
    ]
    for row in renamed:
        known[row.code].name = row.name
    _write([known[row.code] for row in renamed], [_village(row) for row in new])
    tally = Tally(
        added=len(new),
        renamed=len(renamed),
        same=len(ours) - len(new) - len(renamed),
        elsewhere=len(rows) - len(ours),
    )
    city = Area.objects.get(level=AreaLevel.CITY)
    trail.record(
        "areas.imported",
        subject=city,
        by=by,
        added=tally.added,
        renamed=tally.renamed,
        total=tally.total,
    )
    return tally


def _is_city_office(user: User) -> bool:
    return (
        user.role == Role.CARE_OFFICE
        and user.area is not None
        and user.area.level == AreaLevel.CITY
    )


def _parent(row: VillageRow) -> str:
    return row.code[: DIGITS[AreaLevel.TOWNSHIP]].ljust(CODE_LENGTH, "0")


def _check_once(rows: Sequence[VillageRow]) -> None:
    codes: set[str] = set()
    names: set[tuple[str, str]] = set()
    for row in rows:
        if row.code in codes:
            raise Refused(f"区划代码 {row.code} 在表中出现两次,请核对。")
        if (_parent(row), row.name) in names:
            raise Refused(f"“{row.name}”在同一乡镇出现两次,请核对。")
        codes.add(row.code)
        names.add((_parent(row), row.name))


def _write(renamed: list[Area], new: list[Area]) -> None:
    try:
        with transaction.atomic():
            Area.objects.bulk_update(renamed, ["name"], batch_size=BATCH)
            Area.objects.bulk_create(new, batch_size=BATCH)
    except IntegrityError as clash:
        if "area_one_name_in_a_parent" not in str(clash):
            raise
        raise Refused("表中有名称与同一乡镇已有的村社区相同,请核对。") from clash


def _village(row: VillageRow) -> Area:
    return Area(
        code=row.code, name=row.name, level=AreaLevel.VILLAGE, parent_id=_parent(row)
    )
