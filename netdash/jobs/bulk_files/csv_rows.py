"""Networks from CSV: a header line, then a network a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from netdash.jobs.bulk_files.problems import (
    MOST_PROBLEMS,
    Attempts,
    Reading,
    UnreadableFile,
    build_reading,
)
from netdash.jobs.bulk_files.values import (
    build_subnets,
    read_flag,
    read_reserved,
    read_text,
    sort_pairs,
    write_reserved,
)
from netdash.topology.changes import CreateNetwork
from netdash.topology.refusal import list_words
from netdash.topology.rows import MOST_ROWS, Row

HEADERS = (
    "name",
    "driver",
    "subnet",
    "gateway",
    "ip_range",
    "reserved",
    "internal",
    "attachable",
    "ipv6",
)
PREFIXES = ("label:", "option:")
DELIMITERS = (";", ",", "\t")
MOST_COLUMNS = 100


def read_csv(text: str) -> Reading:
    """Read CSV with ``,`` ``;`` or tabs; raises UnreadableFile where nothing can be read.

    Columns are those of ``HEADERS``, ``label:KEY`` and ``option:KEY``, in any order; ``name``
    must be there. ``subnet``, ``gateway`` and ``ip_range`` may hold two with a space between,
    one of each family; ``reserved`` is ``printer=10.0.0.5;nas=10.0.0.6``.
    """
    written = io.StringIO(text, newline="")
    return read_lines(csv.reader(written, delimiter=find_delimiter(text), strict=True))


def read_lines(lines: Iterator[list[str]]) -> Reading:
    """Read the lines of a CSV reader, no more than a thousand networks."""
    rows: list[Row] = []
    problems: list[str] = []
    headers: tuple[str, ...] = ()
    for line, cells in list_lines(lines):
        if not headers:
            headers = read_headers(cells, line)
            continue
        row, wrong = read_row(headers, cells, line)
        rows.append(row)
        problems += wrong
        if len(rows) > MOST_ROWS:
            raise UnreadableFile(f"there are more than {MOST_ROWS:,} networks.", line)
        if len(problems) >= MOST_PROBLEMS:
            break
    if not rows:
        raise UnreadableFile("There is no network in it: write one a line under the header.")
    return build_reading(rows, problems)


def list_lines(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """List the lines that hold something, with their numbers; a quoted one is where it ends."""
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield int(getattr(lines, "line_num", 0)), cells
    except csv.Error as error:
        line = int(getattr(lines, "line_num", 0))
        raise UnreadableFile(f"it is no CSV: {error}.", line) from None


def find_delimiter(text: str) -> str:
    """Find what parts the columns: whatever occurs most in the header line."""
    header = next((line for line in text[:10_000].splitlines() if line.strip()), "")
    return max(DELIMITERS, key=header.count) if any(d in header for d in DELIMITERS) else ","


def read_headers(cells: list[str], line: int) -> tuple[str, ...]:
    """Read the header line; raises UnreadableFile."""
    if len(cells) > MOST_COLUMNS:
        raise UnreadableFile(f"there are more than {MOST_COLUMNS} columns.", line)
    headers = tuple(read_header(cell) for cell in cells)
    unknown = [header for header in headers if not is_known(header)]
    if "name" not in headers:
        asked = f"the header line has no column name; columns are {', '.join(HEADERS)}"
        raise UnreadableFile(f"{asked}, label:KEY and option:KEY.", line)
    if unknown:
        known = f"{', '.join(HEADERS)}, label:KEY and option:KEY"
        raise UnreadableFile(f"no column is {list_words(unknown)}; they are {known}.", line)
    twice = [header for header in dict.fromkeys(headers) if header and headers.count(header) > 1]
    if twice:
        raise UnreadableFile(f"the column {list_words(twice)} is there twice.", line)
    return headers


def read_header(cell: str) -> str:
    """Read one column's name; the key of a label keeps its case."""
    prefix, colon, key = cell.strip().partition(":")
    if colon:
        return f"{prefix.strip().lower()}:{key.strip()}"
    return prefix.lower().replace(" ", "_").replace("-", "_")


def is_known(header: str) -> bool:
    """Tell whether a column means something; one without a name must stay empty."""
    is_pair = header.startswith(PREFIXES) and not header.endswith(":")
    return header in ("", *HEADERS) or is_pair


def read_row(headers: tuple[str, ...], cells: list[str], line: int) -> tuple[Row, list[str]]:
    """Read one network as far as it goes, and say what is wrong with it."""
    wrong = Attempts()
    if any(cell.strip() for cell in cells[len(headers) :]):
        wrong.note(f"there are {len(cells)} columns, the header has {len(headers)}.", line)
        return Row(CreateNetwork(""), f"line {line:,}", is_half=True), wrong.problems
    found = {
        header: wrong.read("", read_text, cell, header or "a column without a name", line)
        for header, cell in zip(headers, cells, strict=False)
    }
    if found.pop("", ""):
        wrong.note("a column without a name holds something.", line)
    if not dict(zip(headers, cells, strict=False)).get("name", "").strip():
        wrong.note("the name is missing.", line)
    creation = build_creation(found, line, wrong)
    return Row(creation, f"line {line:,}", is_half=bool(wrong.problems)), wrong.problems


def build_creation(found: dict[str, str], line: int, wrong: Attempts) -> CreateNetwork:
    """Build what one line asks for."""
    cidrs, gateways, ranges = (found.get(key, "").split() for key in HEADERS[2:5])
    reserved = read_reserved(found.get("reserved", ""))
    flags = {
        key: wrong.read(False, read_flag, found.get(key, ""), key, line) for key in HEADERS[6:9]
    }
    return CreateNetwork(
        name=found.get("name", ""),
        driver=found.get("driver") or "bridge",
        subnets=build_subnets(cidrs, gateways, ranges, reserved, line, wrong),
        options=sort_pairs(pick_pairs(found, "option:")),
        labels=sort_pairs(pick_pairs(found, "label:")),
        is_internal=flags["internal"],
        is_attachable=flags["attachable"],
        has_ipv6=flags["ipv6"],
    )


def pick_pairs(found: dict[str, str], prefix: str) -> dict[str, str]:
    """Pick the labels or options; an empty cell gives none."""
    return {
        header.removeprefix(prefix): value
        for header, value in found.items()
        if header.startswith(prefix) and value
    }


def write_csv(creations: tuple[CreateNetwork, ...]) -> str:
    """Write networks as CSV that ``read_csv`` reads back."""
    keys = sorted({f"label:{key}" for one in creations for key, _ in one.labels})
    keys += sorted({f"option:{key}" for one in creations for key, _ in one.options})
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow([*HEADERS, *keys])
    for one in creations:
        pairs = {f"label:{key}": value for key, value in one.labels}
        pairs |= {f"option:{key}": value for key, value in one.options}
        lines.writerow([*write_fields(one), *(pairs.get(key, "") for key in keys)])
    return written.getvalue()


def write_fields(one: CreateNetwork) -> list[str]:
    """Write the columns that every network has."""
    return [
        one.name,
        one.driver,
        " ".join(subnet.cidr for subnet in one.subnets),
        " ".join(subnet.gateway for subnet in one.subnets if subnet.gateway),
        " ".join(subnet.ip_range for subnet in one.subnets if subnet.ip_range),
        write_reserved(one.subnets),
        *("true" if flag else "" for flag in (one.is_internal, one.is_attachable, one.has_ipv6)),
    ]
