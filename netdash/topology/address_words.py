"""The sentences about addressing schemes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from netdash.topology.refusal import Refusal, count, list_words, quote


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that lies in a base and was stepped over."""

    base: str
    cidr: str
    whom: str


def say_skips(skips: Sequence[Skip]) -> tuple[str, ...]:
    """Say what was stepped over, one sentence a base."""
    by_base: dict[str, list[str]] = defaultdict(list)
    for skip in skips:
        by_base[skip.base].append(f"{skip.cidr} ({skip.whom})" if skip.whom else skip.cidr)
    return tuple(
        f"In {base} the plan steps over {list_words(found)}." for base, found in by_base.items()
    )


def say_base_invalid(text: str, wanted: str, field: str) -> Refusal:
    """It is no block, or not the first address of one."""
    example = "fd00:20::/48" if field == "ipv6_base" else "172.20.0.0/16"
    family = "IPv6" if field == "ipv6_base" else "IPv4"
    if wanted:
        sentence = f"{quote(text)} names an address inside a subnet, not the subnet itself."
        return Refusal("base", sentence, f"You probably mean {wanted}.", field)
    sentence = f"{quote(text) or 'Nothing'} is no {family} subnet."
    return Refusal("base", sentence, f"Write one such as {example}.", field)


def say_prefix_unfit(prefix: int, shortest: int, longest: int) -> Refusal:
    """Larger than the base, or too small for a gateway and containers."""
    sentence = f"/{prefix} is no size for subnets here."
    return Refusal("prefix", sentence, f"Choose from /{shortest} to /{longest}.", "size")


def say_no_base(name: str, total: int, values: Sequence[str]) -> Refusal:
    """No base is for these rows."""
    whom = f"{count(total, 'network')}, {quote(name)} the first" if total > 1 else quote(name)
    line = f"{values[0]}=172.20.0.0/16" if values else "172.20.0.0/16"
    remedy = f"Add a line such as {line}, or one subnet alone for all the others."
    return Refusal("no_base", f"No base is for {whom}.", remedy, "bases")


def say_base_full(
    bases: Sequence[str],
    missing: Sequence[int],
    fitting: int,
    others: Sequence[str],
    longer: int,
    free: str,
) -> Refusal:
    """Some rows found no room.

    ``others`` lie there already; ``longer`` is a prefix that would fit, ``free`` a larger base.
    """
    total = fitting + len(missing)
    sizes = list_words([f"/{prefix}" for prefix in sorted(set(missing))])
    sentence = (
        f"{list_words(bases)} has room for {fitting:,} of {count(total, 'network')}: "
        f"{count(len(missing), 'subnet')} of {sizes} found none."
    )
    if others:
        sentence += f" In it: {list_words(others, 3)}."
    ways = [f"Subnets of /{longer} would all fit"] if longer else []
    ways += [f"{free} is free and large enough"] if free else []
    remedy = "; ".join(ways) + "." if ways else "Ask for fewer networks."
    field = "ipv6_base" if min(missing) > 32 else "bases"
    return Refusal("base_full", sentence, remedy, field)
