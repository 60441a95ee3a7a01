"""A whole simulated engine: started, stopped and restarted in this process."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from netdash.simulator import containers, lifecycle, networks
from netdash.simulator.editions import DEFAULT_VERSION, find_edition
from netdash.simulator.faults import Faults
from netdash.simulator.refusals import Refusal
from netdash.simulator.scenes import build_scene
from netdash.simulator.server import Server
from netdash.simulator.state import PREDEFINED, EngineState

RESTARTING_POLICIES = ("always", "unless-stopped")


class SimulatedEngine:
    """One engine on a unix socket, in threads of this process.

    Without a path the socket lies in a temporary folder, which goes with the engine.
    """

    def __init__(
        self, scene: str = "empty", version: str = DEFAULT_VERSION, path: Path | None = None
    ) -> None:
        self.state: EngineState = build_scene(scene, find_edition(version))
        self.folder = None if path else tempfile.TemporaryDirectory(prefix="netdash-")
        self.path = path or Path(self.folder.name if self.folder else "") / "docker.sock"
        self.version = version
        self.faults = Faults(self.state.events, restart=self.restart_soon)
        self.server: Server | None = None

    @property
    def address(self) -> str:
        """Say where it answers, as ``DOCKER_HOST`` does."""
        return f"unix://{self.path}"

    def start(self) -> None:
        """Listen; containers that were up and want to be, come up again."""
        if self.server:
            return
        with self.state.lock:
            self.wake_containers()
        self.path.unlink(missing_ok=True)
        self.server = Server(self.path, self.state, self.faults)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self, *, has_containers_end: bool = True) -> None:
        """Go away: no socket, no connections, no events; containers end with their engine."""
        if not self.server:
            return
        server, self.server = self.server, None
        self.path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        self.state.events.drop_streams()
        server.cut()
        if has_containers_end:
            with self.state.lock:
                self.end_containers()
        self.state.events.forget()

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def restart_soon(self, seconds: float) -> None:
        """Stop now and start after a while, without holding up the caller."""
        threading.Thread(target=self._restart_after, args=(seconds,), daemon=True).start()

    def _restart_after(self, seconds: float) -> None:
        self.stop()
        threading.Event().wait(seconds)
        self.start()

    def end_containers(self) -> None:
        """End all running containers; those that restart by policy are noted."""
        self.state.waking = []
        for container in list(self.state.containers.values()):
            if container.is_running:
                policy = (container.host_config.get("RestartPolicy") or {}).get("Name")
                if policy in RESTARTING_POLICIES and not container.is_stopped_by_hand:
                    self.state.waking.append(container.id)
                lifecycle.end(self.state, container, exit_code=0)

    def wake_containers(self) -> None:
        """Start the containers that went down with the engine and restart by policy."""
        waking = [self.state.containers[key] for key in self.state.waking]
        self.state.waking = []
        for container in sorted(waking, key=lambda found: found.is_sharing):
            try:
                lifecycle.start(self.state, container)
            except Refusal as refusal:
                container.error = refusal.message

    def kill(self) -> None:
        """Go away at once; containers go on running without their engine."""
        self.stop(has_containers_end=False)

    def empty(self) -> None:
        """Remove every container and every network that somebody made."""
        with self.state.lock:
            for container_id in list(self.state.containers):
                containers.remove_container(self.state, container_id, is_forced=True)
            for network in list(self.state.networks.values()):
                if network.name not in PREDEFINED:
                    networks.drop_network(self.state, network)

    def close(self) -> None:
        """End for good and leave nothing behind."""
        self.faults.ended.set()
        self.stop()
        if self.folder:
            self.folder.cleanup()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
