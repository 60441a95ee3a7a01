"""``manage.py up``: everything that netdash is, on this machine (``script/up`` calls it)."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from netdash.live import broker, store
from netdash.management.first_engine import (
    ask,
    find_address,
    list_shown,
    make_engine,
    make_simulated_engine,
    switch_off_simulated,
)
from netdash.management.processes import Group, Process, read_procfile, say
from netdash.management.static_files import collect_static_files
from netdash.models import Engine
from netdash.roles import has_administrator
from netdash.simulator.scenes import SCENES

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    """Prepare the data folder, then run every process until Ctrl-C."""

    help = "Start netdash with everything it needs; Ctrl-C ends it."
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Name it as people call it."""
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.prog = "script/up"
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument("--port", type=int, default=8000, help="Where to listen (8000).")
        parser.add_argument(
            "--host", default="127.0.0.1", help="On which address of this machine (127.0.0.1)."
        )
        parser.add_argument(
            "--scene", choices=sorted(SCENES), help="Show this simulated engine beside your own."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse early and plainly, prepare, run."""
        host, port = options["host"], options["port"]
        check_port(host, port)
        check_data_folder()
        call_command("migrate", "--noinput", verbosity=0)
        collect_static_files()
        scene, why = choose_scene(options["scene"])
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        processes = build_processes(host, port, scene, why)
        raise SystemExit(Group(processes).run(Announcer(address).look, has_broker))


class Announcer:
    """Says once that netdash is ready, and where."""

    def __init__(self, address: str) -> None:
        self.address = address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")  # noqa: S104
        self.has_spoken = False

    def look(self) -> None:
        """Look whether the pages answer and have what they show."""
        if self.has_spoken or not is_answering(self.address):
            return
        engine = Engine.objects.filter(is_enabled=True).order_by("is_simulated").first()
        if not has_store(engine):
            return
        self.has_spoken = True
        say("")
        say(f"netdash is ready at {self.address}{engine.get_absolute_url() if engine else '/'}")
        for line in list_shown():
            say(line)
        if not has_administrator():
            call_command("print_setup_link", address=self.address)
        say("Ctrl-C ends it.")


def has_broker() -> bool:
    """Tell whether the bundled server answers; one from elsewhere is not waited for."""
    path = broker.find_socket()
    return path is None or (path.exists() and broker.answers(path))


def has_store(engine: Engine | None) -> bool:
    """Tell whether the store answers, which starts beside the pages."""
    try:
        store.read_status(engine.pk if engine else 0)
    except store.StoreAway:
        return False
    return True


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken, or a name that is not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"netdash cannot listen on {host}, port {port}: {error.strerror}."
                f" Choose another: script/up --port {port + 1}"
            ) from error


def check_data_folder() -> None:
    """Refuse a data folder that a running netdash uses."""
    path = broker.find_socket()
    if path is not None:
        try:
            broker.check(path)
        except broker.BrokerRefused as error:
            raise CommandError(str(error)) from error


def choose_scene(wanted: str | None) -> tuple[str | None, str]:
    """Make the first engine; give the scene to simulate when no engine answers, and why not."""
    has_real = Engine.objects.filter(is_simulated=False).exists()
    refusal = None if has_real or wanted else ask(find_address())
    why = ""
    if not (has_real or wanted or refusal):
        say(f"netdash reads the engine at {make_engine(find_address()).address}.")
    if refusal:
        why = f"{refusal.sentence} {refusal.remedy}"
        say(f"No engine answers at {refusal.address}: {why}")
        say("Starting a simulated engine with the scene of a small company instead.")
    scene = wanted or ("company" if refusal else None)
    if scene:
        make_simulated_engine(find_simulator_socket())
    else:
        switch_off_simulated()
    return scene, why


def find_simulator_socket() -> Path:
    """Name the socket of the simulated engine."""
    return Path(settings.DATA_DIR) / "simulator.sock"


def build_processes(
    host: str, port: int, scene: str | None, why_simulated: str = ""
) -> tuple[Process, ...]:
    """List what runs: the Procfile, without a broker of our own when REDIS_URL names another."""
    commands = read_procfile(Path(settings.BASE_DIR) / "Procfile")
    if broker.find_socket() is None:
        del commands["broker"]
    if scene:
        path = find_simulator_socket()
        commands["simulator"] = f"python manage.py simulate_engine --socket {path} --scene {scene}"
    environment = {**os.environ, "HOST": host, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    environment[settings.WHY_SIMULATED_VARIABLE] = why_simulated
    # As root in a container or on a test machine there is nobody else to be.
    environment.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser")
    if host not in LOOPBACK and "NETDASH_HOSTS" not in os.environ:
        environment["NETDASH_HOSTS"] = ",".join([*settings.ALLOWED_HOSTS, host])
        say(f"Pages answer to the names {environment['NETDASH_HOSTS']}; NETDASH_HOSTS sets others.")
    return tuple(Process(name, command, environment) for name, command in commands.items())


def is_answering(address: str) -> bool:
    """Tell whether the sign-in page comes."""
    request = urllib.request.Request(f"{address}/sign-in", headers={"Host": "localhost"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
