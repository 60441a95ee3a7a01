"""Every way to an engine leads to the same snapshot."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from netdash.engine.client import Address, EngineClient, connect, forget, open_client, read_facts
from netdash.engine.errors import EngineError
from netdash.engine.events import watch
from netdash.engine.reader import take_containers, take_listing, take_networks, take_snapshot
from netdash.topology.snapshot import Snapshot
from tests.engine.keys import found_authority
from tests.engine.proxies import (
    forward_over_ssh,
    forward_to,
    forward_with_tls,
    open_tcp_door,
    open_unix_door,
)
from tests.simulated import SimulatedEngine
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def engine() -> Iterator[SimulatedEngine]:
    engine = SimulatedEngine(scene="tiers")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def expected(engine: SimulatedEngine) -> Snapshot:
    client = open_client(engine.address)
    snapshot = take_snapshot(client, read_facts(client))
    client.close()
    assert len(snapshot.containers) > 3
    return snapshot


def read_once(engine: Address) -> Snapshot:
    client = open_client(engine)
    snapshot = take_snapshot(client, read_facts(client))
    client.close()
    return snapshot


def test_a_bare_path_is_a_unix_socket(engine: SimulatedEngine, expected: Snapshot) -> None:
    assert read_once(Address(engine.address.removeprefix("unix://"))) == expected


def test_plain_tcp(engine: SimulatedEngine, expected: Snapshot) -> None:
    with open_tcp_door(forward_to(engine.address)) as port:
        assert read_once(Address(f"tcp://127.0.0.1:{port}")) == expected


def test_tls_with_certificates_on_both_sides(
    engine: SimulatedEngine, expected: Snapshot, tmp_path: Path
) -> None:
    authority = found_authority(tmp_path, "authority")
    certificate, key = authority.sign("client")
    context = authority.serve("server", clients=authority)
    with open_tcp_door(forward_with_tls(engine.address, context)) as port:
        wanted = Address(
            f"tcp://127.0.0.1:{port}", str(authority.certificate), str(certificate), str(key)
        )
        assert read_once(wanted) == expected
        assert_stream_can_be_closed(open_client(wanted))


def test_ssh(
    engine: SimulatedEngine, expected: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_key, client_key = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    with open_tcp_door(forward_over_ssh(engine.address, host_key, client_key)) as port:
        sign_in_as(tmp_path, monkeypatch, port, host_key, client_key)
        wanted = Address(f"ssh://someone@127.0.0.1:{port}")
        assert read_once(wanted) == expected
        assert_stream_can_be_closed(open_client(wanted))


def test_an_ssh_server_that_nobody_vouched_for_is_refused(
    engine: SimulatedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_key, client_key = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    with open_tcp_door(forward_over_ssh(engine.address, host_key, client_key)) as port:
        sign_in_as(tmp_path, monkeypatch, port, None, client_key)
        with pytest.raises(EngineError, match=r"host key of ssh://.* is not trusted") as caught:
            open_client(f"ssh://someone@127.0.0.1:{port}")
    assert caught.value.kind == "forbidden"
    assert "known_hosts" in caught.value.remedy


def test_an_ssh_server_that_does_not_know_our_key_is_told_apart(
    engine: SimulatedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_key, wanted, ours = (paramiko.ECDSAKey.generate() for _ in range(3))
    with open_tcp_door(forward_over_ssh(engine.address, host_key, wanted)) as port:
        sign_in_as(tmp_path, monkeypatch, port, host_key, ours)
        with pytest.raises(EngineError, match="does not accept the key") as caught:
            open_client(f"ssh://someone@127.0.0.1:{port}")
    assert caught.value.kind == "forbidden"


def test_a_full_read_is_two_requests(engine: SimulatedEngine, tmp_path: Path) -> None:
    requests: list[str] = []
    with open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address:
        client = open_client(address)
        facts = read_facts(client)
        requests.clear()
        take_snapshot(client, facts)
        client.close()
    assert [request.partition("/v1.51")[2].partition("?")[0] for request in requests] == [
        "/networks",
        "/containers/json",
    ]


def test_a_refresh_of_some_containers_is_two_requests(
    engine: SimulatedEngine, expected: Snapshot, tmp_path: Path
) -> None:
    requests: list[str] = []
    wanted = expected.containers[:2]
    with open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address:
        client = open_client(address)
        requests.clear()
        found = take_containers(client, [*(one.id for one in wanted), "f" * 64])
        networks = take_networks(client)
        client.close()
    assert {one.id for one in found} == {one.id for one in wanted}
    assert {one.id for one in networks} == set(expected.networks_by_id)
    assert len(requests) == 2
    assert wanted[0].id in requests[0], "the engine filters, since its whole list is slow"


def test_a_refresh_of_very_many_containers_asks_for_the_whole_list(
    engine: SimulatedEngine, expected: Snapshot, tmp_path: Path
) -> None:
    requests: list[str] = []
    with open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address:
        client = open_client(address)
        requests.clear()
        wanted = [expected.containers[0].id, *(f"{number:064}" for number in range(200))]
        found = take_containers(client, wanted)
        client.close()
    assert [one.id for one in found] == [expected.containers[0].id]
    assert len(requests[0]) < 1000, "a proxy before the engine refuses long addresses"


def test_a_refresh_of_no_container_asks_nothing(engine: SimulatedEngine, tmp_path: Path) -> None:
    requests: list[str] = []
    with open_unix_door(tmp_path / "s", forward_to(engine.address, requests)) as address:
        client = open_client(address)
        requests.clear()
        assert take_containers(client, ()) == ()
        client.close()
    assert requests == []


def test_a_process_shares_one_client(engine: SimulatedEngine) -> None:
    wanted = Address(engine.address)
    ours = connect(wanted)
    assert connect(wanted) is ours
    forget(wanted)
    again = connect(wanted)
    assert again is not ours
    forget(wanted)


def test_a_fork_opens_its_own_client(engine: SimulatedEngine) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK, engine.address],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("own\n", "")


FORK = """
import os, sys
from netdash.engine.client import Address, connect
wanted = Address(sys.argv[1])
ours = connect(wanted)
child = os.fork()
if not child:
    theirs = connect(wanted)
    print("own" if theirs is not ours and theirs.ping() else "shared", flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


def test_a_client_whose_engine_was_away_is_replaced() -> None:
    engine = SimulatedEngine()
    wanted = Address(engine.address)
    client = connect(wanted)
    engine.stop()
    with pytest.raises(EngineError) as caught:
        take_listing(client)
    assert caught.value.kind == "away"
    engine.start()
    fresh = connect(wanted)
    assert fresh is not client
    assert take_listing(fresh).networks
    forget(wanted)
    engine.close()


def test_threads_may_share_a_client(engine: SimulatedEngine, expected: Snapshot) -> None:
    client = open_client(engine.address)
    facts = read_facts(client)
    found: list[Snapshot] = []
    threads = [
        threading.Thread(target=lambda: found.append(take_snapshot(client, facts)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert found == [expected] * 8


def assert_stream_can_be_closed(client: EngineClient) -> None:
    stream = watch(client)
    reader = threading.Thread(target=lambda: list(stream), daemon=True)
    reader.start()
    stream.close()
    wait_until(lambda: not reader.is_alive(), "a closed stream ends")
    client.close()


def sign_in_as(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    port: int,
    host_key: paramiko.PKey | None,
    client_key: paramiko.PKey,
) -> None:
    """Give this process a home with an SSH key, and the host keys that it trusts."""
    folder = home / ".ssh"
    folder.mkdir()
    client_key.write_private_key_file(str(folder / "id_ecdsa"))
    if host_key is not None:
        (folder / "known_hosts").write_text(
            f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n"
        )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
