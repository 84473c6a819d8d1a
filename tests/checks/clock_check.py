#!/usr/bin/env python3
"""Checks that time and randomness come from outside: a core gets `now` and a generator, a shell a Clock&.
Code that reads a clock, sleeps or draws true randomness elsewhere makes its tests depend on luck.

usage: clock_check.py ROOT
"""

import re
import sys

from sources import lies_in, report, source_files

FORBIDDEN = re.compile(
    r"::now\s*\(|\bsleep_for\b|\bsleep_until\b|\brandom_device\b|\b(?:std::|::)?time\s*\(\s*"
    r"(?:nullptr|NULL|0)\s*\)|\bs?rand\s*\(|\bclock_gettime\b|\bgettimeofday\b|\b(?:u|nano)?sleep\s*\("
)

# The only clock; the demo's services, which sleep to be slow; tests with real processes; benchmarks.
ALLOWED = ("common/io/clock.cc", "services", "tests/integration", "tests/scenarios",
           "tests/bench")

# A comment or a literal, which may contain anything. Raw strings come first, because they may contain quotes.
NOT_CODE = re.compile(
    r'R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-zA-Z])'(?:\\.|[^'\\\n])*'",
    re.DOTALL,
)


def only_code(text):
    """The text with comments and literals blanked; line numbers stay the same."""
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def check_file(path, text):
    if any(lies_in(path, allowed) for allowed in ALLOWED):
        return []
    findings = []
    for number, line in enumerate(only_code(text).split("\n"), start=1):
        for match in FORBIDDEN.finditer(line):
            findings.append(f"{path}:{number}: '{match.group().strip()}' belongs behind a Clock, "
                            "a `now` argument or a generator that is passed in")
    return findings


def check(root):
    return [finding for path, text in source_files(root) for finding in check_file(path, text)]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(report("clock_check", check(sys.argv[1])))
