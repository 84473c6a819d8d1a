#!/usr/bin/env python3
"""Checks the direction of the arrows between folders.

Each folder of sources is a library; its CMakeLists.txt lists under ROOMS the folders whose headers it may include.
This check reads those lines and the #include lines, and reports

  - an include of a folder that the including folder does not list, and a folder that is listed in vain,
  - a circle among the folders,
  - a pure folder (base, core) that includes a thread, a file, a clock, or a library that it must not know,
  - a folder that lists another side of the house: the exporter lists the webhook, a core lists io, and so on.

usage: layer_check.py ROOT
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sources import lies_in, report, source_files

INCLUDE = re.compile(r'^\s*#\s*include\s*(<([^>]+)>|"([^"]+)")', re.MULTILINE)
LIBRARY = re.compile(r"^promheal_library\(([^)]*)\)", re.MULTILINE)
KEYWORDS = ("SOURCES", "ROOMS", "LIBRARIES", "PUBLIC_LIBRARIES")

# Threads, files, the environment and C clocks: a pure folder must not include these.
IMPURE_STANDARD_HEADERS = {
    "atomic", "condition_variable", "csignal", "ctime", "filesystem", "fstream", "future",
    "iostream", "mutex", "semaphore", "shared_mutex", "stop_token", "syncstream", "thread",
}


@dataclass
class Side:
    """A part of the tree, and the parts that its folders may list at all."""
    folder: str
    may_list: list
    libraries: list = None  # Prefixes of other libraries' headers; None: any.


# The side with the longest matching folder applies.
SIDES = [
    Side("common/base", ["common/base"], libraries=["fmt/", "tl/"]),
    Side("common/io", ["common"]),
    Side("exporter/core", ["common/base", "exporter/core"],
         libraries=["fmt/", "tl/", "Eigen/", "immintrin.h"]),
    Side("exporter", ["common", "exporter"]),
    Side("webhook/core", ["common/base", "webhook/core"], libraries=["fmt/", "tl/"]),
    # Executors learn of actions and overrides, never of the policies and decisions behind them.
    Side("webhook/executors", ["common", "webhook/core/override", "webhook/executors"]),
    Side("webhook/ledger", ["common", "webhook/core", "webhook/ledger"]),
    Side("webhook", ["common", "webhook"]),
    Side("services", ["common", "services"]),
    Side("tests/common", ["common", "tests/common", "tests/support"]),
    Side("tests/exporter", ["common", "exporter", "tests"]),
    Side("tests/webhook", ["common", "webhook", "tests"]),
    Side("tests/services", ["common", "services", "tests"]),
    Side("tests", ["common", "exporter", "webhook", "services", "tests"]),
]


def folder_of(path):
    return PurePosixPath(path).parent.as_posix()


def side_of(path):
    fitting = [side for side in SIDES if lies_in(path, side.folder)]
    return max(fitting, key=lambda side: len(side.folder), default=None)


def read_rooms(text):
    """The folders under ROOMS of the one promheal_library() in a CMakeLists.txt; None if it has no such call."""
    call = LIBRARY.search(text)
    if call is None:
        return None
    rooms, keyword = [], None
    for word in re.sub(r"#.*", "", call.group(1)).split():
        if word in KEYWORDS:
            keyword = word
        elif keyword == "ROOMS":
            rooms.append(word)
    return rooms


def listed_of_tree(root):
    """{folder: [folders that it lists]}, as written."""
    listed = {}
    for path in sorted(Path(root).rglob("CMakeLists.txt")):
        folder = path.parent.relative_to(root).as_posix()
        if folder.split("/")[0] in ("common", "exporter", "webhook"):
            rooms = read_rooms(path.read_text(encoding="utf-8"))
            if rooms is not None:
                listed[folder] = rooms
    return listed


def expand(rooms, listed):
    folders = []
    for room in rooms:
        if room.endswith("/*"):
            folders += [known for known in listed if known.startswith(room[:-1])]
        else:
            folders.append(room)
    return folders


def circles(rooms):
    """Each circle once, as the folders along it."""
    found, done = [], set()

    def walk(folder, path):
        if folder in path:
            found.append(path[path.index(folder):] + [folder])
        elif folder not in done:
            for listed in rooms.get(folder, []):
                walk(listed, path + [folder])
            done.add(folder)

    for folder in rooms:
        walk(folder, [])
    return found


def check_rooms(rooms):
    """Findings about the lists themselves."""
    findings = [f"{circle[0]}/CMakeLists.txt:1: a circle: {' -> '.join(circle)}"
                for circle in circles(rooms)]
    for folder, listed in rooms.items():
        where = f"{folder}/CMakeLists.txt:1"
        for room in listed:
            if room not in rooms:
                findings.append(f"{where}: lists {room}, which is no library")
            elif not any(lies_in(room, allowed) for allowed in side_of(folder).may_list):
                findings.append(f"{where}: {folder} must not list {room}")
    return findings


def check_ours(path, header, rooms):
    """Why the file at `path` must not include "header", or None."""
    side = side_of(path)
    if "/" not in header:
        return f'"{header}" is not written from the root'
    if not any(lies_in(header, allowed) for allowed in side.may_list):
        return f"{side.folder} may include only {', '.join(side.may_list)}, not {header}"
    folder, target = folder_of(path), folder_of(header)
    if folder not in rooms or target == folder or target in rooms[folder]:
        return None
    return f"{folder} does not list {target} under ROOMS, but includes {header}"


def check_library(side, header):
    """Why a file of `side` must not include <header>, or None."""
    if side.libraries is None or any(header.startswith(known) for known in side.libraries):
        return None
    is_standard = "/" not in header and "." not in header
    if is_standard and header not in IMPURE_STANDARD_HEADERS:
        return None
    return f"{side.folder} is pure, but includes <{header}>"


def check_file(path, text, rooms):
    side = side_of(path)
    if side is None:
        return [f"{path}:1: no side of the house is known for this folder: add it to layer_check.py"]
    if path.startswith(("common/", "exporter/", "webhook/")):
        folder = folder_of(path)
        if folder not in rooms:
            return [f"{path}:1: {folder}/CMakeLists.txt has no promheal_library()"]
    findings = []
    for match in INCLUDE.finditer(text):
        library, ours = match.group(2), match.group(3)
        problem = check_library(side, library) if library else check_ours(path, ours, rooms)
        if problem:
            line = text.count("\n", 0, match.start(1)) + 1
            findings.append(f"{path}:{line}: {problem}")
    return findings


def check_listed_in_vain(listed, files):
    """Findings about folders that are listed by name, though no file of the listing folder includes them."""
    used = {}
    for path, text in files:
        included = used.setdefault(folder_of(path), set())
        included.update(folder_of(match.group(3)) for match in INCLUDE.finditer(text) if match.group(3))
    return [f"{folder}/CMakeLists.txt:1: {folder} lists {room} in vain" for folder, rooms in listed.items()
            for room in rooms if not room.endswith("/*") and room not in used.get(folder, ())]


def check(root):
    listed, files = listed_of_tree(root), list(source_files(root))
    rooms = {folder: expand(names, listed) for folder, names in listed.items()}
    findings = check_rooms(rooms) + check_listed_in_vain(listed, files)
    for path, text in files:
        findings += check_file(path, text, rooms)
    return findings


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(report("layer_check", check(sys.argv[1])))
