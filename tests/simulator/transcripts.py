"""What an engine answers to a list of requests, written so that two engines can be compared."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from typing import Any
from urllib.parse import quote

Json = Any
Step = tuple[Any, ...]
"""Method, path and perhaps a body. In a path ``{name}`` stands for the id made under a name."""

ROW_KEYS = ("Id", "Names", "Image", "State", "Status", "Ports", "Labels", "HostConfig", "Command")
STATE_KEYS = ("Status", "Running", "Paused", "Restarting", "Dead", "ExitCode", "Error")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")
AGES = re.compile(r"(Up|Exited \(\d+\)) (Less than a second|\d+ seconds?|About a minute)")
LONG, SHORT = re.compile(r"\b[0-9a-f]{64}\b"), re.compile(r"\b[0-9a-f]{12}\b")
RANDOM_MACS = re.compile(r"\b(?!02:42:)[0-9a-f]{2}(:[0-9a-f]{2}){5}\b")
LOCAL_SITES = re.compile(r"\bfd[0-9a-f:]+(?=/64|::[0-9a-f]+)")
EPHEMERAL = re.compile(r"\b(3[2-9]|[45]\d)\d{3}\b")
EVENT_KEYS = ("name", "container", "type", "oldName", "signal", "exitCode", "image")


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, address: str) -> None:
        super().__init__("localhost", timeout=60)
        self.path = address.removeprefix("unix://")

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Teller:
    """Sends requests to one engine and writes down the answers, ids replaced by order."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.names_by_id: dict[str, str] = {}
        self.begun_at = time.time_ns()

    def send(self, method: str, path: str, body: Json = None) -> tuple[int, Json]:
        """Send one request as it is; read the answer as JSON where it is."""
        status, text = self.send_raw(method, path, body)
        try:
            return status, json.loads(text) if text else None
        except ValueError:
            return status, text

    def send_raw(self, method: str, path: str, body: Json = None) -> tuple[int, str]:
        """Send one request as it is."""
        connection = UnixConnection(self.address)
        raw = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        headers = {"Content-Type": "application/json"} if raw is not None else {}
        connection.request(method, path, raw, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def tell(self, *steps: Step) -> list[Json]:
        """Take the steps in order and write down each answer."""
        return [self.write(*self.send(*step), step[1]) for step in steps]

    def write(self, status: int, data: Json, path: str) -> Json:
        """Write one answer: its status and what of it is compared."""
        bare = path.partition("?")[0]
        if status < 400 and bare.endswith("/containers/json"):
            rows = sorted(data, key=lambda row: str(row["Names"]))
            data = [shorten_row(row) for row in rows]
        elif status < 400 and "/containers/" in bare and bare.endswith("/json"):
            data = shorten_inspection(data)
        elif status < 400 and bare.endswith("/networks"):
            data = sorted(data, key=lambda row: (str(row["Name"]), str(row["Created"])))
        return status, self.hide(data)

    def hide(self, data: Json) -> Json:
        """Replace what differs between two engines that behave alike."""
        text = json.dumps(data, sort_keys=True)
        text = LONG.sub(lambda match: self.name_id(match[0]), text)
        text = SHORT.sub(lambda match: self.name_short(match[0]), text)
        text = TIMES.sub("<time>", text)
        text = AGES.sub(r"\1 <age>", text)
        text = text.replace("Bind for :::", "Bind for 0.0.0.0:")
        text = LOCAL_SITES.sub("<site>", text)
        return json.loads(RANDOM_MACS.sub("<mac>", text))

    def name_id(self, found: str) -> str:
        return self.names_by_id.setdefault(found, f"<id {len(self.names_by_id)}>")

    def name_short(self, found: str) -> str:
        for known, name in self.names_by_id.items():
            if known.startswith(found):
                return f"{name} in short"
        return found

    def tell_events(self) -> list[Json]:
        """Write down the events since the last time this was asked."""
        filters = quote(json.dumps({"type": ["container", "network"]}))
        until = time.time_ns()
        since = "{}.{:09d}".format(*divmod(self.begun_at, 10**9))
        path = f"/events?since={since}&until={until // 10**9}.{until % 10**9:09d}&filters={filters}"
        _, text = self.send_raw("GET", path)
        return [self.write_event(json.loads(line)) for line in text.splitlines()]

    def write_event(self, event: Json) -> Json:
        told = {key: event["Actor"]["Attributes"].get(key) for key in EVENT_KEYS}
        return self.hide([event["Type"], event["Action"], event["Actor"]["ID"], told])


def shorten_row(row: Json) -> Json:
    """Keep of a list's row what netdash reads."""
    kept = {key: row[key] for key in ROW_KEYS}
    kept["HostConfig"] = {"NetworkMode": row["HostConfig"]["NetworkMode"]}
    kept["Ports"] = sorted(kept["Ports"], key=str)
    return kept | {"NetworkSettings": row["NetworkSettings"]}


def shorten_inspection(data: Json) -> Json:
    """Keep of a container's inspection what netdash reads."""
    return {
        "Id": data["Id"],
        "Name": data["Name"],
        "RestartCount": data["RestartCount"],
        "State": {key: data["State"][key] for key in STATE_KEYS},
        "NetworkMode": data["HostConfig"]["NetworkMode"],
        "Labels": data["Config"]["Labels"],
        "Image": data["Config"]["Image"],
        "Ports": data["NetworkSettings"]["Ports"],
        "Networks": data["NetworkSettings"]["Networks"],
    }
