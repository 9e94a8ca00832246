"""What each address must answer: written once, by permission and kind of row.

An address without an entry fails the build, and so does an entry without an address.
``sees`` says, for a kind of row, which roles have the near one within reach; nobody
but the city, the neighbour and the administrator has the far one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cadres.permissions import Permission

OFFICES = {"city", "county", "township"}
FIELD = {"liaison", "cadre"}
WHOLE_CITY = frozenset({"city", "admin"})
# Who has the near row within reach, provided that the permission is there at all.
SEES = {
    "recipient": OFFICES | FIELD | {"admin"},
    "waiting": OFFICES | {"admin"},
    "task": OFFICES | {"admin"},
    "transfer": OFFICES | {"neighbour", "admin"},
    "doubt": OFFICES | {"admin"},
    # Who made it sees how it stands; the administrator has no part in it.
    "recommendation": OFFICES | {"cadre"},
    # A cadre's family: the cadre's own matter, and of the office that keeps the unit,
    # which for a unit without an area is the city's.
    "relative": {"city", "cadre"},
    "kept_cadre": {"city", "cadre"},
    "merge": OFFICES | {"admin"},
    "pairing": OFFICES | FIELD | {"admin"},
    "proposal": OFFICES | {"liaison", "admin"},
    "acting": OFFICES | FIELD | {"admin"},
    "acting_asked": OFFICES | FIELD | {"admin"},
    "leave": OFFICES | {"neighbour", "liaison", "cadre", "admin"},
    "photo": OFFICES | {"cadre", "admin"},
    "visit": OFFICES | FIELD | {"admin"},
    "need": OFFICES | FIELD | {"admin"},
    "referral": OFFICES | {"department", "admin"},
    "draft": {"cadre"},
    "saved": {"county"},
    "organisation": OFFICES | {"neighbour", "liaison", "admin"},
    # Asking for an urgent look is for those outside; who is inside is led on.
    "urgent_person": OFFICES | {"neighbour", "cadre"},
    "glass": OFFICES | {"auditor"},
    "cadre": OFFICES | {"neighbour", "liaison", "cadre", "admin"},
    "user": {"admin"},
    "session": {"cadre"},
    "batch": {"city", "county", "admin"},
    "roster": OFFICES | {"neighbour", "admin"},
    "difference": OFFICES | {"admin"},
    "job": {"county"},
    "export_request": {"city", "county", "township", "admin"},
    "campaign": OFFICES | FIELD | {"neighbour", "admin", "leader"},
    "override": {"city", "admin"},
    # That somebody is on file is all the auditor sees of them, of everyone.
    "filed": {"auditor"},
}
# Organisations and cadres are the whole city's; see cadres/models.
SEES_FAR: dict[str, set[str]] = {
    "draft": set(),
    "saved": {"neighbour"},
    "relative": {"city"},
    "kept_cadre": {"city"},
    "session": set(),
    # A move between counties is both counties' to see.
    "transfer": OFFICES | {"neighbour", "admin"},
    "urgent_person": OFFICES | {"neighbour", "cadre"},
    "recommendation": {"city", "neighbour"},
    "glass": {"city", "neighbour", "auditor"},
    "organisation": OFFICES | {"neighbour", "admin"},
    "cadre": OFFICES | {"neighbour", "admin"},
    "leave": OFFICES | {"neighbour", "admin"},
    "user": {"admin"},
    "roster": OFFICES | {"neighbour", "admin"},
    "job": {"neighbour"},
    # The calendar is the whole city's.
    "campaign": SEES["campaign"],
    "override": SEES["override"],
    "filed": SEES["filed"],
}
DEFAULT_FAR = {"city", "neighbour", "admin"}


@dataclass(frozen=True)
class Expectation:
    """The permission a view must ask for, its methods, and the row in its address."""

    permission: Permission | None
    methods: str = "GET"
    row: str = ""
    # Other parameters of the address, and statuses that are right besides success.
    fixed: Mapping[str, str] = field(default_factory=dict)
    # The kind of row a parameter names, where it is not ``row``.
    others: Mapping[str, str] = field(default_factory=dict)
    also: tuple[int, ...] = ()
    # Of the roles with the permission, those that may; empty means all of them.
    only: frozenset[str] = frozenset()
    # Whether a deed here asks once more who it is when the last proof is old.
    proof: bool = False
    # False for parts, files and redirects, which no screen shows by themselves.
    is_page: bool = True


E = Expectation
MATRIX: dict[str, Expectation] = {
    "cadres:login": E(None, "GET POST"),
    "cadres:login_again": E(None, "GET POST", is_page=False),
    "cadres:second_step": E(Permission.SIGNED_IN, "GET POST", is_page=False),
    "cadres:logout": E(Permission.SIGNED_IN, "POST"),
    "cadres:stay": E(Permission.SIGNED_IN, "POST"),
    "cadres:second_factor": E(Permission.SIGNED_IN, "GET POST", proof=True),
    "cadres:second_factor_off": E(Permission.SIGNED_IN, "POST", proof=True),
    "cadres:backup_codes": E(Permission.SIGNED_IN, "POST", proof=True),
    "cadres:session_list": E(Permission.SIGNED_IN),
    "cadres:sessions_end": E(Permission.SIGNED_IN, "POST"),
    "cadres:session_end": E(Permission.SIGNED_IN, "POST", "session"),
    "cadres:password_change": E(Permission.SIGNED_IN, "GET POST"),
    "cadres:text_size": E(Permission.SIGNED_IN, "POST"),
    "cadres:profile": E(Permission.SIGNED_IN),
    "cadres:village_options": E(Permission.SEE_RECIPIENTS, is_page=False),
    "cadres:organisation_list": E(Permission.SEE_ORGANISATIONS),
    "cadres:organisation_create": E(Permission.EDIT_ORGANISATIONS, "GET POST"),
    "cadres:organisation_detail": E(Permission.SEE_ORGANISATIONS, row="organisation"),
    "cadres:organisation_edit": E(
        Permission.EDIT_ORGANISATIONS, "GET POST", "organisation"
    ),
    "cadres:organisation_end": E(
        Permission.EDIT_ORGANISATIONS, "GET POST", "organisation"
    ),
    "cadres:cadre_list": E(Permission.SEE_ORGANISATIONS),
    "cadres:cadre_create": E(Permission.EDIT_CADRES, "GET POST"),
    "cadres:cadre_detail": E(Permission.SEE_ORGANISATIONS, row="cadre"),
    "cadres:cadre_edit": E(Permission.EDIT_CADRES, "GET POST", "cadre"),
    "cadres:cadre_leave": E(Permission.EDIT_CADRES, "GET POST", "cadre"),
    "cadres:cadre_announce": E(Permission.EDIT_CADRES, "GET POST", "cadre"),
    "cadres:cadre_away": E(Permission.EDIT_CADRES, "GET POST", "cadre"),
    "cadres:cadre_assistant": E(Permission.ISSUE_ACCOUNTS, "GET POST", "cadre"),
    "cadres:cadre_assistant_end": E(Permission.ISSUE_ACCOUNTS, "POST", "cadre"),
    "cadres:cadre_confirm": E(Permission.EDIT_CADRES, "POST", "cadre"),
    "cadres:cadre_return": E(Permission.EDIT_CADRES, "POST", "cadre"),
    "cadres:cadre_issue": E(Permission.ISSUE_ACCOUNTS, "POST", "cadre", proof=True),
    "cadres:user_list": E(Permission.MANAGE_ACCOUNTS),
    "cadres:user_create": E(Permission.MANAGE_ACCOUNTS, "GET POST", proof=True),
    "cadres:user_detail": E(Permission.MANAGE_ACCOUNTS, row="user"),
    "cadres:user_change": E(Permission.MANAGE_ACCOUNTS, "POST", "user", proof=True),
    "cadres:user_end_role": E(Permission.MANAGE_ACCOUNTS, "POST", "user", proof=True),
    "cadres:user_disable": E(Permission.MANAGE_ACCOUNTS, "POST", "user"),
    "cadres:user_enable": E(Permission.MANAGE_ACCOUNTS, "POST", "user", proof=True),
    "cadres:user_reset": E(Permission.MANAGE_ACCOUNTS, "POST", "user", proof=True),
    "cadres:user_unlock": E(Permission.MANAGE_ACCOUNTS, "POST", "user"),
    "cadres:user_end_sessions": E(Permission.MANAGE_ACCOUNTS, "POST", "user"),
    "cadres:user_second_factor_off": E(
        Permission.MANAGE_ACCOUNTS, "POST", "user", proof=True
    ),
    "recipients:recipient_list": E(Permission.SEE_RECIPIENTS),
    "recipients:recipient_chips": E(Permission.SEE_RECIPIENTS, is_page=False),
    "recipients:saved_filter_list": E(Permission.SEE_RECIPIENTS, "GET POST"),
    "recipients:saved_filter_delete": E(Permission.SEE_RECIPIENTS, "POST", "saved"),
    "recipients:recipient_create": E(Permission.EDIT_RECIPIENTS, "GET POST"),
    "recipients:recipient_detail": E(Permission.SEE_RECIPIENTS, row="recipient"),
    "recipients:recipient_sources": E(Permission.EDIT_RECIPIENTS, row="recipient"),
    "recipients:recipient_edit": E(Permission.EDIT_RECIPIENTS, "GET POST", "recipient"),
    "recipients:recipient_leave": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recipient"
    ),
    "recipients:leave_undo": E(
        Permission.EDIT_RECIPIENTS, "POST", "recipient", also=(409,)
    ),
    "recipients:recipient_return": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recipient"
    ),
    "recipients:recipient_pause": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recipient"
    ),
    "recipients:recipient_fade": E(Permission.EDIT_RECIPIENTS, "GET POST", "recipient"),
    "recipients:recipient_resume": E(Permission.EDIT_RECIPIENTS, "POST", "recipient"),
    "recipients:recipient_household": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recipient"
    ),
    "recipients:recipient_split": E(Permission.EDIT_RECIPIENTS, "POST", "recipient"),
    "recipients:recipient_unmask": E(
        Permission.UNMASK, "POST", "recipient", proof=True
    ),
    "recipients:recommendation_list": E(Permission.SIGNED_IN),
    "recipients:recommendation_create": E(Permission.SIGNED_IN, "GET POST"),
    "recipients:recommendation_detail": E(Permission.SIGNED_IN, row="recommendation"),
    "recipients:recommendation_move": E(
        Permission.EDIT_RECIPIENTS, "POST", "recommendation", {"move": "check"}
    ),
    "recipients:recommendation_file": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recommendation"
    ),
    "recipients:recommendation_tie": E(
        Permission.EDIT_RECIPIENTS, "POST", "recommendation"
    ),
    "recipients:duplicate_list": E(Permission.EDIT_RECIPIENTS),
    "recipients:duplicate_dismiss": E(Permission.EDIT_RECIPIENTS, "POST", "doubt"),
    "recipients:merge_propose": E(
        Permission.EDIT_RECIPIENTS,
        "GET POST",
        "recipient",
        others={"other": "waiting"},
    ),
    "recipients:merge_detail": E(Permission.EDIT_RECIPIENTS, row="merge"),
    "recipients:merge_approve": E(Permission.EDIT_RECIPIENTS, "POST", "merge"),
    "recipients:merge_return": E(Permission.EDIT_RECIPIENTS, "POST", "merge"),
    "recipients:merge_undo": E(Permission.EDIT_RECIPIENTS, "POST", "merge"),
    "recipients:task_list": E(Permission.EDIT_RECIPIENTS),
    "recipients:task_settle": E(Permission.EDIT_RECIPIENTS, "GET POST", "task"),
    "recipients:transfer_list": E(Permission.EDIT_RECIPIENTS),
    "recipients:transfer_accept": E(Permission.EDIT_RECIPIENTS, "POST", "transfer"),
    "recipients:transfer_return": E(Permission.EDIT_RECIPIENTS, "POST", "transfer"),
    **{
        f"recipients:recipient_{deed}": E(
            Permission.EDIT_RECIPIENTS, "GET POST", "recipient"
        )
        for deed in ("move", "category", "members", "guardian", "institution")
    },
    "recipients:recipient_relation": E(Permission.EDIT_RECIPIENTS, "POST", "recipient"),
    "recipients:member_head": E(
        Permission.EDIT_RECIPIENTS, "POST", "recipient", others={"member": "member"}
    ),
    "recipients:member_leave": E(
        Permission.EDIT_RECIPIENTS, "POST", "recipient", others={"member": "member"}
    ),
    "recipients:cadre_release": E(Permission.REVIEW_PAIRING, "GET POST", "cadre"),
    "recipients:handover_bulk": E(Permission.REVIEW_PAIRING, "GET POST"),
    "recipients:glass_break": E(Permission.BREAK_GLASS, "GET POST", "urgent_person"),
    "recipients:retention_list": E(Permission.ERASE),
    "recipients:retention_erase": E(Permission.ERASE, "POST"),
    "recipients:glass_list": E(Permission.REVIEW_GLASS),
    "recipients:glass_review": E(Permission.REVIEW_GLASS, "POST", "glass"),
    "recipients:consent_give": E(Permission.EDIT_RECIPIENTS, "GET POST", "recipient"),
    "recipients:consent_withdraw": E(
        Permission.EDIT_RECIPIENTS, "POST", "recipient", {"scope": "photos"}
    ),
    "recipients:relatives_of_cadre": E(
        Permission.DECLARE_RELATIVES, "GET POST", "kept_cadre"
    ),
    "recipients:relative_withdraw": E(Permission.DECLARE_RELATIVES, "POST", "relative"),
    "recipients:pairings_of_cadre": E(Permission.SEE_ORGANISATIONS, row="cadre"),
    "visits:cadre_home": E(Permission.LOG_VISIT),
    "visits:my_recipients": E(Permission.LOG_VISIT),
    "visits:my_visits": E(Permission.LOG_VISIT),
    "visits:todo": E(Permission.LOG_VISIT),
    "visits:visit_choose": E(Permission.LOG_VISIT),
    "visits:visit_new": E(Permission.LOG_VISIT, "GET POST", "recipient"),
    "visits:round_new": E(Permission.LOG_VISIT, "GET POST", "pairing"),
    "visits:round_take_back": E(Permission.LOG_VISIT, "POST", "visit"),
    "visits:draft_save": E(Permission.LOG_VISIT, "POST", "recipient"),
    "visits:draft_discard": E(Permission.LOG_VISIT, "POST", "draft"),
    "visits:visit_list": E(Permission.SEE_VISITS),
    "visits:visit_detail": E(Permission.SEE_VISITS, row="visit"),
    "visits:visit_take_back": E(Permission.LOG_VISIT, "POST", "visit"),
    "visits:photo": E(Permission.SEE_VISITS, row="photo", is_page=False),
    "visits:photo_add": E(Permission.LOG_VISIT, "POST", "visit"),
    "visits:photo_remove": E(Permission.LOG_VISIT, "POST", "photo", also=(409,)),
    "visits:late_choose": E(Permission.LOG_VISIT_FOR_OTHERS),
    "visits:visit_late": E(Permission.LOG_VISIT_FOR_OTHERS, "GET POST", "pairing"),
    "visits:overdue_list": E(Permission.SEE_PAIRINGS),
    "visits:policy_list": E(Permission.SEE_VISITS),
    "visits:cadre_remind": E(Permission.REMIND_CADRE, "POST", "pairing"),
    "visits:campaign_calendar": E(Permission.SEE_CAMPAIGNS),
    "visits:campaign_detail": E(Permission.SEE_CAMPAIGNS, row="campaign"),
    "visits:campaign_open": E(Permission.WORK_CAMPAIGNS, "POST", "campaign"),
    "visits:campaign_close": E(Permission.WORK_CAMPAIGNS, "POST", "campaign"),
    "visits:six_rule": E(Permission.SET_CALENDAR, "POST", only=WHOLE_CITY),
    "visits:day_override_set": E(Permission.SET_CALENDAR, "POST", only=WHOLE_CITY),
    "visits:day_override_clear": E(
        Permission.SET_CALENDAR, "POST", "override", only=WHOLE_CITY
    ),
    "visits:visit_standards": E(Permission.SET_CALENDAR, "GET POST", only=WHOLE_CITY),
    "visits:of_recipient": E(Permission.SEE_VISITS, row="recipient"),
    "visits:policies_of_recipient": E(Permission.SEE_VISITS, row="recipient"),
    "casework:need_list": E(Permission.SEE_NEEDS),
    "casework:need_detail": E(Permission.SEE_NEEDS, row="need"),
    "casework:need_move": E(Permission.WORK_NEEDS, "POST", "need", {"move": "accept"}),
    "casework:referral_list": E(Permission.SEE_REFERRALS),
    "casework:referral_detail": E(Permission.SEE_REFERRALS, row="referral"),
    "casework:referral_move": E(
        Permission.WORK_REFERRALS, "POST", "referral", {"move": "accept"}
    ),
    "casework:referral_close": E(Permission.WORK_NEEDS, "POST", "referral"),
    "casework:need_refer": E(Permission.WORK_NEEDS, "GET POST", "need"),
    "casework:need_raise": E(Permission.RAISE_NEED, "GET POST", "recipient"),
    "casework:need_report": E(Permission.RAISE_NEED, "GET POST", "recipient"),
    "casework:of_recipient": E(Permission.SEE_NEEDS, row="recipient"),
    "recipients:pairing_board": E(Permission.SEE_PAIRINGS),
    "recipients:pairing_detail": E(Permission.SEE_PAIRINGS, row="pairing"),
    "recipients:pairing_propose_by_code": E(Permission.PROPOSE_PAIRING, "GET POST"),
    "recipients:pairing_propose_chosen": E(Permission.PROPOSE_PAIRING, "GET POST"),
    "recipients:pairing_propose": E(
        Permission.PROPOSE_PAIRING, "GET POST", "recipient"
    ),
    "recipients:pairing_handover": E(Permission.PROPOSE_PAIRING, "GET POST", "pairing"),
    "recipients:pairing_handover_all": E(
        Permission.REVIEW_PAIRING, "GET POST", "cadre"
    ),
    "recipients:pairing_review": E(Permission.REVIEW_PAIRING, row="proposal"),
    "recipients:pairing_approve": E(Permission.REVIEW_PAIRING, "POST", "proposal"),
    "recipients:pairing_return": E(Permission.REVIEW_PAIRING, "POST", "proposal"),
    "recipients:pairing_rechoose": E(Permission.REVIEW_PAIRING, "POST", "proposal"),
    "recipients:pairing_approve_selected": E(Permission.REVIEW_PAIRING, "POST"),
    "recipients:pairing_undo": E(Permission.REVIEW_PAIRING, "POST"),
    "recipients:pairing_pause": E(Permission.REVIEW_PAIRING, "POST", "pairing"),
    "recipients:pairing_resume": E(Permission.REVIEW_PAIRING, "POST", "pairing"),
    "recipients:pairing_end": E(Permission.REVIEW_PAIRING, "POST", "pairing"),
    "recipients:end_undo": E(Permission.REVIEW_PAIRING, "POST", "pairing", also=(409,)),
    "recipients:pairing_extend": E(Permission.REVIEW_PAIRING, "POST", "pairing"),
    "recipients:pairing_acting": E(Permission.PROPOSE_PAIRING, "GET POST", "pairing"),
    "recipients:cadre_acting": E(Permission.PROPOSE_PAIRING, "GET POST", "cadre"),
    "recipients:acting_agree": E(Permission.REVIEW_PAIRING, "POST", "acting_asked"),
    "recipients:acting_return": E(
        Permission.REVIEW_PAIRING, "GET POST", "acting_asked"
    ),
    "recipients:acting_end": E(Permission.REVIEW_PAIRING, "POST", "acting"),
    "recipients:leave_change": E(Permission.EDIT_CADRES, "GET POST", "leave"),
    "intake:batch_list": E(Permission.IMPORT),
    "intake:upload": E(Permission.IMPORT, "GET POST"),
    "intake:template": E(
        Permission.IMPORT, fixed={"kind": "recipients"}, is_page=False
    ),
    "intake:batch_detail": E(Permission.IMPORT, row="batch"),
    "intake:batch_progress": E(Permission.IMPORT, row="batch", is_page=False),
    "intake:batch_columns": E(Permission.IMPORT, "GET POST", "batch"),
    "intake:batch_answer": E(Permission.IMPORT, "POST", "batch"),
    "intake:batch_ticks": E(Permission.IMPORT, "POST", "batch"),
    "intake:batch_confirm": E(Permission.IMPORT, "POST", "batch"),
    "intake:batch_undo": E(Permission.IMPORT, "POST", "batch"),
    "intake:batch_file": E(Permission.IMPORT, row="batch", is_page=False),
    "intake:batch_errors": E(Permission.IMPORT, row="batch", is_page=False),
    "intake:row_correct": E(
        Permission.IMPORT, "POST", "batch", others={"row_pk": "batch_row"}
    ),
    "rosters:roster_list": E(Permission.RECONCILE),
    "rosters:roster_upload": E(Permission.RECONCILE, "POST"),
    "rosters:registry_check": E(Permission.RECONCILE, "POST"),
    "rosters:roster_detail": E(Permission.RECONCILE, row="roster"),
    "rosters:roster_compare": E(Permission.RECONCILE, "POST", "roster"),
    "rosters:difference_list": E(Permission.RECONCILE),
    "rosters:difference_settle": E(Permission.RECONCILE, "GET POST", "difference"),
    "rosters:difference_reopen": E(Permission.RECONCILE, "POST", "difference"),
    "reports:home": E(Permission.SEE_DASHBOARD),
    "reports:search": E(Permission.SIGNED_IN),
    "reports:find": E(Permission.SIGNED_IN, "POST", also=(404,)),
    "reports:help": E(Permission.SIGNED_IN),
    "reports:export_list": E(Permission.EXPORT, "GET POST", proof=True),
    "reports:export_requests": E(Permission.EXPORT),
    "reports:export_approve": E(Permission.EXPORT, "POST", "export_request"),
    "reports:export_decline": E(Permission.EXPORT, "POST", "export_request"),
    "reports:job_list": E(Permission.SEE_JOBS),
    "reports:job_detail": E(Permission.SEE_JOBS, row="job"),
    "reports:job_file": E(Permission.SEE_JOBS, row="job", is_page=False),
    "reports:notice_list": E(Permission.SIGNED_IN),
    "reports:notices_read": E(Permission.SIGNED_IN, "POST"),
    "reports:trail": E(Permission.SEE_TRAIL),
    "reports:live": E(None, is_page=False),
    "reports:ready": E(None, is_page=False),
    "reports:health": E(Permission.SEE_HEALTH),
    "reports:trail_find_person": E(Permission.AUDIT, "POST"),
    "reports:trail_person": E(Permission.AUDIT, row="filed"),
    "reports:trail_export": E(Permission.AUDIT, "POST"),
    "reports:trail_chain": E(Permission.SEE_CHAIN, "GET POST"),
    "reports:person_disclose": E(
        Permission.EDIT_RECIPIENTS, "GET POST", "recipient", proof=True
    ),
    "reports:page_printed": E(Permission.SIGNED_IN, "POST"),
    "reports:clock": E(Permission.SEE_CLOCK),
    "reports:clock_run": E(Permission.RUN_CLOCK, "POST", fixed={"name": "purge_files"}),
}
