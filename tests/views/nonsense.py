"""What nobody should type into a form, and what a form owes to whoever does.

A post is one sheet with one or more fields gone wrong. ``Ground.judge`` sends it and fails when
the answer is anything but a refusal with a message, or when a refused post changed the engine.
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
from hypothesis import strategies as st

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

NASTY = (
    *("", " ", "\t", "\0", "a\0b", "\r\n", "\r\nSet-Cookie: x", "\x7f", "\u2028", "\ufeff"),
    *("x" * 10_000, "9" * 5_000, "=" * 10_000, "\n" * 9_999, "a=b\n" * 2_600),
    *("\u202eevil\u202c", "\u2066x", "e\u0301" * 70, "\U0001f433", "\ud800", "\udfff\ud800"),
    *("-1", "-0", "+1", "1.5", "1e309", "NaN", "inf", "0x10", "1_000", "\u0661\u0662"),
    *("2147483648", "-2147483649", "9223372036854775808", "999999999999999999999"),
    *("<script>alert(1)</script>", "'\"><img src=x>", "{{ 7 * 7 }}", "%s%n%x", "'; DROP TABLE"),
    *("../../networks/prune", "a/b", "a?b#c", "%2e%2e", "--force", "-", ".", "..", "_", "$(id)"),
    *("10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1/24", "0.0.0.0", "255.255.255.255"),
    *("127.0.0.1", "224.0.0.1", "8.8.8.8", "::", "::1", "fe80::1%eth0", "fe80::1%", "ff02::1"),
    *("::ffff:10.0.0.1", "fd00::g", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/24", "0.0.0.0/0"),
    *("::/0", "10.90.0.0/31", "10.90.0.0/32", "fd00::/129", "fd00::%x/64", "127.0.0.0/8"),
    *("10.0.0.0/255.0.0.0", "10.0.0.0/0.0.0.255", "224.0.0.0/4", "fe80::/10", "2001:db8::/128"),
    *("=", "=x", "x=", "a=b\na=c", "a=b\r\nc", "com.docker.network.bridge.name=" + "b" * 40),
    *("com.docker.network.driver.mtu=-1", "com.docker.network.bridge.enable_icc=perhaps"),
    *("parent=lo", "router=10.90.0.1", "router=x", "router=::1", "00:00:00:00:00:00"),
    *("ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "02:42:ac:14:00", "02:42:ac:14:00:zz", "on"),
    *("null", "None", "host", "none", "bridge", "default", "overlay", "container:x", "0" * 64),
    *("f" * 65, "frontend", "nginx", "override", "2026-13-45", "0001-01-01", "9999-12-31"),
)
"""Text that has broken something somewhere, and values that are right in another field."""

TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec=None), max_size=40),
    st.text("0123456789abcdef.:/%-=, \n", max_size=24),
    st.builds(lambda one, other: one[:60] + other[:60], *[st.sampled_from(NASTY)] * 2),
)
CONNECTION = ("network", "ipv4", "ipv6", "aliases", "mac", "gateway_priority", "driver_options")
ROWS = ("cidr", "gateway", "ip_range", "auxiliary")
CREATION = (
    *("name", "driver", "is_internal", "is_attachable", "has_ipv6", "without_ipv4"),
    *("options", "labels", *(f"option-{number}" for number in range(8))),
    *(f"subnets-{number}-{name}" for number in range(2) for name in ROWS),
    *("subnets-TOTAL_FORMS", "subnets-INITIAL_FORMS"),
)
HIDDEN = ("token", "basis", "override")
FIELDS = {
    "connect": (*CONNECTION, "note", *HIDDEN),
    "connect several": (*CONNECTION, "note", *HIDDEN),
    "disconnect": ("force", "note", *HIDDEN),
    "create": (*CREATION, "note", *HIDDEN),
    "create like": (*CREATION, "note", *HIDDEN),
    "migrate": (*CREATION, "note", *HIDDEN),
    "remove": ("disconnects", "frees_stopped", "note", *HIDDEN),
    "undo": ("confirmed", "note", *HIDDEN),
}
PLACES = {
    "connect": ("container",),
    "disconnect": ("container", "network", "name"),
    "create": ("like",),
    "migrate": ("id",),
    "remove": ("id",),
    "undo": ("id",),
}
"""What the address of a sheet says: in its query, or as the id in its path."""
PAGES = {
    **dict.fromkeys(
        ("topology", "matrix", "table", "networks", "containers", "export-svg", "export-json"),
        (
            *("project", "network", "driver", "state", "label", "q", "builtin", "group"),
            *("density", "open", "page", "sort"),
        ),
    ),
    "topology-changes": ("since", "version", "q", "project", "open", "density", "group"),
    "topology-search": ("q",),
    "topology-filters": ("q", "project", "label"),
    "journal": ("q", "kind", "outcome", "origin", "author", "since", "until", "page"),
}
Typed = dict[str, str | None]
"""Fields by name; None leaves the field out, as no browser would."""


@dataclass(frozen=True, slots=True)
class Post:
    """One sheet, what is typed wrong into it, and whether htmx asks."""

    sheet: str
    typed: Typed
    is_partial: bool = True


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
LENIENT = {
    *("note", *HIDDEN, "force", "confirmed", "disconnects", "frees_stopped", "labels"),
    *("is_internal", "is_attachable", "has_ipv6", "without_ipv4", "driver_options", "options"),
}
"""Fields that understand nearly everything: an answer to them is seldom a refusal."""
STRICT = {sheet: sorted(set(names) - LENIENT) or ["note"] for sheet, names in FIELDS.items()}
OFTEN = [*FIELDS, *["connect", "create", "connect several", "create like"] * 5]


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """Draw a sheet with one to three of its fields gone wrong."""
    sheet = draw(st.sampled_from(OFTEN))
    more = draw(st.lists(st.sampled_from(FIELDS[sheet]), max_size=2, unique=True))
    names = [draw(st.sampled_from(STRICT[sheet])), *more]
    typed: Typed = {name: draw(st.one_of(TEXT, TEXT, TEXT, st.none())) for name in names}
    return Post(sheet, typed, draw(st.integers(0, 9)) > 0)


def list_fixed(every: int = 1) -> Iterator[Post]:
    """List every field with what is known for breaking things, or each nth; fewer of lenient."""
    strict = [(sheet, name) for sheet in FIELDS for name in STRICT[sheet]]
    lenient = [(sheet, name) for sheet in FIELDS for name in FIELDS[sheet] if name in LENIENT]
    for places, step in ((strict, every), (lenient, every * 6)):
        found = [(place, value) for place in places for value in (*NASTY, None)]
        for number, ((sheet, name), value) in enumerate(found[::step]):
            yield Post(sheet, {name: value}, number % 10 > 0)


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
