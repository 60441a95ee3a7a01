from __future__ import annotations

from django.test import Client

from netdash.models import Engine


def test_pages_open(viewer: Client, stored_engine: Engine) -> None:
    for path in (
        "containers/",
        "containers/id-api",
        "networks/",
        "networks/net-back",
        "table",
        "containers/id-api/raw",
        "networks/net-back/raw",
        "export/snapshot.json",
    ):
        response = viewer.get(f"/e/local/{path}")
        assert response.status_code == 200, path
    assert viewer.get("/e/local/containers/none").status_code == 404
