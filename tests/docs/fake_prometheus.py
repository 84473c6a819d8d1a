"""The part of Prometheus' HTTP API that promheal's programs use: one service with ordinary values.

A query that contains "broken" gives 0 instead.
"""

import http.server
import json
import math
import threading
import urllib.parse


def value(query, time):
    """About 10; it depends only on the query and the time."""
    phase = sum(query.encode())
    return "0" if "broken" in query else "%.6f" % (10 + math.sin(phase + time) + math.sin(2.7 * time))


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(urllib.parse.parse_qsl(body))
        series = {"metric": {"service": "checkout"}}
        query = fields["query"]
        if self.path.endswith("/query_range"):
            start, end, step = (float(fields[name]) for name in ("start", "end", "step"))
            times = [start + i * step for i in range(int((end - start) / step + 1.5))]
            kind, series["values"] = "matrix", [[time, value(query, time)] for time in times]
        else:
            time = float(fields["time"])
            kind, series["value"] = "vector", [time, value(query, time)]
        answer = {"status": "success", "data": {"resultType": kind, "result": [series]}}
        self.answer(json.dumps(answer).encode())

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class FakePrometheus:
    """Serves on a free port of 127.0.0.1 until it is stopped."""

    def __init__(self, api=Api):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), api)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
