"""Each way an engine can fail is a plain sentence with a remedy."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
import requests
import urllib3
from docker.errors import APIError, DockerException

from netdash.engine.client import Address, open_client, read_facts
from netdash.engine.errors import EngineError, explain, speaking
from netdash.engine.reader import take_listing
from tests.engine.keys import found_authority
from tests.engine.proxies import (
    answer,
    format_answer,
    forward_with_tls,
    open_tcp_door,
    open_unix_door,
)

VERSION = format_answer("200 OK", b'{"ApiVersion": "1.41", "Version": "20.10.24"}')


def fail_to_open(engine: Address | str, seconds: float = 60) -> EngineError:
    with pytest.raises(EngineError) as caught:
        open_client(engine, answer_seconds=seconds)
    return caught.value


def test_no_socket(tmp_path: Path) -> None:
    error = fail_to_open(f"unix://{tmp_path}/none.sock")
    assert error.kind == "away"
    assert error.sentence == f"There is no engine socket at {tmp_path}/none.sock."
    assert "systemctl start docker" in error.remedy


def test_a_socket_that_nobody_listens_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "s"))
    error = fail_to_open(f"unix://{tmp_path}/s")
    assert (error.kind, error.sentence) == ("away", f"Nothing listens at {tmp_path}/s.")


def test_a_port_that_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = fail_to_open(f"tcp://127.0.0.1:{port}")
    assert (error.kind, error.sentence) == ("away", f"Nothing listens at tcp://127.0.0.1:{port}.")


@pytest.mark.parametrize("address", ["foo://x", "tcp://name", "tcp://"])
def test_what_is_no_address(address: str) -> None:
    error = fail_to_open(address)
    assert error.kind == "away"
    assert error.sentence.startswith(f"{address} is no address of an engine")
    assert "unix:///var/run/docker.sock" in error.remedy


def refuse_permission(path: Path) -> EngineError:
    """Explain what requests raises for a socket that only its group may use."""
    denied = PermissionError(13, "Permission denied")
    broken = requests.ConnectionError(urllib3.exceptions.ProtocolError("Aborted.", denied))
    return explain(DockerException(broken), f"unix://{path}")


def test_no_permission_names_the_group_to_join(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    path.touch()
    path.chmod(0o660)
    error = refuse_permission(path)
    assert error.kind == "forbidden"
    assert error.sentence == f"There is no permission to use the engine's socket {path}."
    if os.geteuid() == 0:
        assert "Only its owner may use it" in error.remedy
        os.chown(path, 0, 65533)
        error = refuse_permission(path)
        assert "join the group 65533" in error.remedy
        assert "usermod -aG 65533" in error.remedy
    else:
        assert "usermod -aG" in error.remedy


def test_no_permission_for_any_group(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    path.touch()
    path.chmod(0o600)
    assert "Only its owner may use it" in refuse_permission(path).remedy


def test_too_old_an_engine(tmp_path: Path) -> None:
    old = format_answer("200 OK", b'{"ApiVersion": "1.18"}')
    with open_unix_door(tmp_path / "s", answer(old)) as address:
        error = fail_to_open(address)
    assert error.kind == "too_old"
    assert "1.24" in error.sentence
    assert "Upgrade" in error.remedy


def test_an_engine_that_no_longer_speaks_our_version(tmp_path: Path) -> None:
    with open_unix_door(tmp_path / "s", answer(VERSION)) as address:
        client = open_client(address)
    (tmp_path / "s").unlink()
    said = b'{"message": "client version 1.41 is too old. Minimum supported API version is 1.44"}'
    refusal = answer(format_answer("400 Bad Request", said))
    with open_unix_door(tmp_path / "s", refusal), pytest.raises(EngineError) as caught:
        take_listing(client)
    assert caught.value.kind == "too_old"
    assert client.is_outdated
    client.close()


def test_an_engine_that_is_silent(tmp_path: Path) -> None:
    with open_unix_door(tmp_path / "s", answer(b"")) as address:
        error = fail_to_open(address, seconds=0.2)
    assert error.kind == "timeout"
    assert "did not answer in time" in error.sentence


def test_a_stranger_that_speaks_no_http(tmp_path: Path) -> None:
    with open_unix_door(tmp_path / "s", answer(b"220 mail.example\r\n")) as address:
        assert fail_to_open(address).kind == "away"


def test_a_refusal_is_in_the_engines_own_words(tmp_path: Path) -> None:
    said = b'{"message": "network <b>x</b> not found"}'
    refusal = format_answer("404 Not Found", said)
    with open_unix_door(tmp_path / "s", answer(refusal)) as address:
        error = fail_to_open(address)
    assert (error.kind, error.status_code) == ("refused", 404)
    assert error.sentence == "network <b>x</b> not found"


def test_a_refusal_by_the_proxy_before_an_engine(tmp_path: Path) -> None:
    page = format_answer("403 Forbidden", b"<h1>403 Forbidden</h1>", "text/html")
    with open_unix_door(tmp_path / "s", answer(page)) as address:
        error = fail_to_open(address)
    assert error.kind == "forbidden"
    assert error.sentence == "A proxy before the engine does not allow GET /version."


def test_tls_where_none_was_expected(tmp_path: Path) -> None:
    authority = found_authority(tmp_path, "authority")
    with open_tcp_door(answer(VERSION)) as port:
        error = fail_to_open(Address(f"tcp://127.0.0.1:{port}", str(authority.certificate)))
    assert error.kind == "tls"


def test_no_tls_where_it_was_expected(tmp_path: Path) -> None:
    said = b"Client sent an HTTP request to an HTTPS server.\n"
    with open_unix_door(
        tmp_path / "s", answer(format_answer("400 Bad Request", said, "text/plain"))
    ) as address:
        error = fail_to_open(address)
    assert error.kind == "tls"
    assert "expects TLS" in error.sentence


def test_an_authority_that_did_not_sign_the_engine(tmp_path: Path) -> None:
    ours, theirs = found_authority(tmp_path, "ours"), found_authority(tmp_path, "theirs")
    served = forward_with_tls("unix:///nowhere", theirs.serve("server"))
    with open_tcp_door(served) as port:
        error = fail_to_open(Address(f"tcp://127.0.0.1:{port}", str(ours.certificate)))
    assert error.kind == "tls"
    assert "No trusted TLS connection" in error.sentence
    assert "authority" in error.remedy


def test_tls_files_that_are_not_there() -> None:
    error = fail_to_open(Address("tcp://127.0.0.1:1", "/none", "/none", "/none"))
    assert error.kind == "tls"


def test_speaking_lets_other_mistakes_through() -> None:
    with pytest.raises(KeyError), speaking("unix:///x"):
        raise KeyError("a bug of ours")


def test_facts_of_an_engine_that_says_little(tmp_path: Path) -> None:
    with open_unix_door(tmp_path / "s", answer(VERSION)) as address:
        client = open_client(address)
        facts = read_facts(client)
        client.close()
    assert (facts.version, facts.api_version, facts.name) == ("20.10.24", "1.41", "")
    assert facts.has_api(1, 41)
    assert not facts.has_api(1, 42)
    assert not facts.is_simulated


def test_an_error_without_an_answer_still_has_words() -> None:
    error = explain(APIError("broken"), "unix:///x")
    assert (error.kind, error.status_code) == ("refused", None)
    assert error.sentence
