"""Keep everyone current: the only package that imports redis; may import engine, models, topology."""
