"""Networks from the ``networks:`` section of a Compose file."""

from __future__ import annotations

from dataclasses import replace

from netdash.jobs.bulk_files.interpolation import fill_in
from netdash.jobs.bulk_files.problems import Attempts, Reading, UnreadableFile
from netdash.jobs.bulk_files.values import read_flag, read_text, sort_pairs
from netdash.jobs.bulk_files.yaml_nodes import (
    Budget,
    Mapping,
    Node,
    Scalar,
    Sequence,
    compose,
    read_items,
    read_pairs,
)
from netdash.jobs.bulk_files.yaml_rows import (
    Settings,
    check_keys,
    collect,
    find_line,
    read_string,
    read_strings_by_key,
    read_switch,
)
from netdash.topology.changes import CreateNetwork
from netdash.topology.refusal import list_words, quote
from netdash.topology.rows import Row
from netdash.topology.snapshot import COMPOSE_PROJECT, Subnet

COMPOSE_NETWORK = "com.docker.compose.network"
KEYS = (
    "name",
    "driver",
    "driver_opts",
    "ipam",
    "internal",
    "attachable",
    "enable_ipv4",
    "enable_ipv6",
    "labels",
    "external",
)
IPAM_KEYS = ("driver", "config", "options")
IS_LIST = (
    "networks: holds a list. In a Compose file each network is a key there; a list of networks"
    " stands alone, without networks: above it."
)
POOL_KEYS = ("subnet", "gateway", "ip_range", "aux_addresses")


def read_compose(text: str, project: str = "") -> Reading:
    """Read the networks that ``docker compose up`` would make; raises UnreadableFile.

    They get the labels by which Compose knows its own. ``project`` counts where the file has no
    ``name:``. External networks are left out, and said; so are files that the file includes.
    """
    document, budget = compose(text), Budget()
    top = read_pairs(document, "The file", budget)
    if "networks" not in top:
        raise UnreadableFile("There is no networks: section in it.")
    line, section = top["networks"]
    if isinstance(section, Sequence):
        raise UnreadableFile(IS_LIST, line)
    chosen = fill_in(read_string(top, "name", 1), find_line(top, "name", 1)) or project
    named = [
        (name, line, fill_node(node, budget))
        for name, (line, node) in read_pairs(section, "networks", budget).items()
    ]
    external = [name for name, line, node in named if is_external(node, line, budget)]
    own = tuple(one for one in named if one[0] not in external)
    notes = list_notes(external, "include" in top)
    if not own:
        raise UnreadableFile(" ".join(("There is no network to make in it.", *notes)))
    reading = collect(
        own, lambda name, line, node, wrong: read_row(chosen, name, line, node, wrong, budget)
    )
    return replace(reading, notes=notes)


def list_notes(external: list[str], has_includes: bool) -> tuple[str, ...]:
    """Say what was left out."""
    notes = []
    if external:
        notes.append(f"Left out as external: {list_words(external)}.")
    if has_includes:
        notes.append("Files that it includes are not read.")
    return tuple(notes)


def fill_node(node: Node, budget: Budget) -> Node:
    """Fill variables into the values below a node; keys stay."""
    budget.spend(node.line)
    match node:
        case Scalar():
            return Scalar(node.line, fill_in(node.text, node.line))
        case Sequence():
            return Sequence(node.line, tuple(fill_node(item, budget) for item in node.items))
        case Mapping():
            pairs = tuple((key, fill_node(value, budget)) for key, value in node.pairs)
            return Mapping(node.line, pairs)


def is_external(node: Node, line: int, budget: Budget) -> bool:
    """Tell whether a network is one that Compose does not make."""
    found = read_pairs(node, "A network", budget)
    if "external" not in found:
        return False
    if isinstance(found["external"][1], Mapping):
        return True
    return read_flag(read_string(found, "external", line), "external", found["external"][0])


def read_row(project: str, key: str, line: int, node: Node, wrong: Attempts, budget: Budget) -> Row:
    """Read one network, noting what is wrong; raises UnreadableFile where nothing can be read."""
    found = read_pairs(node, quote(key), budget)
    own = wrong.read("", read_string, found, "name", line)
    if not (own or project or wrong.problems):
        words = "Compose puts the project's name before it. Add name: to the file, or a project."
        wrong.note(f"{quote(key)} has no name of its own: {words}", line)
    check_keys(found, KEYS, wrong)
    ipam: Settings = {}
    if "ipam" in found:
        ipam = wrong.read(ipam, read_pairs, found["ipam"][1], "ipam", budget)
    check_keys(ipam, IPAM_KEYS, wrong)
    labels, options, ipam_options = (
        wrong.read({}, read_strings_by_key, settings, name, budget)
        for settings, name in ((found, "labels"), (found, "driver_opts"), (ipam, "options"))
    )
    creation = CreateNetwork(
        name=wrong.read("", read_text, own or (project and f"{project}_{key}"), "name", line),
        driver=wrong.read("", read_string, found, "driver", line) or "bridge",
        subnets=wrong.read((), read_pools, ipam, wrong, budget),
        options=sort_pairs(options),
        labels=sort_pairs(labels | build_labels(project, key)),
        is_internal=wrong.read(False, read_switch, found, "internal", line),
        is_attachable=wrong.read(False, read_switch, found, "attachable", line),
        has_ipv4=wrong.read(True, read_switch, found, "enable_ipv4", line, default="true"),
        has_ipv6=wrong.read(False, read_switch, found, "enable_ipv6", line),
        ipam_driver=wrong.read("", read_string, ipam, "driver", line) or "default",
        ipam_options=sort_pairs(ipam_options),
    )
    return Row(creation, f"line {line:,}", reason=f"network {quote(key)} of the Compose file")


def build_labels(project: str, key: str) -> dict[str, str]:
    """Build the labels by which Compose knows its own networks."""
    return {COMPOSE_PROJECT: project, COMPOSE_NETWORK: key} if project else {}


def read_pools(ipam: Settings, wrong: Attempts, budget: Budget) -> tuple[Subnet, ...]:
    """Read the address pools of a network; raises UnreadableFile for what is no list."""
    if "config" not in ipam:
        return ()
    items = read_items(ipam["config"][1], "ipam.config", budget)
    pools = (wrong.read(None, read_pool, item, wrong, budget) for item in items)
    return tuple(pool for pool in pools if pool is not None)


def read_pool(node: Node, wrong: Attempts, budget: Budget) -> Subnet:
    """Read one address pool; raises UnreadableFile where nothing can be read."""
    found = read_pairs(node, "A pool of ipam.config", budget)
    check_keys(found, POOL_KEYS, wrong)
    cidr, gateway, ip_range = (
        wrong.read("", read_string, found, key, node.line) for key in POOL_KEYS[:3]
    )
    auxiliary = wrong.read({}, read_strings_by_key, found, "aux_addresses", budget)
    return Subnet(cidr, gateway, ip_range, sort_pairs(auxiliary))
