"""docker-compose.yml, brought up from Debian's packages on an engine, and queries for tests."""

import itertools
import json
import os
import re
import shutil
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from real_parts import REPOSITORY, http, wait_until  # noqa: E402
from seam import EngineSeam  # noqa: E402

PROJECT = "promhealtest"
# The programs in promheal's images; see deploy/docker/Dockerfile.
PROGRAMS = {"anomaly_exporter": ("anomaly_exporter",), "healing_webhook": ("healing_webhook",),
            "shop": ("shop_orders", "shop_payments", "shop_auth", "shop_load")}
FROM_DEBIAN = ("config", "gateway", "prometheus", "alertmanager")
PORTS = ("GATEWAY", "GRAFANA", "PROMETHEUS", "ALERTMANAGER", "EXPORTER", "WEBHOOK")
SERVICES = ("orders", "payments", "auth")
SLOTS = {"orders-1": 3011, "orders-2": 3012, "orders-3": 3013, "payments-1": 3021, "payments-2": 3022,
         "payments-3": 3023, "auth-1": 3031, "auth-2": 3032, "auth-3": 3033}


def quiet_ports(count):
    """Free ports of 127.0.0.1 outside the kernel's own range, so that they are still free a minute later."""
    ports = []
    for port in itertools.chain(range(10000 + os.getpid() % 20000, 32000), range(10000, 32000)):
        if len(ports) == count:
            return ports
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                ports.append(port)
            except OSError:
                pass
    raise AssertionError("no free ports")


class Stack:
    def __init__(self, engine):
        self.engine = engine
        self.ports = dict(zip(PORTS, quiet_ports(len(PORTS))))
        for name, port in self.ports.items():
            engine.environment[name + "_PORT"] = str(port)
        engine.environment["ENGINE_CREATE"] = "1"
        self.seam = EngineSeam(os.path.join(engine.root, "seam.sock"), engine.socket)
        engine.environment["DOCKER_SOCKET"] = self.seam.path

    def compose(self, *arguments, timeout=300):
        files = ("docker-compose.yml", "deploy/docker/docker-compose.debian.yml")
        flags = [flag for name in files for flag in ("-f", os.path.join(REPOSITORY, name))]
        return self.engine.run("docker-compose", "-p", PROJECT, *flags, *arguments, timeout=timeout)

    def build(self):
        """Builds all images. promheal is compiled in them, or taken from PROMHEAL_BINARIES=DIRECTORY."""
        started = time.monotonic()
        binaries = os.environ.get("PROMHEAL_BINARIES")
        if binaries:
            self.compose("build", *FROM_DEBIAN, timeout=1800)
            for name, programs in PROGRAMS.items():
                self.build_from(binaries, name, programs)
        else:
            self.compose("build", timeout=4500)
        print("images built in %.0f s, programs %s" % (time.monotonic() - started, "from " + binaries if binaries
                                                       else "compiled within"), flush=True)

    def build_from(self, binaries, name, programs):
        prepared = "promheal/prepared_" + name
        self.engine.docker("build", "-f", "deploy/docker/Dockerfile", "--target", "prepared_" + name, "-t", prepared, ".",
                           timeout=900)
        context = os.path.join(self.engine.root, "programs", name)
        shutil.rmtree(context, ignore_errors=True)
        os.makedirs(context)
        for program in programs:
            shutil.copy(os.path.join(binaries, program), context)
        self.engine.docker("build", "-f", "deploy/docker/Dockerfile.compiled", "--build-arg", "PREPARED=" + prepared,
                           "--build-arg", "PROGRAMS=*", "-t", "promheal/" + name, context, timeout=300)

    def up(self):
        self.clear()  # An interrupted run may have left containers.
        started = time.monotonic()
        self.compose("up", "-d", "--no-build")
        try:
            self.wait_until_settled(180)
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.last_words())) from None
        print("up and scraped in %.0f s" % (time.monotonic() - started), flush=True)

    def last_words(self):
        """The last log lines of every container that does not run as it should."""
        listed = self.engine.docker("ps", "-a", "--filter", "name=" + PROJECT, "--format", "{{.Names}}: {{.Status}}").splitlines()
        bad = [line for line in listed if not re.search(r": Up .*\(healthy\)|: Up [^(]*$|: Exited \(0\)", line)]
        return "\n".join(line + "\n" + self.engine.docker("logs", "--tail", "5", line.split(":")[0], check=False) for line in bad)

    def clear(self):
        for name in self.engine.docker("ps", "-aq", "--filter", "label=promheal.made_by").split():
            self.engine.docker("rm", "-f", name)
        self.compose("down", "-v", "--remove-orphans")

    def down(self):
        self.clear()
        self.seam.close()

    def wait_until_settled(self, seconds):
        """Waits until every serving slot is up for Prometheus and the gateway, and no request fails."""
        wait_until(lambda: self.value('min(up{job="shop"})') == 1 and self.value('count(up{job="shop"})') == 4, seconds,
                   "all slots of the shop are scraped and up", every=0.5)
        wait_until(lambda: self.value("max(service:http_errors_per_request:ratio_rate1m)") == 0 and
                   self.value("min(service:gateway_servers_up:ratio)") == 1, 90, "no request fails any more", every=0.5)
        wait_until(lambda: all(incident["state"] == "closed" for incident in self.incidents()), 150,
                   "no incident is open", every=0.5)
        # The alerts for spikes and latency need models.
        wait_until(lambda: self.value("count(anomaly_model_ready == 1)") == len(SERVICES), 240, "all models are trained",
                   every=0.5)

    # ---- asking -----------------------------------------------------------------------------

    def url(self, part, path):
        return "http://127.0.0.1:%d%s" % (self.ports[part], path)

    def value(self, expression):
        """The first value of an instant query; None if there is none, or if Prometheus does not answer."""
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

    def incident_of(self, target, since, closed=True):
        """The incident of "orders", or of the instance "payments/payments-2", opened after `since`.

        With `closed` it counts only once it is closed; None before.
        """
        labels = dict(zip(("service", "instance"), target.split("/")))
        for incident in self.incidents():
            if incident["target"] == labels and incident["opened_at"] >= since:
                if not closed or incident["state"] == "closed":
                    return incident
        return None

    def story(self, since):
        """The incidents opened after `since`, one line per event."""
        return "\n".join("%s %s %s %s: %s" % (event["time"], incident["target"], event["kind"], event.get("action", ""),
                                              event["text"][:300])
                         for incident in reversed(self.incidents()) if incident["opened_at"] >= since
                         for event in incident["events"])

    def started(self, container):
        return self.engine.docker("inspect", "-f", "{{.State.StartedAt}}", "%s_%s_1" % (PROJECT, container))

    def starts(self):
        return {slot: self.started(slot) for slot in SLOTS}

    def now(self):
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())

    # ---- breaking ---------------------------------------------------------------------------

    def request(self, container, port, method, path):
        """Sends a request from within a container to itself; returns "HTTP/1.1 200 OK", or "" without an answer."""
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
