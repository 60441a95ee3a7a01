"""Many networks from a few words: every combination of the values of some axes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from netdash.topology.changes import CreateNetwork
from netdash.topology.refusal import Refusal, list_words, quote
from netdash.topology.rows import MOST_ROWS, Row
from netdash.topology.snapshot import Pairs
from netdash.topology.tiers import TIER_LABEL

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
AXIS_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}\Z")
TIER_STEP, FIRST_TIER = 4, -4
"""Tiers as names are given them: a frontend -4, a backend 0, data 4."""
MOST_AXES = 6


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies; ``label`` is the key of the label that bears the value, or empty."""

    name: str
    values: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What all the networks have in common, and how they differ.

    Name, values of labels and values of options may hold ``{axis}``. ``internal`` lists values
    (``database``, or ``layer=database`` where two axes have it). ``tier_axis`` names the axis
    whose order is that of the tiers, or nothing.
    """

    name: str
    axes: tuple[Axis, ...] = ()
    driver: str = "bridge"
    options: Pairs = ()
    labels: Pairs = ()
    internal: tuple[str, ...] = ()
    tier_axis: str = ""
    is_attachable: bool = False


def check_pattern(pattern: Pattern) -> Iterator[Refusal]:
    """Say what is wrong with a pattern, each thing with the field it belongs to."""
    yield from check_axes(pattern)
    for field, text in list_texts(pattern):
        yield from check_placeholders(pattern, field, text)
    yield from check_picks(pattern)
    yield from check_count(pattern)


def expand(pattern: Pattern) -> tuple[Row, ...]:
    """Make a row of each combination, the last axis turning fastest.

    Axes without values count for nothing. The pattern must be one that ``check_pattern`` finds
    nothing wrong with.
    """
    axes = [axis for axis in pattern.axes if axis.values]
    combinations = product(*(axis.values for axis in axes))
    return tuple(
        build_row(pattern, tuple(zip((axis.name for axis in axes), values, strict=True)))
        for values in combinations
    )


def build_row(pattern: Pattern, picks: Pairs) -> Row:
    """Build the row of one combination."""
    words = dict(picks)
    labels = dict(list_labels(pattern, words))
    creation = CreateNetwork(
        name=fill_in(pattern.name, words),
        driver=pattern.driver,
        options=tuple(sorted((key, fill_in(text, words)) for key, text in pattern.options)),
        labels=tuple(sorted(labels.items())),
        is_internal=any(has_pick(picks, wanted) for wanted in pattern.internal),
        is_attachable=pattern.is_attachable,
    )
    return Row(creation, picks=picks, reason=", ".join(f"{n} {value}" for n, value in picks))


def list_labels(pattern: Pattern, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """List the labels of one combination; a later one of the same key goes before."""
    for axis in pattern.axes:
        if axis.name == pattern.tier_axis and axis.name in words:
            place = axis.values.index(words[axis.name])
            yield TIER_LABEL, str(FIRST_TIER + TIER_STEP * place)
        if axis.label and axis.name in words:
            yield axis.label, words[axis.name]
    for key, text in pattern.labels:
        yield key, fill_in(text, words)


def fill_in(text: str, words: dict[str, str]) -> str:
    """Put the values into a text; unknown placeholders stay."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1].strip(), found[0]), text)


def has_pick(picks: Pairs, wanted: str) -> bool:
    """Tell whether a combination has a value, said alone or as ``axis=value``."""
    return any(wanted in (value, f"{name}={value}") for name, value in picks)


def list_texts(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """List the texts that may hold placeholders, each with its field."""
    yield "pattern", pattern.name
    yield from (("labels", text) for _, text in pattern.labels)
    yield from (("options", text) for _, text in pattern.options)


def check_axes(pattern: Pattern) -> Iterator[Refusal]:
    """Say what is wrong with the axes themselves."""
    names = Counter(axis.name for axis in pattern.axes)
    for axis in pattern.axes:
        if not AXIS_NAME.match(axis.name):
            sentence = f"{quote(axis.name) or 'Nothing'} cannot name an axis."
            remedy = "Begin with a letter, then letters, digits, - or _."
            yield Refusal("axis_name", sentence, remedy, "axes")
        twice = [value for value, times in Counter(axis.values).items() if times > 1]
        if twice:
            sentence = f"{quote(axis.name)} has {list_words(twice)} more than once."
            yield Refusal("value_twice", sentence, "Leave one of them out.", "axes")
    for name in [name for name, times in names.items() if times > 1]:
        sentence = f"Two axes are called {quote(name)}."
        yield Refusal("axis_twice", sentence, "Give one of them another name.", "axes")


def check_placeholders(pattern: Pattern, field: str, text: str) -> Iterator[Refusal]:
    """Say which placeholders of a text mean nothing, or nothing yet."""
    axes = {axis.name: axis for axis in pattern.axes}
    for name in dict.fromkeys(found.strip() for found in PLACEHOLDER.findall(text)):
        if name not in axes:
            known = list_words([f"{{{axis}}}" for axis in axes]) or "none yet"
            sentence = f"{{{quote(name)}}} is no axis."
            yield Refusal("placeholder", sentence, f"There is {known}.", field)
        elif not axes[name].values:
            sentence = f"{quote(name)} has no values yet."
            yield Refusal("no_values", sentence, "Write some, with commas between.", "axes")
    if "{" in (rest := PLACEHOLDER.sub("", text)) or "}" in rest:
        sentence = f"A brace of {quote(text)} stands alone."
        yield Refusal("brace", sentence, "Write an axis as {project}.", field)


def check_picks(pattern: Pattern) -> Iterator[Refusal]:
    """Say which internal values and which tier axis no network would have."""
    picks = tuple((axis.name, value) for axis in pattern.axes for value in axis.values)
    missing = [wanted for wanted in pattern.internal if not has_pick(picks, wanted)]
    if missing:
        sentence = f"No axis has the value {list_words(missing)}."
        yield Refusal("internal", sentence, "Write values as the axes have them.", "internal")
    if pattern.tier_axis and pattern.tier_axis not in {axis.name for axis in pattern.axes}:
        sentence = f"{quote(pattern.tier_axis)} is no axis."
        yield Refusal("tier", sentence, "Choose one that is.", "tier_axis")


def check_count(pattern: Pattern) -> Iterator[Refusal]:
    """Say when there would be too many networks, or several of one name."""
    axes = [axis for axis in pattern.axes if axis.values]
    total = prod(len(axis.values) for axis in axes)
    if total > MOST_ROWS:
        factors = " × ".join(str(len(axis.values)) for axis in axes)
        sentence = f"{factors} are {total:,} networks; one plan makes at most {MOST_ROWS:,}."
        yield Refusal("too_many", sentence, "Leave values out, and make the others later.", "axes")
        return
    named = {found.strip() for found in PLACEHOLDER.findall(pattern.name)}
    unnamed = [axis.name for axis in axes if axis.name not in named and len(axis.values) > 1]
    if unnamed:
        missing = list_words([f"{{{name}}}" for name in unnamed])
        sentence = f"Several networks would have one name: it does not hold {missing}."
        yield Refusal(
            "names_twice", sentence, "Put it into the name, or keep one value.", "pattern"
        )
