#!/usr/bin/env python3
"""Whether supervisord has started every process of a group, or one process, since a given time.

usage: started_since.py SOCKET GROUP[:PROGRAM] UNIX_SECONDS

Exit status 0: yes, 1: no, 2: unknown (supervisord knows only whole seconds), 3: no answer.
The healing webhook asks this if it does not know the outcome of a restart.
"""
import http.client
import math
import socket
import sys
import xmlrpc.client


class SocketConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=5)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class SocketTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        return SocketConnection(self._path)


def starts(path, name):
    """The time of the last start of each process with this name, in Unix seconds."""
    group, _, program = name.partition(":")
    supervisor = xmlrpc.client.ServerProxy("http://localhost", SocketTransport(path)).supervisor
    return [process["start"] for process in supervisor.getAllProcessInfo()
            if process["group"] == group and program in ("", process["name"])]


def verdict(started, since):
    if not started or any(start < math.floor(since) for start in started):
        return 1
    return 0 if all(start > since for start in started) else 2


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        started = starts(sys.argv[1], sys.argv[2])
    except (OSError, http.client.HTTPException, xmlrpc.client.Error) as error:
        print(f"supervisord does not answer: {error}")
        return 3
    print(f"started at {started}")
    return verdict(started, float(sys.argv[3]))


if __name__ == "__main__":
    sys.exit(main())
