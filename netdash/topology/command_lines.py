"""The `docker network …` line that does the same as a change."""

from __future__ import annotations

import csv
import io
import re
import shlex

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    EndpointSettings,
    RemoveNetwork,
)
from netdash.topology.lookup import find_named, is_new
from netdash.topology.snapshot import Pairs, Snapshot, Subnet

PLAIN_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")


def as_command(change: Change, snapshot: Snapshot | None = None) -> str:
    """Write the exact command line, quoted for a POSIX shell.

    Names are used where they are plain and, by the snapshot, unmistakable; ids elsewhere. A MAC
    is left out: the command has no option for it.
    """
    return shlex.join(list_words(change, snapshot))


def list_words(change: Change, snapshot: Snapshot | None = None) -> list[str]:
    """List the words of the command, beginning with ``docker``."""
    match change:
        case ConnectContainer():
            network = choose_word(change.network_id, change.network_name, snapshot)
            container = change.container_name or change.container_id
            options = _list_endpoint_options(change.settings)
            return ["docker", "network", "connect", *options, *_guard(network, container)]
        case DisconnectContainer():
            network = choose_word(change.network_id, change.network_name, snapshot)
            container = change.container_name or change.container_id
            force = ["--force"] if change.force else []
            return ["docker", "network", "disconnect", *force, *_guard(network, container)]
        case CreateNetwork():
            options = _list_network_options(change)
            return ["docker", "network", "create", *options, *_guard(change.name)]
        case RemoveNetwork():
            network = choose_word(change.network_id, change.network_name, snapshot)
            return ["docker", "network", "rm", *_guard(network)]


def choose_word(network_id: str, name: str, snapshot: Snapshot | None = None) -> str:
    """Choose how to call a network: by name when plain and unmistakable, else by id."""
    has_id = bool(network_id) and not is_new(network_id)
    is_doubled = snapshot is not None and len(find_named(snapshot, name)) > 1
    is_id_of_other = (
        snapshot is not None
        and name in snapshot.networks_by_id
        and snapshot.networks_by_id[name].name != name
    )
    is_plain = bool(PLAIN_NAME.match(name)) and not is_doubled and not is_id_of_other
    return name if is_plain or not has_id else network_id


def _list_endpoint_options(settings: EndpointSettings) -> list[str]:
    """Write the options of connect; alias, driver-opt and link-local-ip are CSV fields."""
    words: list[str] = []
    if settings.ipv4:
        words += ["--ip", settings.ipv4]
    if settings.ipv6:
        words += ["--ip6", settings.ipv6]
    for alias in settings.aliases:
        words += ["--alias", quote_field(alias)]
    for address in settings.link_local:
        words += ["--link-local-ip", quote_field(address)]
    for key, value in settings.driver_options:
        words += ["--driver-opt", quote_field(f"{key}={value}")]
    if settings.gateway_priority:
        words += [f"--gw-priority={settings.gateway_priority}"]
    return words


def _list_network_options(change: CreateNetwork) -> list[str]:
    words: list[str] = []
    if change.driver != "bridge" and not change.is_config_only:
        words += ["--driver", change.driver]
    if change.scope:
        words += ["--scope", change.scope]
    words += _list_flags(change)
    for subnet in change.subnets:
        words += _list_subnet_options(subnet)
    if change.ipam_driver != "default":
        words += ["--ipam-driver", change.ipam_driver]
    words += _repeat("--ipam-opt", change.ipam_options)
    words += _repeat("--opt", change.options)
    words += _repeat("--label", change.labels)
    return words


def _list_flags(change: CreateNetwork) -> list[str]:
    wanted = (
        ("--config-only", change.is_config_only),
        ("--internal", change.is_internal),
        ("--attachable", change.is_attachable),
        ("--ingress", change.is_ingress),
        ("--ipv4=false", not change.has_ipv4),
        ("--ipv6", change.has_ipv6),
    )
    words = [word for word, is_wanted in wanted if is_wanted]
    return words + (["--config-from", change.config_from] if change.config_from else [])


def _list_subnet_options(subnet: Subnet) -> list[str]:
    words = ["--subnet", subnet.cidr] if subnet.cidr else []
    if subnet.ip_range:
        words += ["--ip-range", subnet.ip_range]
    if subnet.gateway:
        words += ["--gateway", subnet.gateway]
    return words + _repeat("--aux-address", subnet.auxiliary)


def _repeat(option: str, pairs: Pairs) -> list[str]:
    return [word for key, value in pairs for word in (option, f"{key}={value}")]


def quote_field(text: str) -> str:
    """Quote one field for the command's CSV options, where a comma would part it."""
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow([text])
    return written.getvalue()


def _guard(*names: str) -> list[str]:
    """Keep a name that begins with a dash from being read as an option."""
    return ["--", *names] if any(_looks_like_option(name) for name in names) else list(names)


def _looks_like_option(name: str) -> bool:
    return name.startswith("-")
