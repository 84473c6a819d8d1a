#!/usr/bin/env python3
"""Checks the direction of the arrows over #include lines:
main -> shell -> {executors, ledger, io} -> core -> base, and nothing between exporter and webhook.

usage: layer_check.py ROOT
"""

import re
import sys
from dataclasses import dataclass, field

from sources import lies_in, report, source_files

INCLUDE = re.compile(r'^\s*#\s*include\s*(<([^>]+)>|"([^"]+)")', re.MULTILINE)

# What a pure part has no business with: threads, files, the environment and clocks of C.
IMPURE_STANDARD_HEADERS = {
    "atomic", "condition_variable", "csignal", "ctime", "filesystem", "fstream", "future",
    "iostream", "mutex", "semaphore", "shared_mutex", "stop_token", "syncstream", "thread",
}


@dataclass
class Layer:
    folder: str
    may_include: list  # Folders or files of ours.
    never: list = field(default_factory=list)  # Of those, after all not.
    libraries: list = None  # Prefixes of other libraries' headers; None: any.


# The longest folder that a file lies in counts.
LAYERS = [
    Layer("common/base", ["common/base"], libraries=["fmt/", "tl/"]),
    Layer("common/io", ["common"]),
    Layer("exporter/core", ["common/base", "exporter/core"],
          libraries=["fmt/", "tl/", "Eigen/", "immintrin.h"]),
    Layer("exporter", ["common", "exporter"]),
    Layer("webhook/core", ["common/base", "webhook/core"], libraries=["fmt/", "tl/"]),
    Layer("webhook/executors", ["common", "webhook/core", "webhook/executors"],
          never=["webhook/core/policy.h", "webhook/core/ladder.h", "webhook/core/decision.h",
                 "webhook/core/incident.h"]),
    Layer("webhook/ledger", ["common", "webhook/core", "webhook/ledger"]),
    Layer("webhook/notify", ["common", "webhook/core", "webhook/notify"]),
    Layer("webhook", ["common", "webhook"]),
    Layer("services", ["common", "services"]),
    Layer("tests/common", ["common", "tests/common", "tests/support"]),
    Layer("tests/exporter", ["common", "exporter", "tests"]),
    Layer("tests/webhook", ["common", "webhook", "tests"]),
    Layer("tests/services", ["common", "services", "tests"]),
    Layer("tests", ["common", "exporter", "webhook", "services", "tests"]),
]


def layer_of(path):
    fitting = [layer for layer in LAYERS if lies_in(path, layer.folder)]
    return max(fitting, key=lambda layer: len(layer.folder), default=None)


def check_ours(layer, header):
    """Why a file of `layer` must not include "header", or None."""
    if any(lies_in(header, never) for never in layer.never):
        return f"{layer.folder} must not know {header}"
    if any(lies_in(header, folder) for folder in layer.may_include):
        return None
    if "/" not in header:
        return f'"{header}" is not written from the root'
    return f"{layer.folder} may include only {', '.join(layer.may_include)}, not {header}"


def check_library(layer, header):
    """Why a file of `layer` must not include <header>, or None."""
    if layer.libraries is None or any(header.startswith(known) for known in layer.libraries):
        return None
    is_standard = "/" not in header and "." not in header
    if is_standard and header not in IMPURE_STANDARD_HEADERS:
        return None
    return f"{layer.folder} is pure, but includes <{header}>"


def check_file(path, text):
    layer = layer_of(path)
    if layer is None:
        return [f"{path}:1: no layer is known for this folder: add it to layer_check.py"]
    findings = []
    for match in INCLUDE.finditer(text):
        library, ours = match.group(2), match.group(3)
        problem = check_library(layer, library) if library else check_ours(layer, ours)
        if problem:
            line = text.count("\n", 0, match.start(1)) + 1
            findings.append(f"{path}:{line}: {problem}")
    return findings


def check(root):
    return [finding for path, text in source_files(root) for finding in check_file(path, text)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(report("layer_check", check(sys.argv[1])))
