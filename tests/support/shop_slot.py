"""A stand-in for one slot of a shop service: echoes requests, and breaks on demand.

    shop_slot.py PORT NAME

GET /health        200, or hangs
GET /fault?hang    from now on it answers nothing
GET /fault?errors  from now on all paths except /health and /fault answer 500
anything else      200 with "<NAME> <METHOD> <path and query>"

It ends when its parent process ends, for whatever reason.
"""

import http.server
import os
import sys
import threading
import time


class Slot(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    name = ""
    hung = threading.Event()
    failing = threading.Event()

    def do_GET(self):
        if self.path == "/fault?hang":
            self.hung.set()
        if self.path == "/fault?errors":
            self.failing.set()
        while self.hung.is_set():
            time.sleep(0.1)
        failed = self.failing.is_set() and not self.path.startswith(("/health", "/fault"))
        body = ("%s %s %s" % (self.name, self.command, self.path)).encode()
        self.send_response(500 if failed else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Seen-For", self.headers.get("X-Forwarded-For", ""))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def follow(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=follow, args=(os.getppid(),), daemon=True).start()
    Slot.name = sys.argv[2]
    Server(("127.0.0.1", int(sys.argv[1])), Slot).serve_forever()
