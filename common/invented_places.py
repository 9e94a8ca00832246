"""Invented villages below real townships, and the units that send cadres."""

from random import Random
from typing import NamedTuple

VILLAGES_A_TOWNSHIP = 10
FIRST_VILLAGE = 201
UNITS = 274
CITY, JINCHUAN, YONGCHANG = "620300000000", "620302000000", "620321000000"

_FIRST = [
    "柳", "沙枣", "红柳", "双泉", "清水", "石井", "永乐", "新墩", "东坡", "西湾",
    "上泉", "下坝", "白杨", "黄渠", "青石", "南滩", "北墩", "长沟", "牌楼", "杏花",
    "龙口", "大树", "平沙", "甘泉", "马莲",
]  # fmt: skip
_RURAL = ["庄", "沟", "湾", "渠", "墩", "坝", "营", "滩"]
_TOWN_FIRST = [
    "祥云", "同心", "暖阳", "和顺", "康宁", "春晖", "昌盛", "金泰", "友谊", "向阳",
    "惠民", "新苑", "锦绣", "花园", "安居", "文景", "育才", "建设", "团结", "朝晖",
]  # fmt: skip
_TOWN_LAST = ["里", "苑", "园", "路"]
_BUREAUS = [
    "委办公室", "政府办公室", "纪委监委", "委组织部", "委宣传部", "委统战部",
    "委政法委", "委社会工作部", "委编办", "发展和改革委员会", "教育局", "科学技术局",
    "工业和信息化局", "公安局", "民政局", "司法局", "财政局", "人力资源和社会保障局",
    "自然资源局", "生态环境局", "住房和城乡建设局", "交通运输局", "水务局",
    "农业农村局", "商务局", "文化体育广电和旅游局", "卫生健康委员会", "退役军人事务局",
    "应急管理局", "审计局", "市场监督管理局", "统计局", "医疗保障局", "林业和草原局",
    "信访局", "政务服务中心", "人大常委会办公室", "政协办公室", "总工会", "团委",
    "妇女联合会", "科学技术协会", "工商业联合会", "残疾人联合会", "红十字会",
    "文学艺术界联合会", "委党校", "档案馆", "融媒体中心", "供销合作社", "人民法院",
    "人民检察院", "税务局", "气象局", "消防救援支队", "烟草专卖局", "邮政分公司",
    "住房公积金中心",
]  # fmt: skip
_BANKS = [
    "工商银行", "农业银行", "中国银行", "建设银行", "农村商业银行", "甘肃银行",
    "邮储银行",
]  # fmt: skip
_HOSPITALS = ["人民医院", "中医院", "妇幼保健院", "疾病预防控制中心", "中西医结合医院"]
_SCHOOLS = [
    "第一中学", "第二中学", "第三中学", "第四中学", "第五中学", "第六中学", "职业中学",
    "第一小学", "第二小学", "第三小学", "第四小学", "第五小学", "第六小学", "幼儿园",
]  # fmt: skip
_COMPANIES = [
    "供水公司", "供热公司", "供电公司", "城市建设公司", "文化旅游公司", "公共交通公司",
    "燃气公司", "粮食储备公司", "物业服务公司", "环境卫生公司", "保险公司", "通信公司",
]  # fmt: skip


class Village(NamedTuple):
    """An invented village or community: its 12-digit code lies in the 2xx range."""

    code: str
    name: str


class Unit(NamedTuple):
    """A unit that sends cadres, and the area it belongs to."""

    name: str
    area: str


def villages(
    townships: list[tuple[str, str]], random: Random
) -> dict[str, list[Village]]:
    """Return ten villages for each township, given as (12-digit code, name).

    A street has communities. No name stands twice in the city.
    """
    rural = [f"{first}{last}村" for first in _FIRST for last in _RURAL]
    urban = [f"{first}{last}社区" for first in _TOWN_FIRST for last in _TOWN_LAST]
    random.shuffle(rural)
    random.shuffle(urban)
    return {
        code: [
            Village(
                f"{code[:9]}{FIRST_VILLAGE + number}",
                (urban if name.endswith("街道") else rural).pop(),
            )
            for number in range(VILLAGES_A_TOWNSHIP)
        ]
        for code, name in townships
    }


def units(townships: list[tuple[str, str]]) -> list[Unit]:
    """Return the 274 units of the city, its counties and townships."""
    named = [Unit(f"{name}人民政府", code) for code, name in townships]
    for place, area in (("金昌市", CITY), ("金川区", JINCHUAN), ("永昌县", YONGCHANG)):
        for kind in (_BUREAUS, _HOSPITALS, _SCHOOLS, _BANKS, _COMPANIES):
            named += [Unit(f"{place}{name}", area) for name in kind]
    return named[:UNITS]
