"""Addresses of the pages that look across everything."""

from django.urls import path

from reports.views import (
    approvals,
    chain,
    clock,
    disclosing,
    exports,
    health,
    home,
    jobs,
    search,
    trail,
)

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/go/", search.find, name="find"),
    path("help/", search.help_page, name="help"),
    path("exports/", exports.export_list, name="export_list"),
    path("exports/requests/", approvals.export_requests, name="export_requests"),
    path(
        "exports/requests/<uuid:pk>/approve/",
        approvals.export_approve,
        name="export_approve",
    ),
    path(
        "exports/requests/<uuid:pk>/decline/",
        approvals.export_decline,
        name="export_decline",
    ),
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/<uuid:pk>/", jobs.job_detail, name="job_detail"),
    path("jobs/<uuid:pk>/file/", jobs.job_file, name="job_file"),
    path("notices/", jobs.notice_list, name="notice_list"),
    path("notices/read/", jobs.notices_read, name="notices_read"),
    path("trail/", trail.trail, name="trail"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("health/", health.health_page, name="health"),
    path("trail/person/", trail.trail_find_person, name="trail_find_person"),
    path("trail/person/<uuid:pk>/", trail.trail_person, name="trail_person"),
    path("trail/export/", trail.trail_export, name="trail_export"),
    path("trail/chain/", chain.trail_chain, name="trail_chain"),
    path(
        "recipients/<uuid:pk>/disclose/",
        disclosing.person_disclose,
        name="person_disclose",
    ),
    path("printed/", trail.page_printed, name="page_printed"),
    path("clock/", clock.clock_page, name="clock"),
    path("clock/<slug:name>/run/", clock.clock_run, name="clock_run"),
]
