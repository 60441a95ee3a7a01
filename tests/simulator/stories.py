"""Requests that a simulated and a real engine must answer alike."""

from __future__ import annotations

from tests.simulator.transcripts import Json, Step

IMAGE = "busybox:local"


def net(name: str, subnet: str = "", **more: Json) -> Step:
    """Create a network."""
    config = {"Subnet": subnet} if subnet else None
    body = {"Name": name, "CheckDuplicate": True, "Driver": "bridge"} | more
    if config:
        body["IPAM"] = {"Driver": "default", "Config": [config]}
    return "POST", "/networks/create", body


def pool(name: str, **config: Json) -> Step:
    """Create a network with one pool."""
    return net(name, IPAM={"Config": [config]})


def make(name: str, mode: str = "default", **more: Json) -> Step:
    """Create a container."""
    host = {"NetworkMode": mode} | more.pop("HostConfig", {})
    body = {"Image": IMAGE, "HostConfig": host, "Labels": {"who": name}} | more
    return "POST", f"/containers/create?name={name}", body


def do(name: str, action: str) -> Step:
    """Do something to a container."""
    return "POST", f"/containers/{name}/{action}"


def run(name: str, mode: str = "default", **more: Json) -> tuple[Step, Step]:
    """Create and start a container."""
    return make(name, mode, **more), do(name, "start")


def join(network: str, container: str, **config: Json) -> Step:
    """Connect a container."""
    body = {"Container": container, "EndpointConfig": config}
    return "POST", f"/networks/{network}/connect", body


def part(network: str, container: str, **more: Json) -> Step:
    """Disconnect a container."""
    return "POST", f"/networks/{network}/disconnect", {"Container": container} | more


def look(*containers: str) -> tuple[Step, ...]:
    """Read both lists, and inspect containers."""
    inspections = tuple(("GET", f"/containers/{name}/json") for name in containers)
    return ("GET", "/containers/json?all=1"), ("GET", "/networks"), *inspections


def static(address: str, family: int = 4) -> Json:
    """Ask for an address."""
    return {f"IPv{family}Address": address}


def remove(path: str) -> Step:
    """Remove something."""
    return "DELETE", path


def binding(port: str, host_port: str, host_ip: str = "") -> Json:
    """Bind a port to the host."""
    return {
        "ExposedPorts": {port: {}},
        "HostConfig": {"PortBindings": {port: [{"HostIp": host_ip, "HostPort": host_port}]}},
    }


STORIES: dict[str, tuple[Step, ...]] = {
    "an engine with nothing on it": look(),
    "a container from birth to removal": (
        *run("first"),
        *look("first"),
        do("first", "start"),
        do("first", "pause"),
        do("first", "pause"),
        do("first", "start"),
        *look("first"),
        remove("/containers/first"),
        do("first", "unpause"),
        do("first", "unpause"),
        remove("/containers/first"),
        do("first", "rename?name=second"),
        *look("second"),
        do("second", "stop"),
        do("second", "stop"),
        do("second", "kill"),
        do("second", "pause"),
        *look("second"),
        do("second", "start"),
        do("second", "restart"),
        remove("/containers/second?force=1"),
        do("second", "start"),
        ("GET", "/containers/second/json"),
    ),
    "names": (
        make("aa"),
        make("aa"),
        make("b"),
        make("b%20c"),
        make("bb"),
        do("aa", "rename?name=bb"),
        do("aa", "rename?name=aa"),
        do("aa", "rename?name=a%20a"),
        do("aa", "rename?name="),
        ("POST", "/containers/create?name=cc", {"Image": "nosuch:1"}),
        make("dd", "container:nosuch"),
        make("ee", "nosuch"),
        do("ee", "start"),
        *look("ee"),
    ),
    "connecting": (
        net("front", "10.51.0.0/24"),
        net("back"),
        *run("web", "front", NetworkingConfig={"EndpointsConfig": {"front": {}}}),
        join("back", "web", Aliases=["api", "v1"], IPAMConfig=None),
        *look("web"),
        ("GET", "/networks/front"),
        join("back", "web"),
        join("nosuch", "web"),
        join("back", "nosuch"),
        join("bridge", "web", Aliases=["x"]),
        join("bridge", "web", IPAMConfig=static("172.17.0.9")),
        join("bridge", "web"),
        join("host", "web"),
        join("none", "web"),
        *look("web"),
        part("bridge", "web"),
        part("bridge", "web"),
        part("front", "nosuch"),
        part("front", "nosuch", Force=True),
        part("nosuch", "web"),
        remove("/networks/front"),
        remove("/networks/bridge"),
        remove("/networks/nosuch"),
        part("front", "web"),
        part("back", "web"),
        *look("web"),
        join("none", "web"),
        join("back", "web"),
        *look("web"),
        part("none", "web"),
        join("back", "web"),
        *look("web"),
        do("web", "stop"),
        *look("web"),
    ),
    "connecting what does not run": (
        net("one", "10.52.0.0/24"),
        net("two"),
        make("still", "one"),
        *look("still"),
        join("two", "still", Aliases=["x"]),
        join("two", "still"),
        join("one", "still", IPAMConfig=static("10.52.0.9")),
        *look("still"),
        part("nosuch", "still"),
        do("still", "start"),
        *look("still"),
        do("still", "stop"),
        join("bridge", "still"),
        part("bridge", "still"),
        part("two", "still"),
        part("two", "still"),
        *look("still"),
        remove("/networks/two"),
        remove("/networks/one"),
        *look("still"),
        do("still", "start"),
        ("GET", "/containers/still/json"),
        part("one", "still"),
        ("GET", "/containers/still/json"),
    ),
    "a network of birth that is gone": (
        net("birth"),
        net("other"),
        *run("orphan", "birth"),
        join("other", "orphan"),
        part("birth", "orphan"),
        remove("/networks/birth"),
        net("third"),
        join("third", "orphan"),
        do("orphan", "stop"),
        do("orphan", "start"),
        join("third", "orphan"),
        *look("orphan"),
    ),
    "the network none, when the networks of a stopped container are gone": (
        net("home"),
        net("away"),
        make("waits", "home"),
        join("away", "waits"),
        join("none", "waits"),
        remove("/networks/away"),
        join("none", "waits"),
        remove("/networks/home"),
        join("none", "waits"),
    ),
    "static addresses": (
        net("given", "10.53.0.0/29"),
        net("auto"),
        *run("aa", "none"),
        part("none", "aa"),
        join("auto", "aa", IPAMConfig=static("172.18.0.9")),
        join("given", "aa", IPAMConfig=static("10.99.0.1")),
        join("given", "aa", IPAMConfig=static("10.53.0.1")),
        join("given", "aa", IPAMConfig=static("10.53.0.7")),
        join("given", "aa", IPAMConfig=static("abc")),
        join("given", "aa", IPAMConfig=static("10.53.0.4")),
        *run("bb", "given"),
        *run("cc", "given"),
        *run("dd", "given"),
        *run("ee", "given"),
        *run("ff", "given"),
        make("gg"),
        join("given", "gg", IPAMConfig=static("10.99.0.1")),
        join("given", "gg", IPAMConfig=static("10.53.0.4")),
        *look("aa", "gg"),
        ("GET", "/containers/ff/json"),
    ),
    "an address in use": (
        net("roomy", "10.55.0.0/24"),
        *run("aa", "roomy"),
        *run("bb"),
        join("roomy", "bb", IPAMConfig=static("10.55.0.2")),
        join("roomy", "bb", IPAMConfig=static("10.55.0.9"), DriverOpts={"a": "b"}),
        *look("bb"),
        make(
            "cc",
            "roomy",
            NetworkingConfig={"EndpointsConfig": {"roomy": {"IPAMConfig": static("10.55.0.2")}}},
        ),
        do("cc", "start"),
        ("GET", "/containers/cc/json"),
    ),
    "configurations": (
        net(
            "cfg", ConfigOnly=True, Labels={"a": "b"}, IPAM={"Config": [{"Subnet": "10.7.0.0/24"}]}
        ),
        net("made", ConfigFrom={"Network": "cfg"}),
        net("again", ConfigFrom={"Network": "cfg"}),
        net("astray", ConfigFrom={"Network": "nosuch"}),
        net("wrong", ConfigFrom={"Network": "made"}),
        ("GET", "/networks"),
        remove("/networks/cfg"),
        *run("aa", "made"),
        *look("aa"),
        ("POST", "/networks/prune"),
        remove("/containers/aa?force=1"),
        remove("/networks/made"),
        remove("/networks/again"),
        remove("/networks/cfg"),
        *look(),
    ),
    "host, none and shared stacks": (
        *run("hh", "host"),
        *run("nn", "none"),
        *run("owner"),
        *run("sharer", "container:owner"),
        net("some"),
        join("some", "hh"),
        join("some", "nn"),
        join("some", "sharer"),
        part("host", "hh"),
        *look("hh", "nn", "sharer"),
        part("none", "nn"),
        join("some", "nn"),
        ("GET", "/networks/host"),
        do("sharer", "stop"),
        do("owner", "stop"),
        do("sharer", "start"),
        do("hh", "stop"),
        *look("hh"),
    ),
    "ports": (
        net("inside", "10.54.0.0/24", Internal=True),
        *run("aa", **binding("80/tcp", "18080")),
        *run("bb", **binding("80/tcp", "18080")),
        *run("cc", **binding("53/udp", "18053", "127.0.0.1")),
        *run("dd", "inside", **binding("80/tcp", "18081")),
        *run("ee", ExposedPorts={"70/tcp": {}, "71/udp": {}}),
        *run("ff", "host", **binding("80/tcp", "18082")),
        *(("GET", f"/containers/{name}/json") for name in ("aa", "bb", "cc", "dd", "ee", "ff")),
        do("aa", "stop"),
        do("bb", "start"),
        *look("bb"),
        part("bridge", "ee"),
        part("bridge", "bb"),
        *look("bb", "ee"),
    ),
    "ports, from an open network to an internal one": (
        net("outside"),
        net("inside", Internal=True),
        *run("web", "outside", **binding("80/tcp", "18080")),
        join("inside", "web"),
        part("outside", "web"),
        *look("web"),
        join("outside", "web"),
        part("inside", "web"),
        *look("web"),
        part("outside", "web"),
        join("inside", "web"),
        *look("web"),
    ),
    "names of networks": (
        net("twice"),
        net("twice"),
        net(""),
        net(" "),
        net("host"),
        net("bridge"),
        net("default"),
        net("a b"),
        net("-x"),
        net("scoped", Scope="swarm"),
        net("enters", Ingress=True),
        net("over", Driver="overlay"),
        net("hh", Driver="host"),
        net("nn", Driver="null"),
        *look(),
    ),
    "addresses of networks": (
        net("n0", "10.61.0.0/24"),
        net("n1", "10.61.0.0/25"),
        net("n2", "10.62.0.5/24"),
        net("n3", "10.63.0/24"),
        net("n4", "10.64.0.0"),
        net("n5", "10.65.0.0/31"),
        net("n6", "10.66.0.0/32"),
        pool("g0", Subnet="10.71.0.0/24", Gateway="10.71.0.254"),
        pool("g1", Subnet="10.72.0.0/24", Gateway="10.99.0.1"),
        pool("g2", Subnet="10.73.0.0/24", Gateway="10.73.0.0"),
        pool("g3", Subnet="10.74.0.0/24", Gateway="abc"),
        pool("g4", Gateway="10.75.0.1"),
        pool("r0", Subnet="10.81.0.0/16", IPRange="10.81.5.0/24"),
        pool("r1", Subnet="10.82.0.0/24", IPRange="10.99.0.0/25"),
        pool("r2", Subnet="10.83.0.0/24", IPRange="10.83.0.0/16"),
        pool("r3", IPRange="10.84.0.0/24"),
        pool("a0", Subnet="10.91.0.0/24", AuxiliaryAddresses={"h": "10.91.0.2"}),
        pool("a1", Subnet="10.92.0.0/24", AuxiliaryAddresses={"h": "10.99.0.2"}),
        pool(
            "a2", Subnet="10.93.0.0/24", Gateway="10.93.0.1", AuxiliaryAddresses={"h": "10.93.0.1"}
        ),
        net("m0", IPAM={"Config": [{"Subnet": "10.94.0.0/24"}, {"Subnet": "10.95.0.0/24"}]}),
        *run("aa", "r0"),
        *run("bb", "a0"),
        *run("cc", "g0"),
        *look("aa", "bb", "cc"),
    ),
    "IPv6": (
        net(
            "six",
            EnableIPv6=True,
            IPAM={"Config": [{"Subnet": "fd00:1::/64"}, {"Subnet": "10.97.0.0/24"}]},
        ),
        net("unasked", IPAM={"Config": [{"Subnet": "fd00:2::/64"}]}),
        net("bare", EnableIPv6=True),
        *run("aa", "six"),
        *look("aa"),
        join("six", "aa", IPAMConfig=static("fd00:1::9", 6)),
        *run("bb"),
        join("six", "bb", IPAMConfig=static("fd00:1::9", 6)),
        *look("aa", "bb"),
    ),
    "default pools": (
        net("p1"),
        net("p2"),
        remove("/networks/p1"),
        net("p3"),
        *look(),
    ),
    "options": (
        net("o1", Options={"com.docker.network.bridge.enable_icc": "maybe"}),
        net("o2", Options={"com.docker.network.driver.mtu": "abc"}),
        net("o3", Options={"com.docker.network.driver.mtu": "-5"}),
        net("o4", Options={"unknown": "kept"}),
        net("o5", Internal=True, Attachable=True, Labels={"a": "b"}),
        net("o6", Options={"com.docker.network.bridge.gateway_mode_ipv4": "zz"}),
        net("o7", Options={"com.docker.network.bridge.gateway_mode_ipv4": "isolated"}),
        net("o8", Labels={"a": 1}),
        net("o9", Options={"a": 1}),
        net("oa", Options={"com.docker.network.bridge.name": "a234567890123456"}),
        net("oc", Driver="macvlan", Options={"parent": "eth77"}),
        net("od", Driver="macvlan", Options={"parent": "eth77.10"}),
        net("oe", Driver="macvlan", Options={"macvlan_mode": "zz"}),
        net("of", ConfigOnly=True, IPAM={"Config": [{"Subnet": "10.98.0.0/24"}]}),
        *run("aa"),
        join("of", "aa"),
        *run("bb", "o5"),
        ("GET", "/containers/aa/json"),
        ("GET", "/networks"),
        ("POST", "/networks/create", b"{"),
    ),
    "filters and pruning": (
        net("used"),
        net("idle", Labels={"keep": "no"}),
        net("kept", Labels={"keep": "yes"}),
        *run("aa", "used"),
        *run("bb", "idle"),
        do("bb", "stop"),
        ("GET", '/networks?filters={"name":["^us"]}'),
        ("GET", '/networks?filters={"label":["keep=yes"]}'),
        ("GET", '/networks?filters={"type":["custom"],"driver":["bridge"]}'),
        ("GET", '/networks?filters={"zz":["1"]}'),
        ("GET", '/containers/json?filters={"network":["used"]}'),
        ("GET", '/containers/json?filters={"name":["b"]}'),
        ("GET", '/containers/json?filters={"status":["exited"]}'),
        ("GET", '/containers/json?all=1&filters={"label":["who=aa"]}'),
        ("GET", '/containers/json?all=1&filters={"zz":["1"]}'),
        ("POST", '/networks/prune?filters={"name":["x"]}'),
        ("POST", '/networks/prune?filters={"until":["zz"]}'),
        ("POST", '/networks/prune?filters={"until":["24h"]}'),
        ("POST", '/networks/prune?filters={"label!":["keep=yes"]}'),
        ("POST", "/networks/prune"),
        ("POST", "/networks/prune"),
        *look(),
    ),
    "versions of the API": (
        ("GET", "/v1.99/networks"),
        ("GET", "/v1.2/networks"),
        *run("aa"),
        ("GET", "/v1.41/containers/aa/json"),
        ("GET", "/v1.41/containers/json"),
        ("GET", "/v1.41/networks"),
    ),
}
