"""The page of the board: open it, and change what stands on it."""

from __future__ import annotations

import re
from dataclasses import replace

from django.test import Client

from netdash.topology.snapshot import COMPOSE_PROJECT, Snapshot

PAGE = "/e/local/"
CHANGES = "/e/local/changes"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def find_signs(html: str) -> list[str]:
    return re.findall(r'data-sign="(\w+)"', html)


def put_in_projects(snapshot: Snapshot, **projects: str) -> Snapshot:
    """Label containers: ``web="shop"`` puts web into the project shop."""
    containers = tuple(
        replace(c, labels=((COMPOSE_PROJECT, projects[c.name]),)) if c.name in projects else c
        for c in snapshot.containers
    )
    return replace(snapshot, containers=containers)


def rename(snapshot: Snapshot, old: str, new: str) -> Snapshot:
    return replace(
        snapshot,
        containers=tuple(replace(c, name=new) if c.name == old else c for c in snapshot.containers),
    )


HOSTILE = '"><script>alert(1)</script>\u202e\u2066' + "x" * 10_000
