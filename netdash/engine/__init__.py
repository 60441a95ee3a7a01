"""Talk to Docker engines: the only package that imports docker; may import topology.

All that netdash ever asks, for a proxy before the engine:

reading    GET /_ping, /version, /networks, /containers/json, /containers/{id}/json, /events
changing   POST /networks/create, /networks/{id}/connect, /networks/{id}/disconnect;
           DELETE /networks/{id}
"""
