"""An engine that needs no Docker: Docker's HTTP API on a unix socket."""
