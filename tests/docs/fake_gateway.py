"""The part of HAProxy's Runtime API that a throttle needs: one stick table; entries end only by command."""

import os
import socketserver
import threading
import time


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().decode().rstrip(";\n").split()
        self.wfile.write((self.answer(words) + "\n").encode())

    def answer(self, words):
        entries = self.server.entries
        if words[:2] == ["show", "info"]:
            return "Name: HAProxy\nVersion: 2.6.12\nPid: 812\nStart_time_sec: %d\n" % self.server.started
        if words[:2] == ["set", "table"]:
            entries[words[4]] = words[words.index("data.gpt0") + 1] if "data.gpt0" in words else "0"
            return ""
        if words[:2] == ["clear", "table"]:
            entries.pop(words[4], None)
            return ""
        if words[:2] == ["show", "table"]:
            shown = "".join("0x5581: key=%s use=0 exp=15000 gpt0=%s gpc0=0\n" % item for item in entries.items()
                            if words[4:5] in ([], [item[0]]))
            return "# table: %s, type: string, size:1024, used:%d\n%s" % (words[2], len(entries), shown)
        return "No such command"


class FakeGateway(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, folder):
        self.path = os.path.join(folder, "gateway.sock")
        self.started = int(time.time())
        self.entries = {"somebody": "40"}  # An orphan: not in the healer's ledger.
        super().__init__(self.path, Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
