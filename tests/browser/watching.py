"""Watch the page of a job as it moves: when each item shows, how far the bar is, what is said."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.site import Site

# ruff: noqa: E501 - what runs elsewhere stays as it is written there
WATCH = """(pk) => {
  window.watched = { items: {}, bars: { job: [], panel: [] }, left: [] };
  const read = (root) => document.querySelector(`${root} [role="progressbar"]`);
  const look = () => {
    const now = Date.now();
    for (const row of document.querySelectorAll("#job tr.item:is(.done, .failed, .skipped)"))
      window.watched.items[row.id.slice(5)] ??= now;
    for (const [name, root] of [["job", "#job"], ["panel", `#jobs-panel [data-job="${pk}"]`]]) {
      const bar = read(root);
      if (bar) window.watched.bars[name].push(Number(bar.getAttribute("aria-valuenow")));
    }
    const left = document.querySelector("#job .job-left"), bar = read("#job");
    if (left?.textContent.includes(" left")) window.watched.left.push([now, Number(bar.getAttribute("aria-valuenow")) / Number(bar.getAttribute("aria-valuemax")), left.textContent]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  look();
}"""
START = """
import django; django.setup()
from netdash.jobs import queue
from netdash.jobs.writing import Author
from netdash.models import Engine
from netdash.topology.changes import CreateNetwork, Plan, Step
from netdash.topology.snapshot import Subnet
steps = tuple(Step(CreateNetwork(f"{0}-{{n}}", "bridge", (Subnet(f"{1}.{{n}}.0/24"),)), "asked for") for n in range({2}))
print(queue.start(Engine.objects.get(), Plan(steps, "Create {2} networks {0}"), Author(None, "operator"), "create").pk)
"""
ENDS = """
import django; django.setup()
import json
from netdash.models import Job
job = Job.objects.get(pk={0})
ends = [[pk, ended.timestamp() * 1000] for pk, ended in job.items.exclude(ended_at=None).values_list("pk", "ended_at")]
print(json.dumps([job.ended_at.timestamp() * 1000, ends]))
"""
UNIT_SECONDS = {"s": 1.0, "min": 60.0}


@dataclass(frozen=True)
class Watched:
    """What was seen of one job, held against what the database says; times in seconds."""

    delays: tuple[float, ...]
    """From an item's end to its row in the page."""
    job_bar: tuple[int, ...]
    panel_bar: tuple[int, ...]
    guesses: tuple[tuple[float, float, float], ...]
    """Part that had ended, seconds left as said, seconds that were left in truth."""

    @property
    def late_guesses(self) -> tuple[tuple[float, float], ...]:
        """Give said and true seconds from the second quarter on; the last second is left out."""
        return tuple((said, true) for part, said, true in self.guesses if part >= 0.25 and true > 1)


def start_job(site: Site, name: str, pool: str, count: int) -> int:
    """Start a job that creates ``count`` networks in blocks of ``pool``; give its number."""
    return int(site.ask(START.format(name, pool, count)))


def watch(page: Page, pk: int) -> None:
    """Begin to watch a job on its page, which must not be left before ``read_watched``."""
    page.evaluate(WATCH, pk)


def read_watched(page: Page, site: Site, pk: int) -> Watched:
    """Read what was seen of an ended job."""
    seen: dict[str, Any] = page.evaluate("() => window.watched")
    ended_at, ends = json.loads(site.ask(ENDS.format(pk)))
    items = seen["items"]
    return Watched(
        delays=tuple((items[str(item)] - at) / 1000 for item, at in ends if str(item) in items),
        job_bar=tuple(seen["bars"]["job"]),
        panel_bar=tuple(seen["bars"]["panel"]),
        guesses=tuple(
            (part, read_seconds(words), (ended_at - at) / 1000) for at, part, words in seen["left"]
        ),
    )


def read_seconds(words: str) -> float:
    """Read ``12 s left``."""
    found = re.search(r"(\d+) (s|min)\b", words)
    assert found, words
    return int(found[1]) * UNIT_SECONDS[found[2]]
