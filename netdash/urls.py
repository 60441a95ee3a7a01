"""The table of contents: every address of netdash."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import path

from netdash.views import (
    bulk,
    bulk_changes,
    cleanup,
    connections,
    containers,
    engines,
    entrance,
    exports,
    health,
    job_actions,
    job_panel,
    jobs,
    journal,
    matrix,
    network_changes,
    networks,
    raw,
    stream,
    table,
    topology,
    undo,
)

urlpatterns = [
    # the way in
    path("", engines.home, name="home"),
    path(
        "sign-in",
        auth_views.LoginView.as_view(
            template_name="entrance/sign_in.html", redirect_authenticated_user=True
        ),
        name="sign-in",
    ),
    path("sign-out", auth_views.LogoutView.as_view(), name="sign-out"),
    path(
        "password",
        auth_views.PasswordChangeView.as_view(
            template_name="entrance/password.html", success_url="/"
        ),
        name="password-change",
    ),
    path("setup/<str:token>", entrance.setup, name="setup"),
    # engines
    path("engines/", engines.engines, name="engines"),
    path("e/<slug:slug>/notices", engines.engine_notices, name="engine-notices"),
    path("e/<slug:slug>/counts", engines.engine_counts, name="engine-counts"),
    # see
    path("e/<slug:slug>/", topology.topology, name="topology"),
    path("e/<slug:slug>/changes", topology.topology_changes, name="topology-changes"),
    path("e/<slug:slug>/filters", topology.topology_filters, name="topology-filters"),
    path("e/<slug:slug>/search", topology.topology_search, name="topology-search"),
    path("e/<slug:slug>/tidy", topology.topology_tidy, name="topology-tidy"),
    path("e/<slug:slug>/export/topology.svg", topology.export_svg, name="export-svg"),
    path("e/<slug:slug>/p/<path:project>", topology.project, name="project"),
    path("e/<slug:slug>/changes/<path:project>", topology.topology_changes, name="project-changes"),
    path("e/<slug:slug>/networks/", networks.networks, name="networks"),
    path("e/<slug:slug>/networks/new", network_changes.network_create, name="network-create"),
    path("e/<slug:slug>/networks/remove", bulk_changes.networks_remove, name="networks-remove"),
    path("e/<slug:slug>/networks/connect", bulk_changes.networks_connect, name="networks-connect"),
    path("e/<slug:slug>/networks/many", bulk.bulk, name="bulk"),
    path("e/<slug:slug>/networks/many/preview", bulk.bulk_preview, name="bulk-preview"),
    path("e/<slug:slug>/networks/many/commands", bulk.bulk_commands, name="bulk-commands"),
    path(
        "e/<slug:slug>/networks/many/template.<str:form>", bulk.bulk_template, name="bulk-template"
    ),
    path("e/<slug:slug>/networks/<str:network_id>", networks.network_detail, name="network-detail"),
    path("e/<slug:slug>/networks/<str:network_id>/raw", raw.network_raw, name="network-raw"),
    path("e/<slug:slug>/containers/", containers.containers, name="containers"),
    path(
        "e/<slug:slug>/containers/<str:container_id>",
        containers.container_detail,
        name="container-detail",
    ),
    path(
        "e/<slug:slug>/containers/<str:container_id>/raw", raw.container_raw, name="container-raw"
    ),
    path("e/<slug:slug>/matrix", matrix.matrix, name="matrix"),
    path("e/<slug:slug>/table", table.table, name="table"),
    path("e/<slug:slug>/export/snapshot.json", exports.export_json, name="export-json"),
    path("e/<slug:slug>/stream", stream.stream, name="stream"),
    # change
    path("e/<slug:slug>/connect", connections.connect, name="connect"),
    path("e/<slug:slug>/disconnect", connections.disconnect, name="disconnect"),
    path(
        "e/<slug:slug>/networks/<str:network_id>/remove",
        network_changes.network_remove,
        name="network-remove",
    ),
    path(
        "e/<slug:slug>/networks/<str:network_id>/replace",
        network_changes.network_migrate,
        name="network-migrate",
    ),
    # jobs
    path("e/<slug:slug>/jobs/", jobs.jobs, name="jobs"),
    path("e/<slug:slug>/jobs/panel", job_panel.job_panel, name="job-panel"),
    path("e/<slug:slug>/jobs/<int:pk>", jobs.job, name="job"),
    path("e/<slug:slug>/jobs/<int:pk>/cancel", job_actions.job_cancel, name="job-cancel"),
    path("e/<slug:slug>/jobs/<int:pk>/retry", job_actions.job_retry, name="job-retry"),
    path("e/<slug:slug>/jobs/<int:pk>/undo", job_actions.job_undo, name="job-undo"),
    path("e/<slug:slug>/jobs/<int:pk>/dismiss", job_panel.job_dismiss, name="job-dismiss"),
    path("e/<slug:slug>/clean-up", cleanup.cleanup, name="cleanup"),
    # look back
    path("e/<slug:slug>/journal/", journal.journal, name="journal"),
    path("e/<slug:slug>/journal/<int:pk>", journal.journal_entry, name="journal-entry"),
    path("e/<slug:slug>/journal/<int:pk>/undo", undo.journal_undo, name="journal-undo"),
    path("e/<slug:slug>/journal/export.<str:form>", journal.journal_export, name="journal-export"),
    path("health", health.health, name="health"),
    path("admin/login/", entrance.admin_sign_in, name="admin-sign-in"),
    path("admin/", admin.site.urls),
]
