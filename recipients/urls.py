"""Addresses of people and of pairings."""

from django.urls import URLPattern, path

from recipients.views import (
    of_cadre,
    pairing_board,
    pairing_proposals,
    pairings,
    people,
    standing,
)

app_name = "recipients"
people_patterns: list[URLPattern] = [
    path("recipients/", people.recipient_list, name="recipient_list"),
    path("recipients/chips/", people.recipient_chips, name="recipient_chips"),
    path("recipients/new/", people.recipient_create, name="recipient_create"),
    path("recipients/<uuid:pk>/", people.recipient_detail, name="recipient_detail"),
    path("recipients/<uuid:pk>/edit/", people.recipient_edit, name="recipient_edit"),
    path(
        "recipients/<uuid:pk>/leave/", standing.recipient_leave, name="recipient_leave"
    ),
    path(
        "recipients/<uuid:pk>/return/",
        standing.recipient_return,
        name="recipient_return",
    ),
    path(
        "recipients/<uuid:pk>/pause/", standing.recipient_pause, name="recipient_pause"
    ),
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
        "recipients/<uuid:pk>/unmask/",
        standing.recipient_unmask,
        name="recipient_unmask",
    ),
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
        "pairings/propose/<uuid:pk>/",
        pairing_proposals.pairing_propose,
        name="pairing_propose",
    ),
    path(
        "pairings/cadres/<uuid:pk>/handover/",
        pairing_proposals.pairing_handover_all,
        name="pairing_handover_all",
    ),
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
    path("pairings/<uuid:pk>/extend/", pairings.pairing_extend, name="pairing_extend"),
    path(
        "pairings/<uuid:pk>/handover/",
        pairing_proposals.pairing_handover,
        name="pairing_handover",
    ),
]
urlpatterns = [*people_patterns, *pairing_patterns]
