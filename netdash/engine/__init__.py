"""Talk to Docker engines: the only package that imports docker; may import topology."""
