"""The namespaces and control groups of a test's engine, and how what lives in them ends."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

PREPARE = """
mount --make-rprivate /
mkdir $D/cg
mount --rbind /sys/fs/cgroup $D/cg
ip link set lo up
echo 0 >/proc/sys/net/ipv4/ip_forward
"""
REST = """
touch $D/open
while :; do sleep 0.5; done
"""
LIVE_IN_HOST = f"""{PREPARE}
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount --rbind $D/cg /sys/fs/cgroup
mount -t tmpfs tmpfs /run
{REST}"""
LIVE_IN_ROOT = f"""{PREPARE}
mkdir -p $R/oldroot
mount --bind $R $R
mount --bind $D $R$D
mount -t proc proc $R/proc
mount -t sysfs sysfs $R/sys
mount --rbind $D/cg $R/sys/fs/cgroup
mount --rbind /dev $R/dev
mount -t tmpfs tmpfs $R/run
cd $R
pivot_root . oldroot
cd /
umount -l /oldroot
{REST}"""


def find_children(pid: int) -> list[int]:
    """List the direct children of a process of ours."""
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [int(word) for word in words]


def send(pid: int, with_signal: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, with_signal)


def thaw(name: str) -> None:
    """Let paused containers go on: a frozen process cannot be killed (control groups v1)."""
    for state in Path("/sys/fs/cgroup/freezer").glob(f"{name}/*/freezer.state"):
        state.write_text("THAWED")


def remove_control_groups(name: str) -> None:
    """Remove the empty control groups that an engine leaves behind."""
    tops = [*Path("/sys/fs/cgroup").glob(name), *Path("/sys/fs/cgroup").glob(f"*/{name}")]
    for top in tops:
        for folder in sorted((*top.rglob("*/"), top), reverse=True):
            try:
                folder.rmdir()
            except OSError:
                continue
