#!/usr/bin/env python3
"""Checks that files compiled for one instruction set define no function that the linker could use in the whole
program: such an inline function would then run on processors without those instructions.

usage: kernel_symbols_check.py NM LIBRARY
"""

import re
import subprocess
import sys

KERNEL = re.compile(r"^(kernel_avx\w*\.cc\.o):$")
DEFINED = re.compile(r"^[0-9a-f]+ ([A-Z]) (.+)$")
DATA = "DRBC"


def findings(listing):
    kernel, kernels = None, set()
    for line in listing.splitlines():
        if line.endswith(":"):
            match = KERNEL.match(line)
            kernel = match and match.group(1)
            kernels.add(kernel)
        match = kernel and DEFINED.match(line)
        if match and match.group(1) not in DATA and not match.group(2).startswith("DW.ref."):
            yield f"{kernel} defines {match.group(2)} for the whole program"
    if len(kernels - {None}) != 2:
        yield "found no kernels to check"


def main():
    nm, library = sys.argv[1:]
    listing = subprocess.run([nm, "--demangle", library], check=True, capture_output=True, text=True).stdout
    found = list(findings(listing))
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
