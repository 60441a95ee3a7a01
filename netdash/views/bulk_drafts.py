"""What somebody asks for on the page of many networks, read and foreseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from netdash.forms.bulk import BulkForm
from netdash.forms.uploads import LARGEST_FILE
from netdash.jobs.bulk_files.problems import UnreadableFile
from netdash.jobs.bulk_files.reading import decode_text, read_file
from netdash.topology.address_plans import check_scheme, lay_out, offer_one
from netdash.topology.address_words import say_skips
from netdash.topology.batches import Batch, foresee_batch
from netdash.topology.patterns import check_pattern, expand
from netdash.topology.refusal import Refusal, count
from netdash.topology.rows import Row
from netdash.topology.snapshot import Snapshot

from .place import read_place

ASKING = ("source", "pattern", "text")
"""Fields of which one is always sent."""
CHOSEN = {"source": "pattern", "addressing": "plan", "driver": "bridge", "size": "24"}
"""What an address that says nothing else means."""
SCHEME = frozenset({"bases", "size", "sizes", "ipv6_base"})
"""Fields that say where subnets lie."""
MISSING = frozenset({"no_values", "no_base"})
"""Refusals of what somebody may be about to type."""


@dataclass
class Draft:
    """A form with what would come of it; ``batch`` is None while it says nothing sound."""

    form: BulkForm
    batch: Batch | None = None
    judged: Batch | None = None
    """With something wrong: what can be known of the rows already, never to be made."""
    loose: list[str] = field(default_factory=list)
    """Sentences about what is wrong that no field shows."""
    hints: list[str] = field(default_factory=list)
    """Sentences about what is still missing."""
    notes: list[str] = field(default_factory=list)
    warning: str = ""
    offer: str = ""
    """A free base for what has none, or too small a one."""

    @property
    def problems(self) -> tuple[str, ...]:
        """List everything that is wrong."""
        placed = [str(error) for errors in self.form.errors.values() for error in errors]
        return tuple(dict.fromkeys((*self.loose, *placed)))


def read_draft(
    snapshot: Snapshot, asked: QueryDict, files: Mapping[str, Any] | None = None
) -> Draft:
    """Read what is asked for; a file goes to where pasted text stands, so that it is kept."""
    if not any(name in asked for name in ASKING):
        return Draft(BulkForm(snapshot=snapshot))
    typed, loose = asked.copy(), []
    for name, value in CHOSEN.items():
        typed.setdefault(name, value)
    file = (files or {}).get("file")
    if file and file.size <= LARGEST_FILE:
        typed["source"] = "file"
        try:
            typed["text"] = decode_text(file.read())
        except UnreadableFile as error:
            loose.append(str(error))
    if base := typed.get("plan_within", ""):
        typed["addressing"], typed["bases"] = "plan", base
    draft = Draft(BulkForm(typed, files, snapshot=snapshot), loose=loose)
    draft.form.is_valid()
    foresee(draft, snapshot)
    return draft


def foresee(draft: Draft, snapshot: Snapshot) -> None:
    """Foresee what comes of a form; of a wrong one, what is wrong besides."""
    rows = read_rows(draft)
    if draft.form.is_planned:
        rows = plan_addresses(draft, snapshot, rows)
    if not rows:
        return
    batch = foresee_batch(snapshot, rows, read_place())
    if draft.problems or draft.hints:
        draft.judged = batch
        return
    draft.batch = batch
    if batch.lacks_pools:
        draft.warning = warn_of_pools(batch)
        draft.offer = offer_one(snapshot, rows, draft.form.build_scheme())


def plan_addresses(draft: Draft, snapshot: Snapshot, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Lay subnets out; where that cannot be, rows stay without and count as half."""
    scheme, wrong = draft.form.build_scheme(), SCHEME & draft.form.errors.keys()
    if wrong:
        found = [one for one in check_scheme(scheme, ()) if one.kind == "base"]
        place(draft, [one for one in found if one.field not in wrong])
        return halve(rows)
    layout = lay_out(snapshot, rows, scheme)
    place(draft, layout.refusals)
    if layout.refusals:
        if any(one.field != "ipv6_base" for one in layout.refusals):
            draft.offer = offer_one(snapshot, rows, scheme)
        return halve(rows)
    draft.notes += say_skips(layout.skips)
    return layout.rows


def read_rows(draft: Draft) -> tuple[Row, ...]:
    """Read the rows of the pattern or the file, and keep what is wrong with them."""
    found, errors = draft.form.cleaned_data, draft.form.errors
    if draft.form.is_from_file:
        text = found.get("text", "")
        if draft.loose or "file" in errors or not text.strip():
            return ()
        reading = read_file(text, found.get("format", ""), found.get("project", ""))
        draft.loose += reading.problems
        draft.notes += reading.notes
        return reading.rows or reading.halves
    if any(name == "pattern" or name.startswith("axis-") for name in errors):
        return ()
    pattern = draft.form.build_pattern()
    refusals = [one for one in check_pattern(pattern) if one.field not in errors]
    place(draft, refusals)
    if any(one.field in ("axes", "pattern") for one in refusals):
        return ()
    rows = expand(pattern)
    return halve(rows) if refusals or errors else rows


def halve(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Mark rows as lacking what could not be read or placed."""
    return tuple(replace(row, is_half=True) for row in rows)


def place(draft: Draft, refusals: Sequence[Refusal]) -> None:
    """Put each refusal beside its field, or with the whole form; what is missing is a hint."""
    for refusal in refusals:
        words = f"{refusal.sentence} {refusal.remedy}".strip()
        if refusal.kind in MISSING:
            draft.hints.append(words)
        elif refusal.field in draft.form.fields:
            draft.form.add_error(refusal.field, words)
        else:
            draft.loose.append(words)


def warn_of_pools(batch: Batch) -> str:
    """Say that the engine cannot choose that many subnets by itself."""
    return (
        f"{count(batch.pools_wanted, 'network')} would leave the subnet to the engine. Docker's "
        f"default pools have room for {batch.pools_free} more: the others would fail, unless this "
        "engine has default-address-pools of its own."
    )
