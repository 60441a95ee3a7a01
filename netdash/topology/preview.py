"""What a plan would do, said before anything happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netdash.topology.changes import (
    Change,
    ConnectContainer,
    CreateNetwork,
    DisconnectContainer,
    Plan,
    RemoveNetwork,
    Step,
    describe,
)
from netdash.topology.command_lines import as_command
from netdash.topology.compose_lines import as_compose
from netdash.topology.creation_words import NOT_MADE, say_not_made
from netdash.topology.draft import Draft
from netdash.topology.effects import apply_to
from netdash.topology.facts import NO_FACTS, Facts
from netdash.topology.name_changes import compare_names
from netdash.topology.notices import Notice, list_change_notices, list_end_notices
from netdash.topology.reach_changes import (
    compare_reach,
    compare_routes,
    find_touched,
)
from netdash.topology.reach_words import NameChange, ReachChange, RouteChange
from netdash.topology.refusal import Refusal
from netdash.topology.refusals import foresee_refusals
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Snapshot

MOST_ROUTES = 8
MOST_NOTICES = 20
FREED = "ports that may be free"
ONLY_SEEN = ("network ", FREED)
"""What a connection must see of earlier steps and changes nothing of itself."""


@dataclass(frozen=True, slots=True)
class ForeseenStep:
    """One step of a plan. ``state`` is ready, already (nothing to do) or refused."""

    change: Change
    sentence: str
    reason: str
    command: str
    state: str
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do; lists are in order of weight and capped, with counts.

    ``after`` is the snapshot as it would be.
    """

    steps: tuple[ForeseenStep, ...]
    reach: tuple[ReachChange, ...]
    names: tuple[NameChange, ...]
    routes: tuple[RouteChange, ...]
    hidden_routes: int
    notices: tuple[Notice, ...]
    compose: str
    after: Snapshot

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """List the refusals of all steps, without what only follows from another one."""
        found = (refusal for step in self.steps for refusal in step.refusals)
        return tuple(refusal for refusal in found if refusal.kind != NOT_MADE)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return all(step.state == "already" for step in self.steps)

    @property
    def commands(self) -> tuple[str, ...]:
        """List the commands that are still to run; all of them where everything is so already."""
        is_empty = self.is_empty
        return tuple(step.command for step in self.steps if is_empty or step.state != "already")

    @property
    def needs_override(self) -> bool:
        """Tell whether it may only go on when somebody insists."""
        return any(notice.needs_override for notice in self.notices)


def foresee(snapshot: Snapshot, plan: Plan, facts: Facts = NO_FACTS) -> Preview:
    """Foresee a plan on a snapshot: refusals, gains and losses, commands.

    Each step is judged on the snapshot that the steps before it leave; a refused step is
    foreseen as doing nothing.
    """
    steps, notices, after = _walk(snapshot, plan, facts)
    touched = find_touched(snapshot, after)
    routes = compare_routes(snapshot, after, touched)
    notices += list_end_notices(snapshot, after, touched, facts)
    return Preview(
        steps=tuple(steps),
        reach=compare_reach(snapshot, after, touched),
        names=compare_names(snapshot, after, touched),
        routes=routes[:MOST_ROUTES],
        hidden_routes=max(0, len(routes) - MOST_ROUTES),
        notices=_rank(notices),
        compose=_write_compose(plan, snapshot),
        after=after,
    )


def _walk(
    snapshot: Snapshot, plan: Plan, facts: Facts
) -> tuple[list[ForeseenStep], list[Notice], Snapshot]:
    """Judge the steps; a new snapshot is frozen only where a step meets what others changed."""
    draft, current = Draft(snapshot), snapshot
    made = {step.change.name for step in plan.steps if isinstance(step.change, CreateNetwork)}
    changed: set[str] = set()
    unmade: set[str] = set()
    steps: list[ForeseenStep] = []
    notices: list[Notice] = []
    for step in plan.steps:
        keys = set(_list_keys(step.change))
        if changed and (keys & changed or isinstance(step.change, CreateNetwork | RemoveNetwork)):
            current = draft.freeze()
            changed.clear()
        is_connecting = isinstance(step.change, ConnectContainer)
        changed |= {key for key in keys if not (is_connecting and key.startswith(ONLY_SEEN))}
        if isinstance(step.change, DisconnectContainer):
            changed.add(FREED)
        foreseen = _follow(_judge(current, snapshot, step, facts), unmade)
        steps.append(foreseen)
        if foreseen.state == "ready":
            notices += list_change_notices(current, step.change, made)
            apply_to(draft, step.change)
    return steps, notices, draft.freeze()


def _judge(current: Snapshot, start: Snapshot, step: Step, facts: Facts) -> ForeseenStep:
    change = step.change
    refusals = foresee_refusals(change, current, facts)
    state = "refused" if refusals else "already" if is_done(change, current) else "ready"
    command = as_command(change, start)
    return ForeseenStep(change, describe(change), step.reason, command, state, refusals)


def _follow(step: ForeseenStep, unmade: set[str]) -> ForeseenStep:
    """Note a creation that is refused; where a connection waits for one, that is its reason."""
    change = step.change
    if step.state != "refused":
        return step
    if isinstance(change, CreateNetwork):
        unmade.add(change.name)
    if not isinstance(change, ConnectContainer) or change.network_id:
        return step
    is_waiting = change.network_name in unmade
    return replace(step, refusals=(say_not_made(change.network_name),)) if is_waiting else step


def _list_keys(change: Change) -> Iterator[str]:
    """List what two steps have in common when the later one must see the earlier one."""
    match change:
        case ConnectContainer():
            yield f"container {change.container_id}"
            yield from (f"address {a}" for a in (change.settings.ipv4, change.settings.ipv6) if a)
            if not change.network_id:
                yield f"network {change.network_name}"
            yield FREED
        case DisconnectContainer():
            yield f"container {change.container_id}"
        case CreateNetwork():
            yield f"network {change.name}"
        case RemoveNetwork():
            yield f"network {change.network_name}"


def _write_compose(plan: Plan, snapshot: Snapshot) -> str:
    """Compose lines are for a person: those of a long plan would help nobody."""
    if len(plan.steps) > 20:
        return ""
    return "\n".join(as_compose(change, snapshot) for change in plan.changes)


def _rank(notices: list[Notice]) -> tuple[Notice, ...]:
    weights = {"danger": 0, "warn": 1, "info": 2}
    unique = dict.fromkeys(notices)
    return tuple(sorted(unique, key=lambda notice: weights[notice.level])[:MOST_NOTICES])
