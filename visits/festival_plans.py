"""What is proposed for a festival: a name, the days, a checklist the office edits.

The items are proposals (domain/field.md 2.3); the scheme names no others.
"""

from datetime import timedelta

from cadres.models import Area
from visits.calendar import Festival
from visits.enums import CampaignKind
from visits.models import Campaign

BEFORE, AFTER = timedelta(days=6), timedelta(days=1)
PLANS = {
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


def planned(festival: Festival, area: Area) -> Campaign:
    """Return the festival's campaign, planned and not yet written."""
    name, checklist = PLANS[festival.code]
    return Campaign(
        name=f"{festival.day.year}年{name}",
        kind=CampaignKind.FESTIVAL,
        area=area,
        nominal_on=festival.day,
        starts_on=festival.day - BEFORE,
        ends_on=festival.day + AFTER,
        checklist=list(checklist),
    )
