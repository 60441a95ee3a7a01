"""Networks from YAML: a list of networks, or their names with settings under each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netdash.jobs.bulk_files.problems import (
    MOST_PROBLEMS,
    Attempts,
    Reading,
    UnreadableFile,
    build_reading,
)
from netdash.jobs.bulk_files.values import build_subnets, read_flag, read_text, sort_pairs
from netdash.jobs.bulk_files.yaml_nodes import (
    Budget,
    Mapping,
    Node,
    Scalar,
    Sequence,
    compose,
    read_items,
    read_pairs,
    read_word,
)
from netdash.topology.changes import CreateNetwork
from netdash.topology.refusal import list_words, quote
from netdash.topology.rows import MOST_ROWS, Row

KEYS = (
    "name",
    "driver",
    "subnet",
    "gateway",
    "ip_range",
    "reserved",
    "internal",
    "attachable",
    "ipv6",
    "labels",
    "options",
)
Settings = dict[str, tuple[int, Node]]


def read_yaml(text: str) -> Reading:
    """Read YAML; raises UnreadableFile where nothing can be read."""
    document, budget = compose(text), Budget()
    named = tuple(list_networks(document, budget))
    if not named:
        raise UnreadableFile("There is no network in it.")
    return collect(named, lambda name, line, node, wrong: read_row(name, line, node, wrong, budget))


def collect(
    named: tuple[tuple[str, int, Node], ...], read: Callable[[str, int, Node, Attempts], Row]
) -> Reading:
    """Read each network as far as it goes, and keep what is wrong with some, line by line."""
    if len(named) > MOST_ROWS:
        raise UnreadableFile(f"there are more than {MOST_ROWS:,} networks.", named[MOST_ROWS][1])
    rows: list[Row] = []
    problems: list[str] = []
    for name, line, node in named:
        wrong = Attempts()
        row = wrong.read(Row(CreateNetwork("")), read, name, line, node, wrong)
        rows.append(replace(row, is_half=bool(wrong.problems)))
        problems += wrong.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    return build_reading(rows, problems)


def list_networks(document: Node, budget: Budget) -> Iterator[tuple[str, int, Node]]:
    """List (name or nothing, line, settings) of a list or of a mapping."""
    if isinstance(document, Sequence):
        for item in read_items(document, "The file", budget):
            name = item.text if isinstance(item, Scalar) else ""
            yield name, item.line, Scalar(item.line, "") if name else item
    elif isinstance(document, Mapping):
        for name, (line, node) in read_pairs(document, "The file", budget).items():
            yield name, line, node
    else:
        raise UnreadableFile("write a list of networks, or names with settings.", document.line)


def read_row(name: str, line: int, node: Node, wrong: Attempts, budget: Budget) -> Row:
    """Read one network, noting what is wrong; raises UnreadableFile where nothing can be read."""
    found = read_pairs(node, quote(name) or "A network", budget)
    own = wrong.read("", read_string, found, "name", line)
    if own and name and own != name:
        wrong.note(f"{quote(name)} says that its name is {quote(own)}.", line)
    if not (name or own or wrong.problems):
        wrong.note("the name is missing.", line)
    check_keys(found, KEYS, wrong)
    flags = {
        key: wrong.read(False, read_switch, found, key, line)
        for key in ("internal", "attachable", "ipv6")
    }
    cidrs, gateways, ranges = (
        wrong.read((), read_strings, found, key, budget)
        for key in ("subnet", "gateway", "ip_range")
    )
    reserved, options, labels = (
        wrong.read({}, read_strings_by_key, found, key, budget)
        for key in ("reserved", "options", "labels")
    )
    creation = CreateNetwork(
        name=wrong.read("", read_text, name or own, "name", line),
        driver=wrong.read("", read_string, found, "driver", line) or "bridge",
        subnets=build_subnets(cidrs, gateways, ranges, reserved.items(), line, wrong),
        options=sort_pairs(options),
        labels=sort_pairs(labels),
        is_internal=flags["internal"],
        is_attachable=flags["attachable"],
        has_ipv6=flags["ipv6"],
    )
    return Row(creation, f"line {line:,}")


def check_keys(found: Settings, known: tuple[str, ...], wrong: Attempts) -> None:
    """Note keys that mean nothing; those that begin with ``x-`` may."""
    for key, (line, _) in found.items():
        if key not in known and not key.startswith("x-"):
            words = f"{quote(key)} means nothing here; there is {list_words(known, len(known))}."
            wrong.note(words, line)


def find_line(found: Settings, key: str, line: int) -> int:
    """Find the line of a key, or give that of its network."""
    return found[key][0] if key in found else line


def read_switch(found: Settings, key: str, line: int, default: str = "") -> bool:
    """Read a yes or no of a network."""
    return read_flag(read_string(found, key, line) or default, key, find_line(found, key, line))


def read_string(found: Settings, key: str, line: int) -> str:
    """Read one value, empty when it is not there."""
    if key not in found:
        return ""
    line, node = found[key]
    return read_text(read_word(node, key), key, line)


def read_strings(found: Settings, key: str, budget: Budget) -> tuple[str, ...]:
    """Read a list of values, or a single one that may hold several with spaces between."""
    if key not in found:
        return ()
    line, node = found[key]
    words = [read_word(item, key) for item in read_items(node, key, budget)]
    return tuple(part for word in words for part in read_text(word, key, line).split())


def read_strings_by_key(found: Settings, key: str, budget: Budget) -> dict[str, str]:
    """Read pairs from a mapping, or from a list of ``key=value``."""
    if key not in found:
        return {}
    line, node = found[key]
    if isinstance(node, Sequence):
        items = [read_word(item, key) for item in read_items(node, key, budget)]
        split = [item.partition("=") for item in items]
        return {read_text(k, key, line): read_text(value, key, line) for k, _, value in split}
    return {
        read_text(name, key, at): read_text(read_word(value, name), name, at)
        for name, (at, value) in read_pairs(node, key, budget).items()
    }
