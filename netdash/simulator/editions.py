"""The Docker versions that the simulated engine can speak as."""

from __future__ import annotations

from dataclasses import dataclass

Api = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """One Docker release: its version and the API versions that it speaks."""

    version: str
    api: Api
    minimum_api: Api

    @property
    def number(self) -> tuple[int, int]:
        """Say the major and minor version."""
        major, minor, *_ = self.version.split(".")
        return int(major), int(minor)

    def is_from(self, major: int) -> bool:
        """Tell whether this release is of that major version or a later one."""
        return int(self.version.partition(".")[0]) >= major


EDITIONS = {
    edition.version: edition
    for edition in (
        Edition("20.10.24", (1, 41), (1, 12)),
        Edition("26.1.5", (1, 45), (1, 24)),
        Edition("28.5.2", (1, 51), (1, 24)),
    )
}
DEFAULT_VERSION = "28.5.2"


def find_edition(version: str) -> Edition:
    """Find a release by its version or the start of it: 28.5.2, 28.5."""
    for edition in EDITIONS.values():
        if f"{edition.version}.".startswith(f"{version}."):
            return edition
    raise ValueError(f"no edition {version}; there are {', '.join(EDITIONS)}")


def format_api(api: Api) -> str:
    """Write an API version as Docker does: 1.51."""
    return f"{api[0]}.{api[1]}"
