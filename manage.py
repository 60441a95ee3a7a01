#!/usr/bin/env python
"""Run a management command of netdash."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netdash.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
