"""People whom some of the demo's accounts have come across, at every state."""

from datetime import timedelta

from cadres.models import Area, User
from recipients.enums import Category
from recipients.models import Recipient, Recommendation
from recipients.operations.recommendations import (
    check_recommendation,
    decline_recommendation,
    recommend,
    return_recommendation,
    tie_recommendation,
)
from reports.population.accounts import HEXIBAO

# Who names whom, where, in what straits, of which category; and by which way it went.
FOUND = (
    (
        "cadre",
        "秦玉梅",
        "西街棋牌室对门平房",
        "独居,腿脚不便,常没人送饭。",
        "DESTITUTE",
    ),
    ("leader", "孟广田", "老火车站候车室旁", "在车站过夜,说家里没人了。", ""),
    ("mother", "石小雨", "河雅路小学三年级", "父母都不在身边,跟着奶奶过。", "CHILD"),
    ("civil", "郝长顺", "河东路 12 号院", "临时救助时发现,卧床两年。", "DISABLED"),
    ("unit", "卢秀珍", "鸳鸯池村一组", "走访邻家时听说,已瘫痪。", "DISABLED"),
    ("auditor", "苗春生", "北街菜市场", "摆摊,自称没有低保。", ""),
)
CHECKED = "上门核实:情况属实,本人愿意,材料齐。"
RETURNED = "请补残疾人证号和监护人。"
DECLINED = "户籍和居住都在外地,已告知向户籍地申请。"
ALREADY = "本人已在册,推荐人不知情。"
DAYS_APART = 3


def write_recommendations() -> int:
    """Recommend, check, return, tie and decline; return how many were named."""
    accounts = {user.username: user for user in User.objects.filter(demo=True)}
    township, county = accounts["hexibao"], accounts["yongchang"]
    area = Area.objects.get(pk=HEXIBAO)
    made = []
    for username, name, place, words, category in FOUND:
        one = recommend(
            name=name,
            area=area,
            place=place,
            words=words,
            category=category,
            by=accounts[username],
        )
        made.append(one)
    for one in made[2:5]:
        check_recommendation(recommendation=one, words=CHECKED, by=township)
    return_recommendation(recommendation=made[4], words=RETURNED, by=county)
    decline_recommendation(recommendation=made[5], words=DECLINED, by=township)
    made.append(_on_file_already(area, accounts["dpf"], township, county))
    for days, one in enumerate(made, start=1):
        Recommendation.objects.filter(pk=one.pk).update(
            raised_at=one.raised_at - timedelta(days=days * DAYS_APART)
        )
    return len(made)


def _on_file_already(
    area: Area, finder: User, township: User, county: User
) -> Recommendation:
    person = (
        Recipient.objects.on_file()
        .filter(area=area, category=Category.DISABLED)
        .order_by("code")[0]
    )
    one = recommend(
        name=person.name,
        area=area,
        place=person.village,
        words="评残时发现,像是没有人结对。",
        category=person.category,
        by=finder,
    )
    check_recommendation(recommendation=one, words=ALREADY, by=township)
    return tie_recommendation(recommendation=one, recipient=person, by=county)
