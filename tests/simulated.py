"""The simulated engine as tests hold it: like a real one."""

from __future__ import annotations

from pathlib import Path

from netdash.simulator.engine import SimulatedEngine as Engine
from tests.engines import run_docker


class SimulatedEngine(Engine):
    """A simulated engine that runs from the start, with the real ``docker`` command at hand.

    It lives in threads of the test's process; ``state`` may be looked at, ``faults`` set.
    """

    is_simulated = True

    def __init__(self, version: str = "28.5", scene: str = "empty") -> None:
        super().__init__(scene, version)
        self.start()

    def docker(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run the real ``docker`` command against it; give what it prints, stripped."""
        return run_docker(["docker"], Path(self.path).parent, self.address, arguments, stdin)
