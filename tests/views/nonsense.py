"""What nobody should type into a form: text, fields, and posts made of both.

A post is one sheet with one or more fields gone wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

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
    "journal": (
        "q",
        "kind",
        "outcome",
        "origin",
        "author",
        "since",
        "until",
        "plan",
        "open",
        "page",
    ),
}
Typed = dict[str, str | None]
"""Fields by name; None leaves the field out, as no browser would."""


@dataclass(frozen=True, slots=True)
class Post:
    """One sheet, what is typed wrong into it, and whether htmx asks."""

    sheet: str
    typed: Typed
    is_partial: bool = True


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
