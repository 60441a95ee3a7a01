"""What an engine checks before it creates a network, each fault in its version's words."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network

from netdash.simulator.refusals import Refusal, join_faults
from netdash.simulator.state import EngineState, Json, Network

NOT_A_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect '
    "this node to swarm and try again."
)
DRIVERS = ("bridge", "macvlan", "ipvlan", "overlay")
BRIDGE = "com.docker.network.bridge."
FLAGS = ("enable_icc", "enable_ip_masquerade", "default_bridge", "inhibit_ipv4")
TRUTHS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
MACVLAN_MODES = ("bridge", "private", "vepa", "passthru", "")


def check_creation(state: EngineState, body: Json) -> str:
    """Check names, scope and addresses; answer the warning of a repeated name (20.10)."""
    name = body.get("Name") or ""
    is_new = state.edition.is_from(26)
    check_strings(state, body, is_new)
    if name in ("host", "bridge", "none", "default"):
        raise Refusal(403, f"operation is not permitted on predefined {name} network ")
    warning = check_name(state, name, body)
    check_scope(state, body)
    if is_new:
        check_addresses(body)
    else:
        check_addresses_loosely(body)
    if not name.strip() or (is_new and not name):
        raise (
            Refusal(400, "invalid name: name is empty")
            if state.edition.is_from(28)
            else Refusal(400 if is_new else 500, f"invalid name: {name}")
        )
    return warning


def check_strings(state: EngineState, body: Json, is_new: bool) -> None:
    """Refuse labels and options that are not strings, as Go's JSON decoder does."""
    words = {int: "number", float: "number", bool: "bool", list: "array", dict: "object"}
    for key in ("Labels", "Options"):
        for name, value in (body.get(key) or {}).items():
            if not isinstance(value, str) and value is not None:
                field = name_field(state, key, name)
                start = "invalid JSON: " if is_new else ""
                word = words.get(type(value), "number")
                raise Refusal(
                    400,
                    f"{start}json: cannot unmarshal {word} into Go struct field {field} "
                    "of type string",
                )


def name_field(state: EngineState, key: str, name: str) -> str:
    """Name a field of the request as the version's Go types do."""
    if state.edition.is_from(28):
        return f"CreateRequest.{key}.{name}"
    inner = "NetworkCreate." if state.edition.is_from(26) else ""
    return f"NetworkCreateRequest.{inner}{key}"


def check_name(state: EngineState, name: str, body: Json) -> str:
    """Refuse a name in use; 20.10 only warns unless it was asked to check."""
    twin = next(iter(state.list_named(name)), None)
    if twin is None and (name or state.edition.is_from(26) or not body.get("CheckDuplicate")):
        return ""
    if state.edition.is_from(26) or body.get("CheckDuplicate"):
        raise Refusal(409, f"network with name {name} already exists")
    assert twin is not None
    return f"Network with name {name} (id : {twin.id}) already exists"


def check_scope(state: EngineState, body: Json) -> None:
    """Refuse what needs a swarm: this engine is never part of one."""
    driver = body.get("Driver") or "bridge"
    if driver == "overlay":
        raise Refusal(403 if state.edition.is_from(26) else 500, NOT_A_MANAGER)
    if body.get("Scope") == "swarm":
        raise Refusal(403, "cannot create a swarm scoped network when swarm is not active")
    if body.get("Ingress"):
        raise Refusal(403, "Ingress network can only be global scope network")


def check_driver(state: EngineState, network: Network) -> None:
    """Refuse unknown drivers and a second host or none network."""
    if network.driver in ("host", "null"):
        raise Refusal(403, f'only one instance of "{network.driver}" network is allowed')
    if network.driver not in DRIVERS:
        raise Refusal(404, f'plugin "{network.driver}" not found')
    if network.driver == "macvlan":
        check_macvlan(state, network)


def check_macvlan(state: EngineState, network: Network) -> None:
    """Refuse bad modes and parents; eth0 is the only device here."""
    mode = network.options.get("macvlan_mode", "")
    if mode not in MACVLAN_MODES:
        raise Refusal(
            500,
            f"requested macvlan mode '{mode}' is not valid, "
            "'bridge' mode is the macvlan driver default",
        )
    parent = network.options.get("parent", "")
    device, dot, _ = parent.partition(".")
    if parent and device != "eth0" and not dot:
        raise Refusal(
            500, f"invalid subinterface vlan name {parent}, example formatting is eth0.10"
        )
    if parent and device != "eth0":
        word = "was not" if state.edition.is_from(26) else "does was not"
        raise Refusal(500, f"-o parent interface {word} found on the host: {device}")
    if parent and not state.edition.is_from(26):
        for other in state.networks.values():
            if other.driver == "macvlan" and other.options.get("parent") == parent:
                name = f"network dm-{other.id[:12]}"
                raise Refusal(500, f"{name} is already using parent interface {parent}")


def check_options(state: EngineState, network: Network) -> None:
    """Refuse options of the bridge driver that cannot be read; unknown ones are stored."""
    if network.driver != "bridge":
        return
    status = 400 if state.edition.is_from(26) else 500
    for flag in FLAGS:
        value = network.options.get(BRIDGE + flag)
        if value is not None and value not in TRUTHS:
            raise Refusal(
                status,
                f"failed to parse {BRIDGE}{flag} value: {value} "
                f'(strconv.ParseBool: parsing "{value}": invalid syntax)',
            )
    check_mtu(network, status)
    check_gateway_mode(state, network)
    check_bridge_name(state, network)


def check_mtu(network: Network, status: int) -> None:
    """Refuse an MTU that is no number or negative."""
    key = "com.docker.network.driver.mtu"
    value = network.options.get(key, "0")
    if not re.fullmatch(r"[+-]?\d+", value):
        raise Refusal(
            status,
            f"failed to parse {key} value: {value} "
            f'(strconv.Atoi: parsing "{value}": invalid syntax)',
        )
    if int(value) < 0:
        raise Refusal(status, f"invalid MTU number: {value}")


def check_gateway_mode(state: EngineState, network: Network) -> None:
    """Refuse gateway modes that do not exist or need an internal network; 28 and later."""
    if not state.edition.is_from(28):
        return
    for family in ("ipv4", "ipv6"):
        key = f"{BRIDGE}gateway_mode_{family}"
        mode = network.options.get(key, "nat")
        if mode not in ("nat", "nat-unprotected", "routed", "isolated"):
            raise Refusal(400, f"failed to parse {key} value: {mode} (unknown gateway mode {mode})")
        if mode == "isolated" and not network.is_internal:
            message = "gateway mode 'isolated' can only be used for an internal network"
            raise Refusal(500, message)


def check_bridge_name(state: EngineState, network: Network) -> None:
    """Refuse names of bridges that are too long, no bridge, or (from 26 on) in use."""
    name = network.options.get(f"{BRIDGE}name", "")
    if len(name) > 15:
        start = "" if state.edition.is_from(26) else "failed to check bridge interface existence: "
        raise Refusal(500, f"{start}numerical result out of range")
    if name in ("eth0", "lo"):
        raise Refusal(500, f"existing interface {name} is not a bridge")
    if not name or not state.edition.is_from(26):
        return
    for other in state.networks.values():
        if other.options.get(f"{BRIDGE}name") == name:
            raise Refusal(
                403,
                f"cannot create network {network.id} ({name}): conflicts with network "
                f"{other.id} ({name}): networks have same bridge name",
            )


def check_addresses_loosely(body: Json) -> None:
    """Check as 20.10 does: only what it cannot read at all."""
    for config in (body.get("IPAM") or {}).get("Config") or []:
        subnet = config.get("Subnet") or ""
        if not subnet and (config.get("Gateway") or config.get("IPRange")):
            raise Refusal(500, "Invalid subnet  : invalid CIDR address: ")
        if (gateway := config.get("Gateway")) and not is_address(gateway):
            raise Refusal(500, f"invalid gateway address {gateway} in Ipam configuration")


def check_addresses(body: Json) -> None:
    """Check as engines from 26 on do: all faults of all pools at once."""
    faults: list[str] = []
    for config in (body.get("IPAM") or {}).get("Config") or []:
        faults += find_faults(config, bool(body.get("EnableIPv6")))
    if faults:
        raise join_faults("invalid network config", faults)


def find_faults(config: Json, has_ipv6: bool) -> list[str]:
    """List what is wrong with one pool."""
    text = config.get("Subnet") or ""
    try:
        if "/" not in text:
            raise ValueError(text)
        subnet = ip_network(text, strict=False)
    except ValueError:
        return [f"invalid subnet {text}: invalid CIDR block notation"]
    if subnet.version == 6 and not has_ipv6:
        return []
    faults = []
    if text.partition("/")[0] != str(subnet.network_address):
        faults.append(f"invalid subnet {text}: it should be {subnet}")
    faults += find_range_faults(config.get("IPRange") or "", str(subnet))
    if gateway := config.get("Gateway"):
        faults += find_address_faults(f"gateway {gateway}", gateway, str(subnet))
    for name, address in (config.get("AuxiliaryAddresses") or {}).items():
        faults += find_address_faults(f"auxiliary address {name}", address, str(subnet))
    return faults


def find_range_faults(text: str, parent: str) -> list[str]:
    """List what is wrong with an ip-range."""
    if not text:
        return []
    start, subnet = f"invalid ip-range {text}: ", ip_network(parent)
    try:
        asked = ip_network(text, strict=False)
    except ValueError:
        return [f"{start}invalid CIDR block notation"]
    if asked.version != subnet.version:
        return [f"{start}parent subnet is an IPv{subnet.version} block"]
    faults = []
    if asked.prefixlen < subnet.prefixlen:
        faults.append(f"{start}CIDR block is bigger than its parent subnet {subnet}")
    if text.partition("/")[0] != str(asked.network_address):
        faults.append(f"{start}it should be {asked}")
    if not asked.overlaps(subnet):
        faults.append(f"{start}parent subnet {subnet} doesn't contain ip-range")
    return faults


def find_address_faults(title: str, address: str, parent: str) -> list[str]:
    """List what is wrong with a gateway or an auxiliary address."""
    subnet = ip_network(parent)
    if not is_address(address):
        return [f"invalid {title}: invalid address"]
    if ip_address(address).version != subnet.version:
        return [f"invalid {title}: parent subnet is an IPv{subnet.version} block"]
    if ip_address(address) not in subnet:
        return [f"invalid {title}: parent subnet {subnet} doesn't contain this address"]
    return []


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
