"""An engine to try nonsense on, and what a form owes to whoever types it.

``Ground.judge`` sends a post and fails when the answer is anything but a refusal with a message,
or when a refused post changed the engine.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from netdash.engine.client import forget
from netdash.jobs.runner import carry_out_plan
from netdash.jobs.writing import Author
from netdash.live import store
from netdash.live.refresh import refresh
from netdash.models import Engine, JournalEntry
from netdash.roles import give_role
from netdash.topology.changes import CreateNetwork, plan_one
from netdash.topology.snapshot import Snapshot
from tests.simulated import SimulatedEngine
from tests.views.nonsense import HIDDEN, Post

CREATED = (
    *(("name", "made"), ("driver", "bridge"), ("subnets-TOTAL_FORMS", "2")),
    *(("subnets-INITIAL_FORMS", "0"), ("subnets-0-cidr", "10.90.0.0/24")),
)
Pairs = tuple[tuple[str, str], ...]
SHEETS: dict[str, tuple[str, tuple[str, ...], Pairs, Pairs]] = {
    "connect": ("connect", (), (("container", "nginx"),), (("network", "lab"),)),
    "connect several": (
        *("connect", ()),
        (("container", "nginx"), ("container", "react")),
        (("network", "lab"),),
    ),
    "disconnect": ("disconnect", (), (("container", "redis"), ("network", "database")), ()),
    "create": ("network-create", (), (), CREATED),
    "create like": ("network-create", (), (("like", "database"),), CREATED),
    "migrate": ("network-migrate", ("database",), (), CREATED),
    "remove": ("network-remove", ("database",), (), (("disconnects", "on"),)),
    "undo": ("journal-undo", ("undone",), (), ()),
}
"""View, what its path and its query name, and input that is right; things by their names."""


@dataclass
class Ground:
    """An engine that is put back after each post that happened to be right."""

    row: Engine
    engine: SimulatedEngine
    client: Client
    undone: JournalEntry
    kept: tuple[Any, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        state = self.engine.state
        self.kept = copy.deepcopy(self.list_parts())
        self.first_free = state.next_pool

    def list_parts(self) -> tuple[dict[str, Any], ...]:
        """List what the engine holds; endpoints are shared between the parts."""
        state = self.engine.state
        return (
            *(state.networks, state.containers),
            *(state.networks_by_name, state.container_ids_by_name),
        )

    @property
    def is_untouched(self) -> bool:
        """Tell whether networks and containers are as at the beginning, to the last address."""
        return self.list_parts()[:2] == self.kept[:2]

    def put_back(self) -> None:
        """Make the engine, its reading and the journal what they were at the beginning."""
        state = self.engine.state
        with state.lock:
            for part, kept in zip(self.list_parts(), copy.deepcopy(self.kept), strict=True):
                part.clear()
                part.update(kept)
            state.next_pool = self.first_free
        self.row.journal.exclude(pk=self.undone.pk).delete()
        self.row.journal.update(undone_at=None)
        refresh(self.row)

    @property
    def snapshot(self) -> Snapshot:
        """Give what the store holds."""
        stored = store.latest(self.row.pk)
        assert stored is not None
        return stored.snapshot

    def find_id(self, name: str) -> str:
        """Find the id of a container or network by its name."""
        snapshot = self.snapshot
        ids = {one.name: one.id for one in snapshot.containers}
        return ids.get(name) or next(one.id for one in snapshot.networks if one.name == name)

    def name_sheet(self, sheet: str) -> tuple[str, dict[str, str]]:
        """Name the address of a sheet and input for it that is right."""
        view, path, query, right = SHEETS[sheet]
        slug, known = self.row.slug, {"undone": str(self.undone.pk)}
        args = [slug, *(known.get(name) or self.find_id(name) for name in path)]
        pairs = [(key, self.find_id(name)) for key, name in query]
        typed = {key: self.find_id(value) if key == "network" else value for key, value in right}
        return f"{reverse(view, args=args)}?{urlencode(pairs)}", typed

    def send(self, address: str, typed: Mapping[str, str | None], is_partial: bool) -> Any:
        """Post as a browser would that does not mind what it sends."""
        pairs = [(name, value) for name, value in typed.items() if value is not None]
        headers = {"HX-Request": "true", "HX-Target": "sheet"} if is_partial else {}
        return self.client.post(
            address,
            urlencode(pairs, errors="surrogatepass"),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )

    def judge(self, post: Post) -> str:
        """Send a post; say ``refused`` or ``valid``. Whatever is neither fails."""
        address, right = self.name_sheet(post.sheet)
        answer = self.send(address, right | post.typed, post.is_partial)
        said = self.judge_answer(post, answer)
        self.counts[said] = self.counts.get(said, 0) + 1
        return said

    def judge_answer(self, post: Post, answer: Any) -> str:
        """Judge one answer, and put the engine back after a valid one."""
        if answer.status_code in (200, 302):
            self.put_back()
            return "valid"
        assert answer.status_code == 422, (post, answer.status_code)
        assert self.is_untouched, post
        assert not self.row.journal.filter(outcome=JournalEntry.Outcome.RUNNING).exists(), post
        text = answer.content.decode()
        assert "<script>alert(1)" not in text
        assert "<img src=x>" not in text
        if set(post.typed) & set(HIDDEN):
            assert list_messages(text), post
        else:
            assert any(is_beside(text, name) for name in post.typed) or has_block(text), post
        return "refused"


MESSAGE = re.compile(r'<p class="error"[^>]*>\s*<bdi>(.+?)</bdi>', re.S)
BLOCKS = re.compile(r'<div class="(?:refusals|drift)".*?</div>', re.S)


def list_messages(text: str) -> list[str]:
    """List what a sheet says is wrong, beside its fields or above its preview."""
    found = MESSAGE.findall(text) + BLOCKS.findall(text)
    return [unescape(re.sub(r"<[^>]+>", " ", one)).strip() for one in found]


def has_block(text: str) -> bool:
    """Tell whether a message stands above the preview: one that belongs to no field."""
    return any(re.sub(r"<[^>]+>|\s", "", one) for one in BLOCKS.findall(text))


def is_beside(text: str, name: str) -> bool:
    """Tell whether a message stands in the block of a field (or of the row that it is in)."""
    start = text.find(f'name="{name}"')
    if start < 0:
        return False
    begin, end = text.rfind('class="field', 0, start), text.find('class="field', start)
    if name.startswith("subnets-"):
        begin = text.rfind('class="subnet-row"', 0, start)
        end = text.find('class="subnet-row"', start)
    if name.endswith("FORMS"):
        begin, end = start, text.find('class="subnet-row"', start)
    return bool(MESSAGE.search(text, begin, end if end > 0 else len(text)))


@contextmanager
def breaking_ground() -> Iterator[Ground]:
    """Set up three tiers, a network of both families, an operator and a row to take back."""
    engine = SimulatedEngine(scene="tiers")
    row = Engine.objects.create(name="Tiers", slug="tiers", address=engine.address)
    try:
        engine.docker("network", "create", "--ipv6", "--subnet", "10.80.0.0/24",
                      "--subnet", "fd00:80::/64", "lab")  # fmt: skip
        refresh(row)
        run = carry_out_plan(row, plan_one(CreateNetwork("trial")), Author(name="somebody"))
        user = User.objects.create_user("typist", password="correct horse")
        give_role(user, "operator")
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        yield Ground(row, engine, client, run.entries[0])
    finally:
        forget(row)
        engine.close()
