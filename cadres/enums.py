"""The words of areas, organisations, accounts and cadres."""

from django.db import models


class AreaLevel(models.TextChoices):
    """The four levels of division (行政区划)."""

    CITY = "city", "市"
    COUNTY = "county", "县区"
    TOWNSHIP = "township", "乡镇街道"
    VILLAGE = "village", "村社区"


class Role(models.TextChoices):
    """What an account is for; an account has one."""

    CARE_OFFICE = "care_office", "关爱办"
    UNIT_LIAISON = "unit_liaison", "帮扶单位联络员"
    CADRE = "cadre", "结对干部"
    DEPARTMENT = "department", "职能部门经办"
    LEADER = "leader", "领导"
    ADMIN = "admin", "管理员"
    AUDITOR = "auditor", "审计"


class OrganisationKind(models.TextChoices):
    """What sort of body an organisation is."""

    UNIT = "unit", "帮扶单位"
    DEPARTMENT = "department", "职能部门"
    SOCIAL = "social", "社会组织"
    ENTERPRISE = "enterprise", "企业"
    SCHOOL = "school", "学校"
    HOSPITAL = "hospital", "医院"
    HOME = "home", "福利机构"


class OrganisationLevel(models.TextChoices):
    """To which level of government an organisation belongs (单位层级)."""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"
    OTHER = "other", "其他"


class CadreKind(models.TextChoices):
    """In what capacity a person cares."""

    CADRE = "cadre", "结对干部"
    MOTHER = "mother", "爱心妈妈"
    DOCTOR = "doctor", "医师"
    VOLUNTEER = "volunteer", "志愿者"


class LeavingReason(models.TextChoices):
    """Why a cadre gives up the post; nothing that would shame anybody."""

    TRANSFERRED = "transferred", "调离"
    RETIRED = "retired", "退休"
    ARRANGED = "arranged", "组织调整"
    DIED = "died", "去世"


class LeaveKind(models.TextChoices):
    """Why a cadre is away for a while."""

    ILLNESS = "illness", "病假"
    SECONDED = "seconded", "驻村或借调"
    MATERNITY = "maternity", "产假"
    OTHER = "other", "其他"


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"


class TextSize(models.TextChoices):
    """How large the letters are on this account's screens."""

    STANDARD = "std", "标准"
    LARGE = "lg", "大"
    EXTRA = "xl", "特大"
