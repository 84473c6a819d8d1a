"""docker-compose.yml, brought up from Debian's packages on an engine, and what tests ask of it."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from real_parts import REPOSITORY, free_ports, http, wait_until  # noqa: E402

PROJECT = "promhealtest"
PORTS = ("GATEWAY", "GRAFANA", "PROMETHEUS", "ALERTMANAGER", "EXPORTER", "WEBHOOK")
SLOTS = {"orders-1": 3011, "orders-2": 3012, "orders-3": 3013, "payments-1": 3021, "payments-2": 3022,
         "payments-3": 3023, "auth-1": 3031, "auth-2": 3032, "auth-3": 3033}


class Stack:
    def __init__(self, engine):
        self.engine = engine
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        for name, port in self.ports.items():
            engine.environment[name + "_PORT"] = str(port)
        engine.environment["ENGINE_CREATE"] = "1"

    def compose(self, *arguments, timeout=300):
        files = ("docker-compose.yml", "deploy/docker/docker-compose.debian.yml")
        flags = [flag for name in files for flag in ("-f", os.path.join(REPOSITORY, name))]
        return self.engine.run("docker-compose", "-p", PROJECT, *flags, *arguments, timeout=timeout)

    def build(self):
        """Everything, our programs included; a built PROMHEAL_IMAGES=keep is taken as it is."""
        started = time.monotonic()
        if os.environ.get("PROMHEAL_IMAGES") != "keep":
            self.compose("build", timeout=4500)
        print("images built in %.0f s" % (time.monotonic() - started), flush=True)

    def up(self):
        started = time.monotonic()
        self.compose("up", "-d", "--no-build")
        self.wait_until_settled(120)
        print("up and scraped in %.0f s" % (time.monotonic() - started), flush=True)

    def down(self):
        for name in self.engine.docker("ps", "-aq", "--filter", "label=promheal.made_by").split():
            self.engine.docker("rm", "-f", name)
        self.compose("down", "-v", "--remove-orphans")

    def wait_until_settled(self, seconds):
        """Every slot that serves is up for Prometheus and for the gateway, and nothing fails."""
        wait_until(lambda: self.value('min(up{job="shop"})') == 1 and self.value('count(up{job="shop"})') == 4, seconds,
                   "all slots of the shop are scraped and up", every=0.5)
        wait_until(lambda: self.value("max(service:http_errors_per_request:ratio_rate1m)") == 0 and
                   self.value("min(service:gateway_servers_up:ratio)") == 1, 90, "nothing fails any more", every=0.5)
        wait_until(lambda: not [one for one in self.incidents() if one["state"] != "closed"], 150,
                   "no incident is open", every=0.5)

    # ---- asking -----------------------------------------------------------------------------

    def url(self, part, path):
        return "http://127.0.0.1:%d%s" % (self.ports[part], path)

    def value(self, expression):
        """The first value of an instant query; None where there is none, or nobody to ask."""
        from urllib.parse import quote
        try:
            body = http(self.url("PROMETHEUS", "/api/v1/query?query=" + quote(expression)))[1]
            return float(json.loads(body)["data"]["result"][0]["value"][1])
        except (OSError, ValueError, LookupError):
            return None

    def incidents(self):
        try:
            return json.loads(http(self.url("WEBHOOK", "/api/v1/incidents"))[1])["incidents"]
        except (OSError, ValueError, LookupError):
            return []

    def incident_of(self, service, since, closed=True):
        """The incident of a service that opened since, once it is closed; else None."""
        for one in self.incidents():
            if one["target"].get("service") == service and one["opened_at"] >= since:
                if not closed or one["state"] == "closed":
                    return one
        return None

    def started(self, container):
        return self.engine.docker("inspect", "-f", "{{.State.StartedAt}}", "%s_%s_1" % (PROJECT, container))

    def starts(self):
        return {slot: self.started(slot) for slot in SLOTS}

    def now(self):
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())

    # ---- breaking ---------------------------------------------------------------------------

    def request(self, container, port, method, path):
        """A request from within a container, to itself: "HTTP/1.1 200 OK", or "" for no answer."""
        script = ('exec 3<>/dev/tcp/127.0.0.1/%d; printf "%s %s HTTP/1.0\\r\\nContent-Length: 0\\r\\n\\r\\n" >&3; '
                  "read -r -t 2 -u 3 line; echo $line" % (port, method, path))
        return self.engine.docker("exec", "%s_%s_1" % (PROJECT, container), "bash", "-c", script, check=False)

    def fault(self, slot, query):
        return self.request(slot, SLOTS[slot], "GET", "/fault?" + query)

    def load(self, query):
        return self.request("load", 3040, "POST", "/pattern?" + query)

    def healer(self, *arguments):
        """(exit status, output) of a healing_webhook command in the webhook's container."""
        output = self.engine.docker("exec", PROJECT + "_webhook_1", "sh", "-c",
                                    'healing_webhook "$@"; echo "status $?"', "sh", *arguments, check=False)
        text, _, status = output.rpartition("status ")
        return int(status or -1), text.strip()
