"""Read YAML as nodes with their lines: nothing is built, nothing grows by aliases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from netdash.jobs.bulk_files.problems import UnreadableFile
from netdash.topology.refusal import quote

MOST_NODES = 50_000
MOST_VISITS = 50_000
DEEPEST = 20
LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
"""Only its parser is used: no tag is ever resolved, no object built."""
PLAIN_TAGS = frozenset(
    {None, "!", *(f"tag:yaml.org,2002:{n}" for n in ("str", "int", "float", "bool", "null"))}
)


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A word as it is written; an unquoted ``null``, ``~`` or nothing is empty."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys and values in order, each key once."""

    line: int
    pairs: tuple[tuple[Scalar, Node], ...]


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass
class Composing:
    """What has been read so far."""

    events: Iterator[Any]
    anchors: dict[str, Node] = field(default_factory=dict)
    nodes: int = 0


@dataclass
class Budget:
    """How many nodes may still be looked at: an alias is looked at as often as it is used."""

    left: int = MOST_VISITS

    def spend(self, line: int, visits: int = 1) -> None:
        """Take some; raises UnreadableFile when there are none left."""
        self.left -= visits
        if self.left < 0:
            raise UnreadableFile("its aliases make it far larger than it looks.", line)


def compose(text: str) -> Node:
    """Read one document; raises UnreadableFile, also for what is too deep or too large.

    Stops reading at the limit. An alias is the very node it stands for.
    """
    try:
        return compose_document(begin(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = f"it is no YAML: {error.problem or error.context}."
        raise UnreadableFile(words, mark.line + 1 if mark else 0) from None
    except yaml.YAMLError as error:
        raise UnreadableFile(f"It is no YAML: {str(error).splitlines()[0]}.") from None


def begin(text: str) -> Composing:
    """Begin to read: events come one by one, as they are asked for."""
    return Composing(yaml.parse(text, Loader=LOADER))


def compose_document(composing: Composing) -> Node:
    """Read the one document of a text."""
    for event in composing.events:
        if isinstance(event, yaml.StreamEndEvent):
            raise UnreadableFile("There is nothing in it.")
        if isinstance(event, yaml.DocumentStartEvent):
            break
    node = compose_node(composing, next(composing.events), 0)
    next(composing.events)
    event = next(composing.events)
    if not isinstance(event, yaml.StreamEndEvent):
        raise UnreadableFile("a second document begins.", event.start_mark.line + 1)
    return node


def compose_node(composing: Composing, event: Any, depth: int) -> Node:
    """Read what an event begins."""
    line = event.start_mark.line + 1
    composing.nodes += 1
    if composing.nodes > MOST_NODES:
        raise UnreadableFile(f"it has more than {MOST_NODES:,} values.", line)
    if depth > DEEPEST:
        raise UnreadableFile(f"it is nested more than {DEEPEST} deep.", line)
    if isinstance(event, yaml.AliasEvent):
        anchor = str(event.anchor)
        if anchor not in composing.anchors:
            raise UnreadableFile(f"nothing before is called &{quote(anchor)}.", line)
        return composing.anchors[anchor]
    node = compose_own(composing, event, line, depth)
    if event.anchor:
        composing.anchors[event.anchor] = node
    return node


def compose_own(composing: Composing, event: Any, line: int, depth: int) -> Node:
    """Read a node that is no alias."""
    if isinstance(event, yaml.ScalarEvent):
        if event.tag not in PLAIN_TAGS:
            raise UnreadableFile(f"the tag {quote(str(event.tag))} means nothing here.", line)
        is_null = event.style in (None, "") and event.value.lower() in ("null", "~", "")
        return Scalar(line, "" if is_null else event.value)
    if event.tag not in (None, "!"):
        raise UnreadableFile(f"the tag {quote(event.tag)} means nothing here.", line)
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(line, tuple(compose_children(composing, depth)))
    children = tuple(compose_children(composing, depth))
    return Mapping(line, pair_up(children))


def compose_children(composing: Composing, depth: int) -> Iterator[Node]:
    """Read up to the end of a list or mapping."""
    for event in composing.events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield compose_node(composing, event, depth + 1)


def pair_up(children: tuple[Node, ...]) -> tuple[tuple[Scalar, Node], ...]:
    """Pair keys with values; raises UnreadableFile for a key that is twice, or no word."""
    pairs: list[tuple[Scalar, Node]] = []
    lines: dict[str, int] = {}
    for key, value in zip(children[::2], children[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise UnreadableFile("a key is a list or a mapping.", key.line)
        if key.text in lines and key.text != "<<":
            words = f"the key {quote(key.text)} is there already, in line {lines[key.text]:,}."
            raise UnreadableFile(words, key.line)
        lines[key.text] = key.line
        pairs.append((key, value))
    return tuple(pairs)


def read_pairs(node: Node, what: str, budget: Budget) -> dict[str, tuple[int, Node]]:
    """Read a mapping with its merges (``<<``) as key -> (line, value).

    Raises UnreadableFile for anything but a mapping, or nothing at all.
    """
    if isinstance(node, Scalar) and not node.text:
        return {}
    if not isinstance(node, Mapping):
        raise UnreadableFile(f"{what} must be keys with values.", node.line)
    found: dict[str, tuple[int, Node]] = {}
    budget.spend(node.line, len(node.pairs) + 1)
    for key, value in node.pairs:
        if key.text == "<<":
            for merged in value.items if isinstance(value, Sequence) else (value,):
                found = read_pairs(merged, what, budget) | found
    own = {key.text: (key.line, value) for key, value in node.pairs if key.text != "<<"}
    return found | own


def read_items(node: Node, what: str, budget: Budget) -> tuple[Node, ...]:
    """Read a list; a single word is a list of one, nothing is an empty one."""
    if isinstance(node, Sequence):
        budget.spend(node.line, len(node.items) + 1)
        return node.items
    if isinstance(node, Scalar):
        return (node,) if node.text else ()
    raise UnreadableFile(f"{what} must be a list.", node.line)


def read_word(node: Node, what: str) -> str:
    """Read a single word; raises UnreadableFile."""
    if isinstance(node, Scalar):
        return node.text
    raise UnreadableFile(f"{what} must be a single value.", node.line)
