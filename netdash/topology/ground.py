"""Which addresses are taken, kept in order, so that a thousand subnets are placed at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from netdash.topology.subnets import Block


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Addresses of one family from first to last, and who has them."""

    first: int
    last: int
    version: int
    whom: str = ""
    cidr: str = ""

    @classmethod
    def of(cls, block: Block, whom: str) -> Span:
        """Write a block as a span."""
        first, last = int(block.network_address), int(block.broadcast_address)
        return cls(first, last, block.version, whom, str(block))


class Ground:
    """Spans that are taken, those of each family in order."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: dict[int, list[Span]] = {4: [], 6: []}
        self._widest: dict[int, int] = {4: 0, 6: 0}
        self._hints: dict[tuple[str, int], int] = {}
        for span in sorted(set(spans)):
            self._note(span)

    def _note(self, span: Span) -> None:
        insort(self._spans[span.version], span)
        self._widest[span.version] = max(self._widest[span.version], span.last - span.first)

    def list_spans(self) -> tuple[Span, ...]:
        """List all spans."""
        return (*self._spans[4], *self._spans[6])

    def list_cidrs(self) -> tuple[str, ...]:
        """List all spans as blocks."""
        return tuple(span.cidr for span in self.list_spans())

    def take(self, block: Block, whom: str) -> None:
        """Take a block."""
        self._note(Span.of(block, whom))

    def take_first(self, bases: Iterable[str], prefix: int) -> bool:
        """Take the first free block of a size within some bases; tell whether there was one."""
        for cidr in bases:
            block = self.find_free(ip_network(cidr), prefix)
            if block is not None:
                self.take(block, "")
                return True
        return False

    def find_free(self, base: Block, prefix: int) -> Block | None:
        """Find the lowest free block of a size within a base; None when it is full."""
        if not base.prefixlen <= prefix <= base.max_prefixlen:
            return None
        size = 1 << (base.max_prefixlen - prefix)
        key = (str(base), prefix)
        start, end = self._hints.get(key, int(base.network_address)), int(base.broadcast_address)
        while start + size - 1 <= end:
            last = self._find_last(base.version, start, start + size - 1)
            if last is None:
                break
            start = (last // size + 1) * size
        self._hints[key] = start  # the lowest free place never comes nearer: blocks only go
        kind = IPv4Network if isinstance(base, IPv4Network) else IPv6Network
        return kind((start, prefix)) if start + size - 1 <= end else None

    def _find_last(self, version: int, first: int, last: int) -> int | None:
        """Find the last address of what overlaps a span; None when it is free."""
        return max((span.last for span in self.list_between(version, first, last)), default=None)

    def list_between(self, version: int, first: int, last: int) -> Iterator[Span]:
        """List what overlaps a span, in order."""
        spans = self._spans[version]
        lowest = bisect_left(spans, first - self._widest[version], key=_read_first)
        highest = bisect_right(spans, last, key=_read_first)
        yield from (span for span in spans[lowest:highest] if span.last >= first)


def _read_first(span: Span) -> int:
    return span.first
