"""Addresses of people and of pairings."""

from django.urls import URLPattern, path

from recipients.views import (
    acting,
    consents,
    families,
    glass,
    handovers,
    lives,
    merges,
    of_cadre,
    pairing_board,
    pairing_proposals,
    pairings,
    people,
    person,
    recommendations,
    relatives,
    retention,
    saved_filters,
    standing,
)

app_name = "recipients"
people_patterns: list[URLPattern] = [
    path("recipients/", people.recipient_list, name="recipient_list"),
    path("recipients/chips/", people.recipient_chips, name="recipient_chips"),
    path(
        "recipients/filters/", saved_filters.saved_filter_list, name="saved_filter_list"
    ),
    path(
        "recipients/filters/<uuid:pk>/delete/",
        saved_filters.saved_filter_delete,
        name="saved_filter_delete",
    ),
    path("recipients/new/", people.recipient_create, name="recipient_create"),
    path(
        "recipients/recommendations/",
        recommendations.recommendation_list,
        name="recommendation_list",
    ),
    path(
        "recipients/recommendations/new/",
        recommendations.recommendation_create,
        name="recommendation_create",
    ),
    path(
        "recipients/recommendations/<uuid:pk>/",
        recommendations.recommendation_detail,
        name="recommendation_detail",
    ),
    path(
        "recipients/recommendations/<uuid:pk>/file/",
        recommendations.recommendation_file,
        name="recommendation_file",
    ),
    path(
        "recipients/recommendations/<uuid:pk>/tie/",
        recommendations.recommendation_tie,
        name="recommendation_tie",
    ),
    path(
        "recipients/recommendations/<uuid:pk>/<slug:move>/",
        recommendations.recommendation_move,
        name="recommendation_move",
    ),
    path("recipients/<uuid:pk>/", person.recipient_detail, name="recipient_detail"),
    path(
        "recipients/<uuid:pk>/sources/",
        person.recipient_sources,
        name="recipient_sources",
    ),
    path("recipients/<uuid:pk>/edit/", people.recipient_edit, name="recipient_edit"),
    path(
        "recipients/<uuid:pk>/leave/", standing.recipient_leave, name="recipient_leave"
    ),
    path("recipients/<uuid:pk>/leave/undo/", standing.leave_undo, name="leave_undo"),
    path(
        "recipients/<uuid:pk>/return/",
        standing.recipient_return,
        name="recipient_return",
    ),
    path(
        "recipients/<uuid:pk>/pause/", standing.recipient_pause, name="recipient_pause"
    ),
    path("recipients/<uuid:pk>/fade/", standing.recipient_fade, name="recipient_fade"),
    path(
        "recipients/<uuid:pk>/resume/",
        standing.recipient_resume,
        name="recipient_resume",
    ),
    path(
        "recipients/<uuid:pk>/household/",
        standing.recipient_household,
        name="recipient_household",
    ),
    path(
        "recipients/<uuid:pk>/split/", standing.recipient_split, name="recipient_split"
    ),
    path(
        "recipients/of-cadre/<uuid:pk>/",
        of_cadre.pairings_of_cadre,
        name="pairings_of_cadre",
    ),
    path(
        "recipients/of-cadre/<uuid:pk>/relatives/",
        relatives.relatives_of_cadre,
        name="relatives_of_cadre",
    ),
    path(
        "recipients/relatives/<uuid:pk>/withdraw/",
        relatives.relative_withdraw,
        name="relative_withdraw",
    ),
    path(
        "recipients/<uuid:pk>/unmask/",
        standing.recipient_unmask,
        name="recipient_unmask",
    ),
]
merge_patterns = [
    path("recipients/duplicates/", merges.duplicate_list, name="duplicate_list"),
    path(
        "recipients/duplicates/<uuid:pk>/dismiss/",
        merges.duplicate_dismiss,
        name="duplicate_dismiss",
    ),
    path(
        "recipients/<uuid:pk>/merge/<uuid:other>/",
        merges.merge_propose,
        name="merge_propose",
    ),
    path("recipients/merges/<uuid:pk>/", merges.merge_detail, name="merge_detail"),
    path(
        "recipients/merges/<uuid:pk>/approve/",
        merges.merge_approve,
        name="merge_approve",
    ),
    path(
        "recipients/merges/<uuid:pk>/return/", merges.merge_return, name="merge_return"
    ),
    path("recipients/merges/<uuid:pk>/undo/", merges.merge_undo, name="merge_undo"),
]
life_patterns = [
    path("recipients/tasks/", lives.task_list, name="task_list"),
    path("recipients/tasks/<uuid:pk>/", lives.task_settle, name="task_settle"),
    path("recipients/transfers/", lives.transfer_list, name="transfer_list"),
    path(
        "recipients/transfers/<uuid:pk>/accept/",
        lives.transfer_accept,
        name="transfer_accept",
    ),
    path(
        "recipients/transfers/<uuid:pk>/return/",
        lives.transfer_return,
        name="transfer_return",
    ),
    path("recipients/<uuid:pk>/move/", lives.recipient_move, name="recipient_move"),
    path(
        "recipients/<uuid:pk>/category/",
        lives.recipient_category,
        name="recipient_category",
    ),
    path(
        "recipients/<uuid:pk>/members/",
        families.recipient_members,
        name="recipient_members",
    ),
    path(
        "recipients/<uuid:pk>/relation/",
        families.recipient_relation,
        name="recipient_relation",
    ),
    path(
        "recipients/<uuid:pk>/guardian/",
        families.recipient_guardian,
        name="recipient_guardian",
    ),
    path(
        "recipients/<uuid:pk>/institution/",
        families.recipient_institution,
        name="recipient_institution",
    ),
    path(
        "recipients/<uuid:pk>/members/<uuid:member>/head/",
        families.member_head,
        name="member_head",
    ),
    path(
        "recipients/<uuid:pk>/members/<uuid:member>/leave/",
        families.member_leave,
        name="member_leave",
    ),
]
people_patterns += [
    path("recipients/<uuid:pk>/glass/", glass.glass_break, name="glass_break"),
    path(
        "recipients/<uuid:pk>/consents/new/", consents.consent_give, name="consent_give"
    ),
    path(
        "recipients/<uuid:pk>/consents/<slug:scope>/withdraw/",
        consents.consent_withdraw,
        name="consent_withdraw",
    ),
    path("retention/", retention.retention_list, name="retention_list"),
    path("retention/erase/", retention.retention_erase, name="retention_erase"),
    path("glass/", glass.glass_list, name="glass_list"),
    path("glass/<uuid:pk>/review/", glass.glass_review, name="glass_review"),
]
pairing_patterns = [
    path("pairings/", pairing_board.pairing_board, name="pairing_board"),
    path(
        "pairings/approve-selected/",
        pairing_board.pairing_approve_selected,
        name="pairing_approve_selected",
    ),
    path("pairings/undo/", pairing_board.pairing_undo, name="pairing_undo"),
    path(
        "pairings/propose/",
        pairing_proposals.pairing_propose_by_code,
        name="pairing_propose_by_code",
    ),
    path(
        "pairings/propose/chosen/",
        pairing_proposals.pairing_propose_chosen,
        name="pairing_propose_chosen",
    ),
    path(
        "pairings/propose/<uuid:pk>/",
        pairing_proposals.pairing_propose,
        name="pairing_propose",
    ),
    path(
        "pairings/cadres/<uuid:pk>/handover/",
        pairing_proposals.pairing_handover_all,
        name="pairing_handover_all",
    ),
    path(
        "pairings/cadres/<uuid:pk>/release/",
        handovers.cadre_release,
        name="cadre_release",
    ),
    path("pairings/handover/", handovers.handover_bulk, name="handover_bulk"),
    path("pairings/<uuid:pk>/", pairings.pairing_detail, name="pairing_detail"),
    path(
        "pairings/<uuid:pk>/review/",
        pairing_board.pairing_review,
        name="pairing_review",
    ),
    path(
        "pairings/<uuid:pk>/approve/",
        pairing_board.pairing_approve,
        name="pairing_approve",
    ),
    path(
        "pairings/<uuid:pk>/return/",
        pairing_board.pairing_return,
        name="pairing_return",
    ),
    path(
        "pairings/<uuid:pk>/rechoose/",
        pairing_board.pairing_rechoose,
        name="pairing_rechoose",
    ),
    path("pairings/<uuid:pk>/pause/", pairings.pairing_pause, name="pairing_pause"),
    path("pairings/<uuid:pk>/resume/", pairings.pairing_resume, name="pairing_resume"),
    path("pairings/<uuid:pk>/end/", pairings.pairing_end, name="pairing_end"),
    path("pairings/<uuid:pk>/end/undo/", pairings.end_undo, name="end_undo"),
    path("pairings/<uuid:pk>/extend/", pairings.pairing_extend, name="pairing_extend"),
    path("pairings/<uuid:pk>/acting/", acting.pairing_acting, name="pairing_acting"),
    path("pairings/cadres/<uuid:pk>/acting/", acting.cadre_acting, name="cadre_acting"),
    path("pairings/leaves/<uuid:pk>/", acting.leave_change, name="leave_change"),
    path("acting/<uuid:pk>/agree/", acting.acting_agree, name="acting_agree"),
    path("acting/<uuid:pk>/return/", acting.acting_return, name="acting_return"),
    path("acting/<uuid:pk>/end/", acting.acting_end, name="acting_end"),
    path(
        "pairings/<uuid:pk>/handover/",
        pairing_proposals.pairing_handover,
        name="pairing_handover",
    ),
]
urlpatterns = [*people_patterns, *merge_patterns, *life_patterns, *pairing_patterns]
