"""Which layer a network belongs to, from the edge down to the data, and why."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from netdash.topology.graph import UNREACHED, find_depths
from netdash.topology.snapshot import Container, Endpoint, Network, Snapshot

Role = Literal["frontend", "backend", "data", "queue", "edge", "admin", "observability", "neutral"]
Members = Sequence[tuple[Container, Endpoint]]

TIER_LABEL = "netdash.tier"


class Tier(NamedTuple):
    """A layer: networks with a lower score are drawn higher."""

    score: float
    name: str
    """``edge``, ``frontend`` … or ``other``: what the networks are grouped by."""
    role: Role
    """The colour; networks of unknown purpose get one by their name, the same everywhere."""
    reason: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a word in a name, or an image, says about a layer."""

    role: Role
    score: float
    words: re.Pattern[str]
    images: re.Pattern[str]


def build_hint(role: Role, score: float, words: str, images: str) -> Hint:
    """Compile a hint; words are matched against one token of a name, images against a name."""
    return Hint(role, score, re.compile(words), re.compile(rf"(?:{images})(?![a-z0-9])"))


HINTS = (
    build_hint("edge", -6, r"edge|prox(y|ies)|ingress|gateway|public|dmz|traefik|lb$",
               r"traefik|haproxy|envoy|cloudflared|nginx-proxy|swag|ingress"),
    build_hint("frontend", -4, r"front|web|ui$|client|www", r"nginx|httpd|caddy|react|apache"),
    build_hint("queue", 4, r"queue|event|broker|kafka|rabbit|mq$|nats$|messag",
               r"rabbitmq|kafka|nats|activemq|pulsar|mosquitto|cp-kafka|zookeeper"),
    build_hint("data", 6, r"data|.*db$|.*sql|postgres|redis|mongo|stor(e|age)|cache$|maria",
               r"postgres(ql)?|mysql|mariadb|redis|valkey|mongo(db)?|elasticsearch|opensearch"
               r"|clickhouse(-server)?|cassandra|couchdb|influxdb|memcached|minio|timescaledb"),
    build_hint("observability", 2, r"monitor|logs?$|logging|metric|observ|trac(e|ing)|telemetry",
               r"prometheus|grafana|loki|promtail|cadvisor|jaeger|tempo|alertmanager|node-exporter"
               r"|fluentd|fluent-bit|vector|otel.*"),
    build_hint("admin", 3, r"admin|mgmt|manage|lan$|vpn|ops$", r"portainer(-ce)?|adminer"),
    build_hint("backend", 0, r"back|api|app|core|service|internal|worker|job", r"(?!)"),
)  # fmt: skip
DEFAULT_NAMES = frozenset({"default", "bridge", "host", "none", "docker_gwbridge"})
UNNAMED = (-4, 8)
"""Where networks of unknown purpose go: next to the frontend when a port is published there,
and this much deeper where none is near."""
CYCLE: tuple[Role, ...] = ("backend", "frontend", "data", "queue", "admin", "observability", "edge")


def find_tiers(snapshot: Snapshot) -> Mapping[str, Tier]:
    """Map each network's id to its tier.

    The label ``netdash.tier=<number>`` decides; else the name, else well-known images; the
    distance from published ports orders networks among their like.
    """
    depths = find_depths(snapshot)
    return {
        network.id: find_tier(
            network,
            depths.get(network.id, UNREACHED),
            snapshot.members_by_network_id[network.id],
        )
        for network in snapshot.networks
    }


def find_tier(network: Network, depth: int, members: Members) -> Tier:
    """Find one network's tier; ``depth`` in hops from a published port, UNREACHED for none."""
    hint, reason = find_hint(network, members)
    nearness = min(depth, UNREACHED) / UNREACHED
    score = hint.score + nearness if hint else UNNAMED[0] + nearness * UNNAMED[1]
    score += network.is_internal / 2
    name = hint.role if hint else "other"
    role = hint.role if hint else pick_role(network)
    if (wanted := dict(network.labels).get(TIER_LABEL, "").strip()) and is_number(wanted):
        return Tier(float(wanted), name, role, f"its label says {TIER_LABEL}={wanted}")
    return Tier(score, name, role, reason or describe_depth(depth))


def find_hint(network: Network, members: Members) -> tuple[Hint | None, str]:
    """Find what the network's name says, or else the images of those on this network alone."""
    if network.is_built_in:
        return None, ""
    hint, reason = read_name(find_short_name(network))
    if hint:
        return hint, reason
    images = [find_image_name(c.image) for c, _ in members if len(c.endpoints) == 1]
    for hint in HINTS if images else ():
        if all(hint.images.fullmatch(image) for image in images):
            return hint, f"its containers run {', '.join(sorted(set(images))[:3])}"
    return None, ""


@lru_cache(maxsize=4096)
def read_name(name: str) -> tuple[Hint | None, str]:
    """Find what a network's short name says: its last telling word."""
    for word in reversed(re.split(r"[^a-z0-9]+", name.lower())):
        for hint in HINTS if word else ():
            if hint.words.match(word):
                return hint, f"its name says {word[:40]}"
    return None, ""


def pick_role(network: Network) -> Role:
    """Pick a colour for an unknown purpose: stable under every change but a renaming."""
    name = find_short_name(network)
    if network.is_built_in or name in DEFAULT_NAMES:
        return "neutral"
    return CYCLE[zlib.crc32(name.encode()) % len(CYCLE)]


def find_short_name(network: Network) -> str:
    """Drop the prefix that Compose puts before the name that the user wrote."""
    project = network.project
    return network.name.removeprefix(f"{project}_") if project else network.name


def find_image_name(image: str) -> str:
    """Drop registry, path, tag and digest: ``ghcr.io/a/postgres:16`` is postgres."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def is_number(text: str) -> bool:
    """Tell whether the text is a plain whole number of at most four digits."""
    return bool(re.fullmatch(r"-?[0-9]{1,4}", text))


def describe_depth(depth: int) -> str:
    """Say how far the network is from a published port."""
    if depth == 0:
        return "a container on it publishes a port"
    if depth >= UNREACHED:
        return "no published port is near"
    return f"{depth} network{'s' * (depth > 1)} away from a published port"
