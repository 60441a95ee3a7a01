"""Examples that a newcomer starts from: forms that are filled in already."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from netdash.topology.subnets import find_free_subnets

from .engines import EnginePage

LIST = """\
name,internal,label:project
shop-frontend-network,,shop
shop-database-network,true,shop
monitoring,,
"""


@dataclass(frozen=True, slots=True)
class Example:
    """An address that fills the form in, and what comes of it in a few words."""

    title: str
    words: str
    address: str


def list_examples(page: EnginePage) -> tuple[Example, ...]:
    """List the examples, addressed where this engine is free."""
    free = find_free_subnets(page.snapshot, 16, "10.0.0.0/8", count=2)
    dev, prod = (*free, "10.0.0.0/16", "10.1.0.0/16")[:2]
    layers = {
        "source": "pattern",
        "pattern": "{project}-{environment}-{layer}-network",
        **fill_axis(0, "project", "shop, blog"),
        **fill_axis(1, "environment", "dev, prod"),
        **fill_axis(2, "layer", "frontend, backend, database"),
        "internal": "database",
        "tier_axis": "layer",
        "bases": f"dev={dev}\nprod={prod}",
        "size": "24",
    }
    people = {
        "source": "pattern",
        "pattern": "dev-{developer}-network",
        **fill_axis(0, "developer", "alice, bob, chloe"),
        "bases": dev,
        "size": "24",
    }
    return (
        build_example(page, "Projects, environments, layers", "12 networks of 7 words", layers),
        build_example(page, "One for each developer", "3 networks of 3 names", people),
        build_example(
            page, "A list", "CSV, YAML or Compose", {"source": "file", "text": LIST, "bases": dev}
        ),
    )


def fill_axis(number: int, name: str, values: str) -> dict[str, str]:
    """Fill in the fields of one axis, its label named like it."""
    prefix = f"axis-{number}-"
    return {f"{prefix}name": name, f"{prefix}values": values, f"{prefix}label": name}


def build_example(page: EnginePage, title: str, words: str, fields: dict[str, str]) -> Example:
    """Build an example from the fields that it fills in."""
    address = reverse("bulk", args=[page.engine.slug])
    return Example(title, words, f"{address}?{urlencode(fields)}")
