"""The way in: the one-time set-up, and the page after too many attempts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from netdash.forms.entrance import AdministratorForm
from netdash.models import SetupLink
from netdash.roles import has_administrator


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Create the administrator; the link works once, and only while there is none."""
    if has_administrator() or not SetupLink.is_valid(token):
        return render(request, "entrance/setup_gone.html", status=410)
    form = AdministratorForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "entrance/setup.html", {"form": form}, status=status)
    administrator = SetupLink.use(token, form.create)
    if administrator is None:
        return render(request, "entrance/setup_gone.html", status=410)
    login(request, administrator, "django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@login_not_required
@require_safe
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead from the admin to the one sign-in; refuse who is signed in but may not enter."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    query = urlencode({"next": request.GET.get("next") or reverse("admin:index")}, safe="/")
    return redirect(f"{reverse('sign-in')}?{query}")


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, str]
) -> HttpResponse:
    """Answer a sign-in that came too often (called by axes)."""
    return render(request, "entrance/locked_out.html", {"minutes": 15}, status=429)
