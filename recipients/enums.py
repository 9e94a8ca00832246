"""The words of people, guardians and pairings (domain/codes.md 3.1 to 3.3)."""

from django.db import models


class Category(models.TextChoices):
    """The three groups of the scheme; each person is counted in one."""

    CHILD = "CHILD", "孤残儿童"
    DISABLED = "DISABLED", "困难重度残疾人"
    DESTITUTE = "DESTITUTE", "特困家庭"


class Kind(models.TextChoices):
    """The finer kinds within the categories."""

    ORPHAN_SOCIAL = "ORPHAN_SOCIAL", "社会散居孤儿"
    ORPHAN_HOME = "ORPHAN_HOME", "集中养育孤儿"
    DE_FACTO = "DE_FACTO", "事实无人抚养儿童"
    CHILD_HIV = "CHILD_HIV", "感染艾滋病病毒儿童"
    CHILD_DISABLED = "CHILD_DISABLED", "残疾儿童"
    SEVERE_DIBAO = "SEVERE_DIBAO", "低保重残"
    SEVERE_EDGE = "SEVERE_EDGE", "低保边缘重残"
    SEVERE_SINGLE = "SEVERE_SINGLE", "单人户重残"
    MULTI = "MULTI", "一户多残"
    OLD_CARE_YOUNG = "OLD_CARE_YOUNG", "老残一体"
    TEKUN_HOME = "TEKUN_HOME", "分散供养特困"
    TEKUN_CENTRE = "TEKUN_CENTRE", "集中供养特困"
    DIBAO_SEVERE = "DIBAO_SEVERE", "重病重残低保家庭"
    ACCIDENT = "ACCIDENT", "突发变故家庭"
    OTHER = "OTHER", "其他特困家庭"


class DisabilityKind(models.TextChoices):
    """GB/T 26341-2010."""

    SIGHT = "1", "视力残疾"
    HEARING = "2", "听力残疾"
    SPEECH = "3", "言语残疾"
    LIMB = "4", "肢体残疾"
    INTELLECT = "5", "智力残疾"
    MIND = "6", "精神残疾"
    MULTIPLE = "7", "多重残疾"


class DisabilityGrade(models.TextChoices):
    """GB/T 26341-2010; 1 is the heaviest."""

    FIRST = "1", "一级"
    SECOND = "2", "二级"
    THIRD = "3", "三级"
    FOURTH = "4", "四级"


class IdState(models.TextChoices):
    """Whether the person has a resident id (domain/codes.md 3.3)."""

    PRESENT = "present", "有"
    PENDING = "pending", "未落户"
    LOST = "lost", "遗失"
    UNKNOWN = "unknown", "不详"


class RecipientStatus(models.TextChoices):
    """Where a person's file stands."""

    ON_FILE = "on_file", "在册"
    PAUSED = "paused", "暂停"
    LEFT = "left", "已退出"


class LeaveReason(models.TextChoices):
    """Why a person left the registry."""

    DIED = "died", "去世"
    MOVED = "moved", "迁出"
    NO_LONGER = "no_longer", "不再符合"
    WISHED = "wished", "自愿退出"
    MISTAKE = "mistake", "误录"


class PairingKind(models.TextChoices):
    """In what capacity a cadre is paired."""

    CADRE = "cadre", "干部结对"
    MOTHER = "mother", "爱心妈妈"
    DOCTOR = "doctor", "医师包联"


class PairingStatus(models.TextChoices):
    """Where a pairing stands."""

    PROPOSED = "proposed", "待审核"
    REJECTED = "rejected", "已退回"
    ACTIVE = "active", "结对中"
    PAUSED = "paused", "暂停"
    ENDED = "ended", "已结束"


class EndReason(models.TextChoices):
    """Why a pairing ended."""

    TRANSFERRED = "transferred", "调离"
    RETIRED = "retired", "退休"
    DIED = "died", "对象去世"
    MOVED = "moved", "迁出"
    LEFT = "left", "退出"
    REPLACED = "replaced", "换人"
    UNIT_CHANGED = "unit_changed", "单位调整"
    UNDONE = "undone", "导入撤销"
    MERGED = "merged", "档案合并"


class Relation(models.TextChoices):
    """How somebody is related to the head of the household (GB/T 4761, by tens)."""

    HEAD = "02", "户主"
    SPOUSE = "10", "配偶"
    SON = "20", "子"
    DAUGHTER = "30", "女"
    GRANDCHILD = "40", "孙辈"
    PARENT = "50", "父母"
    GRANDPARENT = "60", "祖父母"
    SIBLING = "70", "兄弟姐妹"
    OTHER = "80", "其他亲属"
    NONE = "99", "非亲属"


class Kinship(models.TextChoices):
    """How somebody is related to a cadre (任职回避的亲属关系)."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    NEAR = "near", "其他近亲属"
    IN_LAW = "in_law", "近姻亲"


class PairState(models.TextChoices):
    """What was decided about two files that may be of one person."""

    OPEN = "open", "待核对"
    NOT_SAME = "not_same", "不是同一人"


class MergeStatus(models.TextChoices):
    """Where a merge of two files stands."""

    PROPOSED = "proposed", "待审核"
    MERGED = "merged", "已合并"
    RETURNED = "returned", "已退回"


class FormerKind(models.TextChoices):
    """What somebody was known by before."""

    CODE = "code", "原编号"
    NAME = "name", "曾用名"
    RESIDENT_ID = "resident_id", "原证号"


class SourceKind(models.TextChoices):
    """Where a value on a file comes from."""

    IMPORT = "import", "导入"
    TYPED = "typed", "录入"
    MERGE = "merge", "合并"


class TaskKind(models.TextChoices):
    """What in somebody's life waits for the office's decision."""

    ADULT = "adult", "年满18周岁"
    HEAD = "head", "户主去世,须定新户主"
    MOVED = "moved", "迁入,须定结对"
    GUARDIAN = "guardian", "重新指定监护人"
    PAUSED = "paused", "暂停期满,须核实近况"
    MISSING = "missing", "失联,须会同公安查找"
    DE_FACTO = "de_facto", "家长被监管,须核对是否事实无人抚养"
    FADING = "fading", "渐退期满,须核实后退出"
    REFUSING = "refusing", "两次拒绝走访,须乡镇上门一次"
    NOT_MET = "not_met", "三次未遇,须乡镇核实"
    UNREACHABLE = "no_contact", "60天联系不上,须定是否失联"
    GRADE = "grade", "残疾等级降低,须核对类别"


class PauseReason(models.TextChoices):
    """Why the care of somebody rests (domain edge cases 12 to 16)."""

    HOSPITAL = "hospital", "住院"
    AWAY = "away", "外出就医、务工、就学"
    CUSTODY = "custody", "监管"
    UNREACHABLE = "unreachable", "失联"
    OTHER = "other", "其他"


class TaskState(models.TextChoices):
    """Whether the office has decided."""

    OPEN = "open", "待办"
    DONE = "done", "已办"
    MOOT = "moot", "不用再办"


class TransferStatus(models.TextChoices):
    """Where a move to another county stands."""

    PROPOSED = "proposed", "待接收"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "已退回"


class ConsentScope(models.TextChoices):
    """What can be agreed to."""

    HANDLING = "handling", "处理个人信息"
    PHOTOS = "photos", "走访时拍照留存"
    OUTSIDE = "outside", "向社会力量介绍心愿"


class GlassVerdict(models.TextChoices):
    """What the review said of an urgent look."""

    WAITING = "waiting", "待复核"
    RIGHT = "right", "合理"
    WRONG = "wrong", "不合理"


class RecommendationStatus(models.TextChoices):
    """Where a recommendation stands, as who made it is told."""

    RAISED = "raised", "已推荐"
    CHECKED = "checked", "核实中"
    INCLUDED = "included", "已纳入"
    DECLINED = "declined", "未纳入"
