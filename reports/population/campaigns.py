"""Six campaigns around today: past, going on, and to come."""

from datetime import date, timedelta

from common.invented_places import CITY
from visits.calendar import Festival, festivals
from visits.enums import CampaignKind, CampaignStatus
from visits.models import Campaign

WINTER = (11, 12, 1, 2)
BEFORE, AFTER = 6, 1
NAMES = {
    "NEW_YEAR": ("新年访亲送温暖“五个一”", ("谈一次心", "打扫一次卫生", "办一件实事")),
    "SPRING": ("阖家团圆·情暖新春", ("送年货", "贴春联", "拍全家福", "查取暖安全")),
    "LANTERN": ("元宵节看望", ("送元宵", "查用火用电")),
    "LABOUR": ("春风化雨·爱在金昌", ("清理环境", "栽种菜苗", "对接就医康复")),
    "DISABLED": ("全国助残日", ("查证件有效期", "查辅具", "查补贴到账")),
    "CHILDREN": ("六一儿童节看望", ("送学习用品", "问学习情况")),
    "DRAGON_BOAT": ("过佳节送温暖(端午)", ("送节日礼品", "宣讲政策")),
    "MID_AUTUMN": ("中秋团圆", ("送月饼", "陪伴聊天")),
    "NATIONAL": ("国庆看望", ("走访看望", "查安全")),
    "DOUBLE_NINTH": ("重阳敬老", ("量血压", "查用药", "查居家安全")),
}
CHECKLIST = ("查取暖和一氧化碳报警", "查用火用电", "看米面油和被褥", "帮落实政策")


def write_campaigns(today: date) -> list[Campaign]:
    """Write three that are over, one that is open, two that are planned."""
    days = [day for year in _years(today) for day in festivals(year)]
    past = [day for day in days if day.day + timedelta(days=AFTER) < today][-3:]
    coming = [day for day in days if day.day - timedelta(days=BEFORE) > today][:2]
    states = (CampaignStatus.PUBLISHED, CampaignStatus.PUBLISHED, CampaignStatus.CLOSED)
    rows = [
        *(_of_festival(day, state) for day, state in zip(past, states, strict=True)),
        _going_on(today),
        *(_of_festival(day, CampaignStatus.PLANNED) for day in coming),
    ]
    return Campaign.objects.bulk_create(rows)


def _years(today: date) -> tuple[int, ...]:
    return today.year - 1, today.year, today.year + 1


def _of_festival(festival: Festival, status: CampaignStatus) -> Campaign:
    name, checklist = NAMES[festival.code]
    return Campaign(
        name=f"{festival.day.year}年{name}",
        kind=CampaignKind.FESTIVAL,
        area_id=CITY,
        nominal_on=festival.day,
        starts_on=festival.day - timedelta(days=BEFORE),
        ends_on=festival.day + timedelta(days=AFTER),
        checklist=list(checklist),
        status=status,
    )


def _going_on(today: date) -> Campaign:
    winter = today.month in WINTER
    name = "三查三看三帮·温暖过冬" if winter else "守望相助暖民心"
    starts_on = today - timedelta(days=17)
    return Campaign(
        name=f"{starts_on.year}年{name}",
        kind=CampaignKind.THEME,
        area_id=CITY,
        nominal_on=starts_on,
        starts_on=starts_on,
        ends_on=today + timedelta(days=44),
        checklist=list(CHECKLIST),
        status=CampaignStatus.OPEN,
    )
