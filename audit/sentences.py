"""Turns an event into a sentence that a person can read."""

from audit.models import Event

SENTENCES = {
    "trail.looked_up": "查阅了某人的全部留痕",
    "trail.exported": "导出了操作留痕",
    "page.printed": "打印了页面",
    "person.searched": "用完整号码查找",
    "access.refused": "想看范围以外的内容,已拒绝",
    "sealed.unreadable": "有一项加密信息无法读取",
    "sealing.field_key_begun": "启用了新的加密密钥",
    "sealing.index_key_changed": "更换了检索密钥",
    "sealing.key_removed": "销毁了旧密钥",
    "user.password_changed": "修改了密码",
    "user.text_size_set": "调整了字号",
    "user.created": "开设了账号",
    "user.disabled": "停用了账号",
    "user.enabled": "启用了账号",
    "user.password_reset": "重置了密码",
    "user.role_ended": "设定了角色截止日",
    "notices.read": "阅读了通知",
    "roster.received": "导入了部门名单",
    "roster.compared": "比对了部门名单",
    "registry.checked": "对系统进行了自查",
    "difference.settled": "处理了一条差异",
    "difference.reopened": "恢复了一条差异",
    "roster.sent": "提交了部门名单",
    "clock.run_by_hand": "手动运行了时钟任务",
    "areas.imported": "导入了村社名单",
    "need.raised": "提出了需求",
    "need.reported": "紧急报告了疑似侵害",
    "need.accepted": "受理了需求",
    "need.begun": "开始办理需求",
    "need.solved": "办结了需求",
    "need.confirmed": "确认需求办好(销号)",
    "need.declined": "说明了需求为何不办",
    "need.reopened": "重新办理需求",
    "need.whose_said": "改写了需求是谁的",
    "visit.logged": "记了一次走访",
    "visit.taken_back": "撤销了一次走访",
    "visit.draft_saved": "存了走访草稿",
    "visit.draft_discarded": "删除了走访草稿",
    "visit.cadre_reminded": "提醒了一名干部",
    "reminders.six": "发出了逢6上街提醒",
    "reminders.digest": "发出了当天的走访提醒",
    "reminders.due": "登记了到期和超期的走访",
    "reminders.expiry": "提醒了将满18岁和残疾证将到期",
    "campaign.six_rule_set": "修改了逢6上街遇节假日的做法",
    "campaign.day_set": "设置了调休",
    "campaign.day_cleared": "取消了调休设置",
    "campaign.standard_set": "修改了走访标准",
    "campaign.opened": "启动了主题活动",
    "campaign.closed": "结束了主题活动",
    "export.made": "导出了台账",
    "export.asked": "提交了台账导出",
}


def sentence(event: Event) -> str:
    """Return what was done, in Chinese; the kind itself while nobody named it."""
    return SENTENCES.get(event.kind, event.kind)


def register(words: dict[str, str]) -> None:
    """Add the sentences of an app's own events."""
    SENTENCES.update(words)
