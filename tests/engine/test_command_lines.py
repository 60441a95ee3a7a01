"""The command line that is shown for a change has the effect of that change."""

from __future__ import annotations

import shlex
from random import Random

import pytest

from netdash.engine.client import open_client
from netdash.topology.changes import ConnectContainer, CreateNetwork, EndpointSettings
from netdash.topology.command_lines import as_command
from netdash.topology.effects import apply
from netdash.topology.refusals import foresee_refusals
from netdash.topology.settled import is_done
from netdash.topology.snapshot import Subnet
from tests.alike import SEED, choose_change
from tests.engine.likeness import find_container, wait_for_likeness
from tests.engine.scenes import build_three_tiers, run
from tests.engine.truth import read_all
from tests.engines import RunningEngine

LINES = 24


@pytest.mark.engine
def test_each_command_line_has_the_effect_of_its_change(real_engine: RunningEngine) -> None:
    build_three_tiers(real_engine)
    client = open_client(real_engine.address)
    random = Random(SEED + 1)
    automatic: set[str] = set()
    now = read_all(client)
    done = 0
    while done < LINES:
        change = choose_change(random, now)
        if foresee_refusals(change, now) or is_done(change, now):
            continue
        if isinstance(change, CreateNetwork) and not change.subnets:
            automatic.add(change.name)
        words = shlex.split(as_command(change, now))
        assert words[:2] == ["docker", "network"]
        real_engine.docker(*words[1:])
        now = wait_for_likeness(client, apply(now, change), automatic, shlex.join(words))
        done += 1
    client.close()


@pytest.mark.engine
def test_the_lines_of_odd_options_are_read_as_written(real_engine: RunningEngine) -> None:
    client = open_client(real_engine.address)
    run(real_engine, "web", "bridge")
    now = read_all(client)
    web = find_container(now, "web")
    settings = EndpointSettings(
        ipv4="10.84.0.77",
        aliases=("a,b", 'say "hi"', "$HOME", "it's"),
        link_local=("169.254.7.7",),
        driver_options=(("com.example.list", "x,y=z"),),
    )
    create = CreateNetwork(
        "odd.name_1",
        subnets=(Subnet("10.84.0.0/24", "10.84.0.1", "", (("a b", "10.84.0.5"),)),),
        options=(("com.example.note", "x, y = 'z'"),),
        labels=(("quote", '"'), ("space", " a  b "), ("comma", "a,b")),
    )
    connect = ConnectContainer("", "odd.name_1", web.id, "web", settings)
    for change in (create, connect):
        real_engine.docker(*shlex.split(as_command(change))[1:])
        now = wait_for_likeness(client, apply(now, change), set(), as_command(change))
    client.close()
