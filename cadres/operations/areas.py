"""The divisions of Jinchang (domain/codes.md 3.4, national table of 2024)."""

from django.db import transaction

from cadres.enums import AreaLevel
from cadres.models import Area

CITY = ("620300000000", "金昌市", "JIN")
COUNTIES = [("620302000000", "金川区", "JC"), ("620321000000", "永昌县", "YC")]
TOWNSHIPS = [
    ("620302001000", "滨河路街道", "BHL"),
    ("620302002000", "桂林路街道", "GLL"),
    ("620302003000", "北京路街道", "BJL"),
    ("620302004000", "金川路街道", "JCL"),
    ("620302005000", "新华路街道", "XHL"),
    ("620302006000", "广州路街道", "GZL"),
    ("620302100000", "宁远堡镇", "NYB"),
    ("620302101000", "双湾镇", "SW"),
    ("620321100000", "城关镇", "CG"),
    ("620321101000", "河西堡镇", "HXB"),
    ("620321102000", "新城子镇", "XCZ"),
    ("620321103000", "朱王堡镇", "ZWB"),
    ("620321104000", "东寨镇", "DZ"),
    ("620321105000", "水源镇", "SY"),
    ("620321106000", "红山窑镇", "HSY"),
    ("620321107000", "焦家庄镇", "JJZ"),
    ("620321108000", "六坝镇", "LB"),
    ("620321203000", "南坝乡", "NB"),
]


@transaction.atomic
def load_areas() -> int:
    """Make sure the city, its 2 counties and 18 townships are there; return how many
    were added.

    It is part of set-up, has no ``by`` and leaves what is there alone.
    """
    wanted = [
        _area(CITY, AreaLevel.CITY, None),
        *(_area(row, AreaLevel.COUNTY, CITY[0]) for row in COUNTIES),
        *(
            _area(row, AreaLevel.TOWNSHIP, row[0][:6].ljust(12, "0"))
            for row in TOWNSHIPS
        ),
    ]
    known = set(Area.objects.values_list("code", flat=True))
    missing = [area for area in wanted if area.code not in known]
    Area.objects.bulk_create(missing)
    return len(missing)


def _area(row: tuple[str, str, str], level: AreaLevel, parent: str | None) -> Area:
    code, name, initials = row
    return Area(code=code, name=name, initials=initials, level=level, parent_id=parent)
