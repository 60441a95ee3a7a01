"""Which names resolve to a container, and on which network."""

from __future__ import annotations

from netdash.topology.lookup import is_user_defined
from netdash.topology.snapshot import Container, Endpoint, Network

SHORT_ID = 12


def list_dns_names(container: Container, endpoint: Endpoint, network: Network) -> tuple[str, ...]:
    """List what resolves to a container on a network: its name first, then its aliases.

    The short id resolves as well and is left out, since nobody writes it. The default bridge
    resolves nothing; a container in another's stack is found by its owner's names only.
    """
    if not is_user_defined(network) or container.is_sharing:
        return ()
    known = endpoint.dns_names or endpoint.aliases or ()
    others = sorted(set(known) - {container.name, container.id[:SHORT_ID]})
    return (container.name, *others)
