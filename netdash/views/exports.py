"""Take away: the snapshot as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from netdash.topology.codec import encode

from .engines import find_engine


@require_safe
def export_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the last reading as a file, in the form that the codec reads again.

    Answers 404 in words before the first reading.
    """
    page = find_engine(request, slug)
    if page.stored is None:
        return HttpResponse("This engine has not been read yet.", "text/plain", status=404)
    response = JsonResponse(
        {
            "netdash": {
                "engine": page.engine.name,
                "version": page.stored.version,
                "taken_at": page.stored.taken_at.isoformat(),
            },
            **encode(page.stored.snapshot),
        },
        json_dumps_params={"indent": 1, "ensure_ascii": False},
    )
    moment = f"{page.stored.taken_at:%Y%m%dT%H%M%SZ}"
    name = f"netdash-{page.engine.slug}-{moment}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
