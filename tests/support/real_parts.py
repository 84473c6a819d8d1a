"""Finds, starts and stops the real programs that tests run against. Standard library only.

PROMHEAL_TOOLS names a directory with unpacked Debian packages and wrappers in bin/ that start their programs:
deploy/setup/packages.sh makes it, test.sh sets it. Other programs are looked up in PATH. A test whose program
is missing is skipped and says so: ctest reads exit status 77 as "skipped".
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

SKIPPED = 77
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class MissingTool(unittest.SkipTest):
    """A real program that the test needs is missing on this machine: the test is skipped and says so."""


def find_tool(name):
    """Returns the path of a program. Raises MissingTool if it is missing."""
    root = os.environ.get("PROMHEAL_TOOLS", "")
    path = os.path.join(root, "bin", name) if root else ""
    found = path if os.access(path, os.X_OK) else shutil.which(name)
    if not found:
        where = "in %s/bin" % root if root else "(PROMHEAL_TOOLS is unset)"
        raise MissingTool("no %s %s nor in PATH" % (name, where))
    return found


def run_tool(name, *arguments, timeout=120, **options):
    """Runs a program to its end; returns CompletedProcess with stdout and stderr as one text."""
    return subprocess.run([find_tool(name)] + list(arguments), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False, **options)


# Below the kernel's range for outgoing connections: such a connection could take the port first.
LISTENED_ON = range(12000, 32768)


def can_listen_on(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_ports(count):
    """TCP ports of 127.0.0.1 that are free now."""
    ports = [port for port in random.sample(LISTENED_ON, 10 * count) if can_listen_on(port)]
    if len(ports) < count:
        raise RuntimeError("there are no %d free ports" % count)
    return ports[:count]


def http(url, timeout=15, data=None, headers=None):
    """(status, body, headers) of a request; an HTTP error is an answer, not an exception."""
    request = urllib.request.Request(url, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def wait_until(condition, timeout, what, every=0.05):
    """Polls until `condition()` is true; returns the seconds it took. Raises AssertionError."""
    start = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - start
        if time.monotonic() - start > timeout:
            raise AssertionError("not within %g s: %s" % (timeout, what))
        time.sleep(every)


class Process:
    """A child process whose output goes to a file. stop() ends it."""

    def __init__(self, arguments, log_path, **options):
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self.child = subprocess.Popen(arguments, stdout=log, stderr=log, **options)

    def log(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def stop(self):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        return self.child.returncode


def main():
    """unittest.main, with exit status 77 if a test was skipped because a real program is missing."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.skipped:
        sys.exit(SKIPPED)
