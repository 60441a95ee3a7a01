"""Build a network from the words of a file, whatever format they stand in."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from netdash.jobs.bulk_files.problems import Attempts, UnreadableFile
from netdash.topology.addresses import parse_address
from netdash.topology.refusal import quote
from netdash.topology.snapshot import Pairs, Subnet
from netdash.topology.subnets import parse_block

YES = frozenset({"true", "yes", "on", "1", "x", "y", "t", "oui", "vrai"})
NO = frozenset({"false", "no", "off", "0", "", "-", "n", "f", "non", "faux", "null", "~"})
"""As people, Excel in English and in French, and YAML write them."""
LONGEST_TEXT = 4_096
BETWEEN = re.compile(r"(?<!\\);")
"""Parts reserved addresses: what stands before it is an address, which ends in no backslash."""
CODED = re.compile(r"\\;(?:\{([1-9a-f][0-9a-f]{0,5})\})?")
NO_CHARACTER = re.compile(r"[\ud800-\udfff]")
"""Half a pair of UTF-16, which no answer can be written with."""
TO_CODE = re.compile(r";|(?<=;)\{|[\x01-\x1f\x7f]|\A\s|\s\Z")


def read_flag(text: str, key: str, line: int) -> bool:
    """Read a yes or no; raises UnreadableFile."""
    word = text.strip().lower()
    if word in YES | NO:
        return word in YES
    raise UnreadableFile(f"{key} is {quote(text)}; write true or false.", line)


def read_text(text: str, key: str, line: int) -> str:
    """Read one line of text without control characters; raises UnreadableFile."""
    found = text.strip()
    if len(found) > LONGEST_TEXT:
        raise UnreadableFile(f"{quote(key)} is longer than {LONGEST_TEXT:,} characters.", line)
    if any(ord(character) < 32 or ord(character) == 127 for character in found):
        raise UnreadableFile(f"{quote(key)} has a control character or a line break.", line)
    return found


def build_subnets(
    cidrs: Iterable[str],
    gateways: Iterable[str],
    ranges: Iterable[str],
    reserved: Iterable[tuple[str, str]],
    line: int,
    wrong: Attempts,
) -> tuple[Subnet, ...]:
    """Put subnets with what belongs to them together, each where it fits, else in their order.

    What has no place is noted and left out.
    """
    subnets = [Subnet(cidr) for cidr in cidrs]
    left = [(g, r) for g, r in zip_longest(gateways, ranges, fillvalue="") if g or r]
    if left and not subnets:
        wrong.note("A gateway or range needs a subnet around it.", line)
    elif len(left) > len(subnets):
        wrong.note("There are more gateways or ranges than subnets.", line)
    for gateway, ip_range in left[: len(subnets)]:
        place = find_place(subnets, gateway or ip_range)
        subnets[place] = Subnet(subnets[place].cidr, gateway, ip_range)
    for name, address in sorted(reserved):
        wrong.read(None, reserve, subnets, name, address, line)
    return tuple(subnets)


def reserve(subnets: list[Subnet], name: str, address: str, line: int) -> None:
    """Reserve an address in the subnet that it belongs to; raises UnreadableFile."""
    if NO_CHARACTER.search(name):
        words = f"reserved has a name for {quote(address)} with a number in braces"
        raise UnreadableFile(f"{words} that is no character's.", line)
    if not name or parse_address(address) is None:
        words = f"reserved has {quote(f'{name}={address}' if address else name)}"
        raise UnreadableFile(f"{words}; write it as printer=10.0.0.5.", line)
    if not subnets:
        raise UnreadableFile("A reserved address needs a subnet around it.", line)
    place = find_place(subnets, address)
    if name in dict(subnets[place].auxiliary):
        raise UnreadableFile(f"reserved names {quote(name)} twice.", line)
    kept = (*subnets[place].auxiliary, (name, address))
    subnets[place] = replace(subnets[place], auxiliary=kept)


def read_reserved(text: str) -> Iterator[tuple[str, str]]:
    r"""Read ``printer=10.0.0.5;nas=10.0.0.6`` as names with addresses; what is none has none.

    In a name ``\;`` is a semicolon, and ``\;{9}`` the character of that hexadecimal number.
    """
    for part in filter(None, map(str.strip, BETWEEN.split(text))):
        name, sign, address = part.rpartition("=")
        yield (CODED.sub(decode, name.strip()), address.strip()) if sign else (part, "")


def write_reserved(subnets: Iterable[Subnet]) -> str:
    """Write reserved addresses as ``read_reserved`` reads them."""
    return ";".join(
        f"{TO_CODE.sub(encode, name)}={address}"
        for subnet in subnets
        for name, address in subnet.auxiliary
    )


def encode(found: re.Match[str]) -> str:
    """Write a character of a name that a cell would lose."""
    return r"\;" if found[0] == ";" else rf"\;{{{ord(found[0]):x}}}"


def decode(found: re.Match[str]) -> str:
    """Read such a character; a number above all of them gives half a pair."""
    number = int(found[1], 16) if found[1] else ord(";")
    return chr(number) if number <= sys.maxunicode else "\ud800"


def find_place(subnets: list[Subnet], address: str) -> int:
    """Find the subnet that an address or range belongs to; the first one without, else."""
    part = parse_block(address)
    for number, subnet in enumerate(subnets):
        whole = parse_block(subnet.cidr)
        if part and whole and part.version == whole.version and part.network_address in whole:
            return number
    return next((n for n, subnet in enumerate(subnets) if subnet == Subnet(subnet.cidr)), 0)


def sort_pairs(pairs: dict[str, str]) -> Pairs:
    """Write labels or options as every creation has them."""
    return tuple(sorted(pairs.items()))
