"""The table of contents: every address of netdash."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import path

from netdash.views import engines, entrance, health, stream

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
    path("e/<slug:slug>/stream", stream.stream, name="stream"),
    path("health", health.health, name="health"),
    path("admin/", admin.site.urls),
]
