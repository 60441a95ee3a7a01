"""An engine that needs no Docker: Docker's HTTP API on a unix socket, for the demo and the tests.

One module a noun: ``state`` (what the engine holds), ``networks``, ``endpoints`` and
``containers`` (what changes it), ``answers`` and ``events`` (what it says), ``refusals`` (what
it says no with), ``scenes`` (what it starts with), ``faults``, ``routes`` and ``server`` (HTTP).
It imports the standard library alone, and nothing of netdash.
"""
