"""Sorting and paging of lists: what is not shown costs a sort key and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.http import QueryDict

from .filter_menus import write_address
from .filters import ViewQuery

PAGE_SIZE = 100
LONGEST_NEW = 64
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Column(Generic[Item]):
    """One column that can be sorted by; ``rank`` gives the sort key of an item."""

    key: str
    title: str
    rank: Callable[[Item], Any]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """One column's head: where a click on it leads, and how the list is sorted by it now."""

    key: str
    title: str
    address: str
    order: str
    """``ascending``, ``descending`` or ``none``, as aria-sort has it."""
    is_number: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """One page of a sorted list."""

    items: tuple[Item, ...]
    headings: tuple[Heading, ...]
    count: int
    """All that the filter lets through, on whatever page."""
    first: int
    last: int
    previous_address: str
    next_address: str


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted and which page of it is shown."""

    key: str
    is_descending: bool = False
    page: int = 1
    new: str = ""
    """What of the list is marked as new, as its address has it."""

    @property
    def sort(self) -> str:
        """Write it as the ``sort`` parameter: a minus turns it round."""
        return f"-{self.key}" if self.is_descending else self.key


def read_order(params: QueryDict, columns: Sequence[Column[Any]]) -> Order:
    """Read ``sort`` and ``page``; what is not known is read as the first column, the first page."""
    sort, page, new = params.get("sort", ""), read_page(params), params.get("new", "")[:LONGEST_NEW]
    key = sort.removeprefix("-")
    if key not in {column.key for column in columns}:
        return Order(columns[0].key, page=page, new=new)
    return Order(key, sort.startswith("-"), page, new)


def read_page(params: QueryDict) -> int:
    """Read the page's number, at least 1."""
    text = params.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1


def build_listing(
    items: Sequence[Item],
    columns: Sequence[Column[Item]],
    order: Order,
    query: ViewQuery,
) -> Listing[Item]:
    """Sort the items, cut the page out, and write the addresses that lead on from it.

    Items come in their natural order, which stays among equals. A page beyond the last is the
    last.
    """
    ranked = rank(items, columns, order)
    pages = max(1, -(-len(ranked) // PAGE_SIZE))
    page = min(order.page, pages)
    start = (page - 1) * PAGE_SIZE
    shown = tuple(ranked[start : start + PAGE_SIZE])
    return Listing(
        items=shown,
        headings=tuple(head(column, order, query) for column in columns),
        count=len(ranked),
        first=start + 1 if shown else 0,
        last=start + len(shown),
        previous_address=write_page(query, order, page - 1) if page > 1 else "",
        next_address=write_page(query, order, page + 1) if page < pages else "",
    )


def rank(items: Sequence[Item], columns: Sequence[Column[Item]], order: Order) -> list[Item]:
    """Sort the items by the column of an order."""
    column = next(column for column in columns if column.key == order.key)
    return sorted(items, key=column.rank, reverse=order.is_descending)


def turn_to(
    items: Sequence[Item],
    columns: Sequence[Column[Item]],
    order: Order,
    is_wanted: Callable[[Item], bool],
) -> Order:
    """Turn to the page on which the first wanted item stands, if there is one."""
    ranked = rank(items, columns, order)
    place = next((place for place, item in enumerate(ranked) if is_wanted(item)), None)
    return order if place is None else replace(order, page=place // PAGE_SIZE + 1)


def head(column: Column[Any], order: Order, query: ViewQuery) -> Heading:
    """Make a column's head; choosing it again turns the order round."""
    is_current = column.key == order.key
    now = ("descending" if order.is_descending else "ascending") if is_current else "none"
    turned = Order(column.key, is_descending=now == "ascending", new=order.new)
    address = write_address(query, list_extra(turned))
    return Heading(column.key, column.title, address, now, column.is_number)


def write_page(query: ViewQuery, order: Order, page: int) -> str:
    """Write the address of another page of the same list."""
    return write_address(query, {**list_extra(order), "page": str(page)})


def list_extra(order: Order) -> Mapping[str, str]:
    """List the parameters of a list that its filter bar carries along."""
    return {"sort": order.sort} | ({"new": order.new} if order.new else {})
