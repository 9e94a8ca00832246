"""What the help page tells each role, in steps."""

from dataclasses import dataclass

from cadres.enums import Role


@dataclass(frozen=True)
class Topic:
    """One question and the steps that answer it."""

    title: str
    steps: tuple[str, ...]


VISIT = Topic(
    "怎样记一次走访(30 秒)",
    (
        "点下面红色的“＋”,选要记的家庭;只有一户时直接打开。",
        "方式默认“入户”,日期默认“今天”,不同才改。",
        "点一句常用语,或用键盘上的话筒说一句。",
        "七项政策与上次不同才改;有困难就点“添加”。",
        "点“提交走访”。30 秒内可以撤销。",
    ),
)
NO_SIGNAL = Topic(
    "没有信号怎么办",
    (
        "照常填写,内容每 2 秒自动存在本机。",
        "有信号后再打开这一户,点“继续上次未完成的记录”,再提交。",
    ),
)
IMPORT = Topic(
    "怎样导入花名册",
    (
        "在“导入”里选种类,下载模板或直接用手里的表。",
        "上传后先看核对结果,错的格子标红,可以当场改。",
        "点“导入”才写入系统;30 天内没有后续业务的可整批撤销。",
    ),
)
PAIRING = Topic(
    "怎样结对",
    (
        "联络员或关爱办提出结对,县区关爱办审核。",
        "不能审核自己提出的结对;超过可结对户数要写明理由。",
        "干部调离时用“交接”,当天由新干部接上,不留空档。",
    ),
)
RECONCILE = Topic(
    "每月比对怎么做",
    (
        "在“数据比对”上传民政、残联等部门当月名单。",
        "系统逐行比对,每一行都有结果。",
        "逐条处理差异:补录、更正、退出,或写明无需处理的原因。",
    ),
)
EXPORTING = Topic(
    "怎样导出台账",
    (
        "在“统计报表”选台账和范围,写明用途。",
        "默认导出掩码;确需完整号码时勾选,会单独记入留痕。",
    ),
)
TRAIL = Topic(
    "怎样查谁看过、改过什么",
    ("打开“操作留痕”,按操作人、事项、对象编号或日期筛选。", "留痕只增不改。"),
)
LARGE = Topic("字太小", ("点右上角“大”或“特大”,账号会记住。",))

TOPICS: dict[str, tuple[Topic, ...]] = {
    Role.CADRE: (VISIT, NO_SIGNAL, LARGE),
    Role.UNIT_LIAISON: (PAIRING, LARGE),
    Role.CARE_OFFICE: (IMPORT, PAIRING, RECONCILE, EXPORTING, TRAIL, LARGE),
    Role.ADMIN: (IMPORT, EXPORTING, LARGE),
    Role.AUDITOR: (TRAIL, LARGE),
    Role.LEADER: (LARGE,),
    Role.DEPARTMENT: (LARGE,),
}
