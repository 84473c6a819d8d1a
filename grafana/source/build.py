#!/usr/bin/env python3
"""Writes grafana/dashboards/*.json. `--check` writes nothing and lists files that are out of date."""

import os
import sys

from itself import itself
from overview import overview
from service import service

DASHBOARDS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "dashboards")


def main():
    stale = []
    for name, build in (("promheal-overview", overview), ("promheal-service", service), ("promheal-self", itself)):
        path = os.path.join(DASHBOARDS, name + ".json")
        text = build().json()
        old = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                old = file.read()
        if old == text:
            continue
        stale.append(path)
        if "--check" not in sys.argv[1:]:
            os.makedirs(DASHBOARDS, exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
    print("\n".join(stale) or "up to date")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
