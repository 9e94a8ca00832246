"""The words of rosters and of what differs (product.md section 3)."""

from django.db import models


class RosterKind(models.TextChoices):
    """Which department's list it is (domain/excel.md 4.5)."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困供养"
    DISABILITY = "disability", "残联持证"
    DEATHS = "deaths", "死亡"


class RosterStatus(models.TextChoices):
    """Where a roster stands."""

    RECEIVED = "received", "已收到"
    COMPARED = "compared", "已比对"
    WORKED = "worked", "已处理"
    CERTIFIED = "certified", "已确认"


class RowOutcome(models.TextChoices):
    """What became of a row of a list; each row is in exactly one class."""

    AGREES = "agrees", "一致"
    NOT_IN_REGISTRY = "not_in_registry", "名单有系统无"
    DIFFERS = "differs", "信息不一致"
    SUSPECTED_DEATH = "suspected_death", "疑似死亡"
    NOT_ON_FILE = "not_on_file", "不在册"
    INVALID = "invalid", "无效行"
    REPEATED = "repeated", "名单内重复"


class DifferenceKind(models.TextChoices):
    """What somebody has to look into, the most urgent first."""

    # Nobody should knock at the door of the dead, nor be paid for them.
    SUSPECTED_DEATH = "suspected_death", "疑似死亡"
    NOT_IN_REGISTRY = "not_in_registry", "名单有系统无"
    NOT_IN_ROSTER = "not_in_roster", "系统有名单无"
    DIFFERS = "differs", "信息不一致"
    INVALID = "invalid", "无效行(姓名或证号有误)"
    REPEATED = "repeated", "名单内重复"
    UNPAIRED = "unpaired", "待结对"
    CERTIFICATE_EXPIRED = "certificate_expired", "残疾证过期"
    TURNED_18 = "turned_18", "已满18周岁"
    NO_CONTACT = "no_contact", "超期未联系"
    SAME_PHONE = "same_phone", "电话重复"
    MISSING_FIELDS = "missing_fields", "资料不全"
    ON_BOTH_LISTS = "on_both_lists", "低保、特困同月重叠"


# Of no one list: the registry compared with itself, and two lists with each other.
OWN_KINDS = (
    DifferenceKind.UNPAIRED,
    DifferenceKind.CERTIFICATE_EXPIRED,
    DifferenceKind.TURNED_18,
    DifferenceKind.NO_CONTACT,
    DifferenceKind.SAME_PHONE,
    DifferenceKind.MISSING_FIELDS,
    DifferenceKind.ON_BOTH_LISTS,
)


class DifferenceStatus(models.TextChoices):
    """Whether somebody has seen to it."""

    OPEN = "open", "待处理"
    CLOSED = "closed", "已处理"
    GONE = "gone", "已消除"


class ClosingDeed(models.TextChoices):
    """How a difference was closed."""

    ENROLLED = "enrolled", "补录"
    CORRECTED = "corrected", "更正"
    LEFT = "left", "退出"
    NOTHING = "nothing", "无需处理"


# What differs, in the words of the forms.
FIELD_NAMES = {
    "name": "姓名",
    "township": "乡镇街道",
    "dis_kind": "残疾类别",
    "dis_grade": "残疾等级",
    "dibao": "享受低保",
    "category": "特困家庭",
    "disability": "残疾",
    "birth_on": "出生日期",
    "village": "村社区",
    "phone": "联系电话",
    "guardian": "监护人",
    "certificate_until": "残疾证有效期",
}
