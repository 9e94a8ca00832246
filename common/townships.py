"""Where the 18 townships are put on the sketch map; no boundary, no survey."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Township:
    """A township's name and its own centre, moved a little where words would touch."""

    code: str
    name: str
    longitude: float
    latitude: float
    inner_city: bool = False


# The six streets of the city lie within a few kilometres: they are drawn in a box.
TOWNSHIPS = (
    Township("620302001000", "滨河路街道", 102.20, 38.545, inner_city=True),
    Township("620302002000", "桂林路街道", 102.17, 38.53, inner_city=True),
    Township("620302003000", "北京路街道", 102.19, 38.525, inner_city=True),
    Township("620302004000", "金川路街道", 102.18, 38.515, inner_city=True),
    Township("620302005000", "新华路街道", 102.20, 38.51, inner_city=True),
    Township("620302006000", "广州路街道", 102.21, 38.53, inner_city=True),
    Township("620302100000", "宁远堡镇", 102.02, 38.545),
    Township("620302101000", "双湾镇", 102.36, 38.56),
    Township("620321100000", "城关镇", 101.93, 38.27),
    Township("620321101000", "河西堡镇", 102.12, 38.40),
    Township("620321102000", "新城子镇", 101.53, 38.17),
    Township("620321103000", "朱王堡镇", 102.56, 38.27),
    Township("620321104000", "东寨镇", 102.09, 38.24),
    Township("620321105000", "水源镇", 102.36, 38.37),
    Township("620321106000", "红山窑镇", 101.62, 38.32),
    Township("620321107000", "焦家庄镇", 101.76, 38.19),
    Township("620321108000", "六坝镇", 102.27, 38.21),
    Township("620321203000", "南坝乡", 101.99, 38.10),
)
CITY_CENTRE = (102.19, 38.525)
