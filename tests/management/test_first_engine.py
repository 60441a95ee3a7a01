"""The engine of the first start, the set-up link, the static files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from netdash.management.commands.up import check_data_folder, check_port, choose_scene
from netdash.management.first_engine import (
    ask,
    find_address,
    list_shown,
    make_engine,
    make_simulated_engine,
)
from netdash.management.static_files import collect_static_files
from netdash.models import Engine
from netdash.roles import give_role
from tests.brokers import Broker
from tests.simulated import SimulatedEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def answering() -> Iterator[SimulatedEngine]:
    """An engine that answers."""
    engine = SimulatedEngine(scene="empty")
    yield engine
    engine.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="nd-") as name:
        yield Path(name)


def test_docker_host_and_its_tls_files_name_the_first_engine() -> None:
    environment = {
        "DOCKER_HOST": "tcp://docker.example.org:2376",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": "/home/ada/.docker",
    }
    engine = make_engine(find_address(environment))
    assert (engine.name, engine.slug) == ("docker.example.org", "dockerexampleorg")
    assert engine.address == "tcp://docker.example.org:2376"
    assert engine.tls_ca == "/home/ada/.docker/ca.pem"
    assert engine.tls_key == "/home/ada/.docker/key.pem"


def test_without_docker_host_it_is_the_local_socket() -> None:
    engine = make_engine(find_address({}))
    assert (engine.name, engine.address) == ("Local", "unix:///var/run/docker.sock")
    assert make_engine(find_address({})) == engine


def test_an_engine_that_does_not_answer_says_why_and_what_to_do(folder: Path) -> None:
    refusal = ask(find_address({"DOCKER_HOST": f"unix://{folder}/none.sock"}))
    assert refusal
    assert str(folder) in refusal.sentence
    assert refusal.remedy


def test_an_engine_that_answers_is_read(
    answering: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", answering.address)
    assert choose_scene(None) == (None, "")
    assert Engine.objects.get().address == answering.address


def test_when_none_answers_the_small_company_is_simulated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/none.sock")
    scene, why = choose_scene(None)
    assert scene == "company"
    assert str(folder) in why
    assert Engine.objects.get().is_simulated
    said = capsys.readouterr().out
    assert f"No engine answers at unix://{folder}/none.sock" in said
    assert "simulated engine" in said


def test_once_an_engine_answers_the_simulated_one_is_switched_off(
    folder: Path, answering: SimulatedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/none.sock")
    choose_scene(None)
    monkeypatch.setenv("DOCKER_HOST", answering.address)
    assert choose_scene(None) == (None, "")
    assert not Engine.objects.get(is_simulated=True).is_enabled
    assert Engine.objects.get(is_simulated=False).is_enabled


def test_a_scene_that_is_asked_for_stands_beside_the_real_engine(engine_row: Engine) -> None:
    assert choose_scene("tiers") == ("tiers", "")
    assert Engine.objects.filter(is_enabled=True).count() == 2


STAGING = {"DOCKER_HOST": "tcp://staging:2375"}


def test_a_start_names_the_engines_that_it_shows(engine_row: Engine, folder: Path) -> None:
    assert list(list_shown({})) == ["It shows Local (unix:///run/none.sock)."]
    make_simulated_engine(folder)
    shown = "It shows Local (unix:///run/none.sock) and Simulated (simulated)."
    assert list(list_shown({"DOCKER_HOST": engine_row.address})) == [shown]


def test_a_docker_host_that_names_another_engine_is_told_to_count_no_more(
    engine_row: Engine,
) -> None:
    shown, differs, remedy = list_shown(STAGING)
    assert shown == "It shows Local (unix:///run/none.sock)."
    assert "does not show tcp://staging:2375: DOCKER_HOST counts only at the first" in differs
    assert "Add it under Admin" in remedy
    Engine.objects.create(name="S", slug="s", address="tcp://staging:2375", is_enabled=False)
    assert "Switch it on under Admin" in list(list_shown(STAGING))[-1]
    Engine.objects.update(is_enabled=True)
    assert list(list_shown(STAGING))[1:] == []


def test_where_no_engine_answered_docker_host_is_asked_at_each_start(folder: Path) -> None:
    make_simulated_engine(folder)
    assert list(list_shown(STAGING)) == ["It shows Simulated (simulated)."]


def test_the_first_engine_is_made_once() -> None:
    for _ in range(2):
        call_command("first_engine", stdout=StringIO())
    assert Engine.objects.count() == 1


def test_a_port_that_is_taken_is_refused_in_a_sentence(live_port: int) -> None:
    with pytest.raises(CommandError, match=f"port {live_port}: Address already in use.*--port"):
        check_port("127.0.0.1", live_port)


@pytest.fixture
def live_port() -> Iterator[int]:
    """A port that somebody listens on."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_data_folder_in_use_is_refused_in_a_sentence(broker: Broker) -> None:
    with pytest.raises(CommandError, match="running already"):
        check_data_folder()


def print_link() -> str:
    """Call the command; give what it prints."""
    out = StringIO()
    call_command("print_setup_link", address="http://here:1/", stdout=out)
    return out.getvalue()


def test_the_setup_link_is_printed_until_there_is_an_administrator(client: Client) -> None:
    link = print_link().split()[-1]
    assert link.startswith("http://here:1/setup/")
    assert client.get(link.removeprefix("http://here:1")).status_code == 200
    viewer = User.objects.create_user("vi")
    give_role(viewer, "viewer")
    assert "setup" in print_link()
    give_role(viewer, "administrator")
    assert "setup" not in print_link()


def test_static_files_are_collected_again_only_when_they_changed(
    folder: Path, settings: Settings
) -> None:
    source = folder / "source"
    source.mkdir()
    (source / "a.css").write_text("a")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = folder / "static"
    collect_static_files()
    (folder / "static" / "a.css").unlink()
    collect_static_files()
    assert not (folder / "static" / "a.css").exists()
    (source / "a.css").write_text("a longer one")
    collect_static_files()
    assert (folder / "static" / "a.css").read_text() == "a longer one"
