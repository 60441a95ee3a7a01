"""Files that list networks: CSV, YAML, and the networks of a Compose file, as rows.

Whatever stands in them is somebody's text: each reader stops at a limit and says at which line.
"""
