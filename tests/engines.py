"""Real engines for tests, and the handles that they share with the simulated one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Protocol

from tests.engine_namespaces import (
    LIVE_IN_HOST,
    LIVE_IN_ROOT,
    find_children,
    remove_control_groups,
    send,
    thaw,
)

IMAGE = "busybox:local"
SLEEPER = {"Cmd": ["sleep", "1000000"], "Env": ["PATH=/bin"], "StopSignal": "SIGKILL"}
"""A container of the image sleeps, and ends at once when it is stopped."""
LAID_OUT = Path(os.environ.get("NETDASH_ENGINES_DIR") or "/var/tmp/netdash-engines")
START_SECONDS = 90
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class CommandFailedError(Exception):
    """A ``docker`` command failed; says what it printed."""


class RunningEngine(Protocol):
    """What a test may do with an engine, real or simulated."""

    version: str

    @property
    def address(self) -> str: ...

    def docker(self, *arguments: str) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...

    def restart(self) -> None: ...

    def empty(self) -> None: ...


class RealEngine:
    """A dockerd in a mount, network and process namespace of its own.

    Whatever it starts lives in that process namespace and ends with it, also when the test
    process is killed. ``stop`` is a SIGTERM as from systemd, ``kill`` is a SIGKILL that
    leaves containers running without a dockerd; ``start`` continues with the same data.
    """

    def __init__(self, version: str = "20.10") -> None:
        self.version = version
        self.root = None if version == "20.10" else LAID_OUT / version
        self.folder = Path(tempfile.mkdtemp(prefix="netdash-", dir="/var/tmp"))
        self.address = f"unix://{self.folder}/docker.sock"
        self._dockerd: subprocess.Popen[bytes] | None = None
        self._namespaces = self._open_namespaces()
        try:
            self._init = self._wait_for_init()
            self.start()
            self.docker("load", stdin=build_image())
        except BaseException:
            self.close()
            raise

    @staticmethod
    def find_obstacle(version: str) -> str:
        """Say why this version cannot run here; nothing when it can."""
        if os.geteuid() != 0:
            return "a real Docker Engine needs root"
        if version != "20.10":
            ready = Path(f"{LAID_OUT / version}.ready").exists()
            return "" if ready else f"no Docker {version}: script/engines --fetch {version}"
        dockerd = shutil.which("dockerd", path=SYSTEM_PATH)
        if dockerd is None or shutil.which("iptables", path=SYSTEM_PATH) is None:
            return "no dockerd with iptables: script/ci-packages installs docker.io"
        said = subprocess.run([dockerd, "--version"], capture_output=True, text=True, check=False)
        return "" if " 20.10" in said.stdout else f"the host's dockerd is {said.stdout.strip()}"

    def docker(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run the engine's own ``docker`` command; give what it prints, stripped."""
        return run_docker(self.inside("docker"), self.folder, self.address, arguments, stdin)

    def inside(self, *command: str) -> list[str]:
        """Give the command line that runs a command in the engine's namespaces."""
        return ["nsenter", "-t", str(self._init), "-m", "-n", "-p", "--", *command]

    def start(self) -> None:
        """Start dockerd and wait until it answers."""
        (self.folder / "pid").unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._dockerd = subprocess.Popen(
                self.inside("dockerd", *self._list_options()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": SYSTEM_PATH, "HOME": str(self.folder)},
            )
        wait_for(self._answers, START_SECONDS, self.read_log)

    def stop(self) -> None:
        """Stop dockerd as an operator would; its containers stop with it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill dockerd; its containers go on until it is started again."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    def empty(self) -> None:
        """Remove every container and every network that a test made."""
        if containers := self.docker("ps", "-aq").split():
            self.docker("rm", "-f", "-v", *containers)
        if networks := self.docker("network", "ls", "-q", "--filter", "type=custom").split():
            self.docker("network", "rm", *networks)

    def read_log(self) -> str:
        """Give the end of dockerd's log."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def close(self) -> None:
        """End everything and leave nothing behind."""
        thaw(self.folder.name)
        for pid in find_children(self._namespaces.pid):
            send(pid, signal.SIGKILL)
        self._namespaces.wait(timeout=30)
        if self._dockerd is not None:
            self._dockerd.wait()
        remove_control_groups(self.folder.name)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.root is not None:
            (self.root / str(self.folder)[1:]).rmdir()

    def _list_options(self) -> tuple[str, ...]:
        return (
            *("--data-root", f"{self.folder}/root", "--exec-root", f"{self.folder}/exec"),
            *("--pidfile", f"{self.folder}/pid", "--host", self.address),
            *("--cgroup-parent", f"/{self.folder.name}"),
        )

    def _answers(self) -> bool:
        if self._dockerd is not None and self._dockerd.poll() is not None:
            raise AssertionError(f"dockerd ended: {self.read_log()}")
        try:
            self.docker("version", "--format", "{{.Server.Version}}")
        except CommandFailedError:
            return False
        return True

    def _end(self, with_signal: signal.Signals) -> None:
        if self._dockerd is None:
            return
        for pid in find_children(self._dockerd.pid):
            send(pid, with_signal)
        self._dockerd.wait(timeout=60)
        self._dockerd = None

    def _open_namespaces(self) -> subprocess.Popen[bytes]:
        script = LIVE_IN_HOST if self.root is None else LIVE_IN_ROOT
        if self.root is not None:
            (self.root / str(self.folder)[1:]).mkdir(parents=True)
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *("setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid"),
                    *("--fork", "--kill-child=KILL", "sh", "-euc", script),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": SYSTEM_PATH, "D": str(self.folder), "R": str(self.root or "")},
            )

    def _wait_for_init(self) -> int:
        wait_for((self.folder / "open").exists, 30, self.read_log)
        return find_children(self._namespaces.pid)[0]


def run_docker(
    command: list[str], folder: Path, address: str, arguments: tuple[str, ...], stdin: bytes
) -> str:
    """Run a ``docker`` command against one engine, with nobody's settings."""
    done = subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={"PATH": SYSTEM_PATH, "DOCKER_HOST": address, "DOCKER_CONFIG": str(folder / "cli")},
    )
    if done.returncode:
        raise CommandFailedError(
            f"docker {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}"
        )
    return done.stdout.decode(errors="replace").strip()


def build_image() -> bytes:
    """Pack the image as ``docker load`` wants it."""
    layer = build_layer()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": SLEEPER,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": [IMAGE], "Layers": ["layer.tar"]}]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        add_file(tar, "layer.tar", layer)
        add_file(tar, "config.json", json.dumps(config).encode())
        add_file(tar, "manifest.json", json.dumps(manifest).encode())
    return packed.getvalue()


def build_layer() -> bytes:
    """Pack a busybox that resolves names: the static one needs libc's name service files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.add(shutil.which("busybox", path=SYSTEM_PATH) or "/bin/busybox", "bin/busybox")
        for name in ("sh", "sleep", "httpd", "nc", "nslookup", "ping", "ip", "cat", "true"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        for library in find_libraries():
            tar.add(library.resolve(), str(library)[1:])
        add_file(tar, "etc/nsswitch.conf", b"hosts: files dns\n")
        add_file(tar, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\n")
    return packed.getvalue()


def find_libraries() -> list[Path]:
    """List the files of libc that a static busybox loads to resolve a name."""
    names = ("libc.so.6", "libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2")
    folder = Path("/lib/x86_64-linux-gnu")
    wanted = [folder / name for name in names] + [Path("/lib64/ld-linux-x86-64.so.2")]
    return [path for path in wanted if path.exists()]


def add_file(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file from memory."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    tar.addfile(entry, io.BytesIO(content))


def wait_for(is_true: object, seconds: float, explain: object) -> None:
    """Wait until a condition holds; say what was seen when it never does."""
    assert callable(is_true)
    assert callable(explain)
    ends_at = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > ends_at:
            raise AssertionError(f"waited {seconds} s in vain: {explain()}")
        time.sleep(0.05)
