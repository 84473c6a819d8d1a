"""The chain for a test of deliveries, made of real parts: services that the test breaks and restarts, a Prometheus
that scrapes them, Alertmanagers, and healing_webhook. The test itself sends alerts to Alertmanager, as Prometheus
would, so that it controls the time; everything else is as in production, only faster."""

import datetime
import http.server
import json
import os
import shutil
import tempfile
import threading
import urllib.request

import real_parts
from real_parts import http as fetch, wait_until

HEALING = """
incidents: {collection_window: 300ms}
alerts: {reorder_tolerance: 1s}
budgets:
  actions_in_flight: 16
  actions_per_hour: 10000
  actions_per_hour_per_group: 10000
  storm: {incidents: 100000}
actions:
  restart:
    timeout: 5s
    command:
      argv: [sh, -c, 'echo "$1" >> @/restarts; sleep "$(cat @/delay)"; rm -f "@/broken/$1"', restart, "{service}"]
      observe: {argv: [sh, -c, 'test ! -e "@/broken/$1"', observe, "{service}"], tells_by: exit_status}
policies:
  - name: crash
    mode: auto
    match: {scenario: crash}
    ladder: [{action: restart, attempts: 2, cooldown: 2s}]
    verify:
      settle: 0s
      interval: 200ms
      times: 3
      timeout: 20s
      conditions: [{query: 'service_healthy{service="{service}"}', expect: "== 1"}]
"""

PROMETHEUS = """
global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs:
  - job_name: services
    static_configs: [{targets: ["127.0.0.1:%d"]}]
"""

TOKEN = "not-a-secret-0123456789"

# Added if the healer also asks Alertmanager for its alerts.
READING = """
alertmanager: {url: "http://127.0.0.1:%d", interval: 1s, timeout: 900ms}
"""

ALERTMANAGER = """
route:
  receiver: healing_webhook
  group_by: [%s]
  group_wait: %s
  group_interval: %s
  repeat_interval: %s
receivers:
  - name: healing_webhook
    webhook_configs:
      - url: "http://127.0.0.1:%d/api/v1/alerts"
        send_resolved: true
        max_alerts: %d
        http_config: {authorization: {credentials_file: %s}}
"""


def answers(url):
    try:
        return fetch(url, timeout=5)[0] == 200
    except OSError:
        return False


def time_text(seconds_ago=0.0):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now - datetime.timedelta(seconds=seconds_ago)).isoformat()


class Services:
    """Healthy until broken; a restart heals. Served to Prometheus as service_healthy{service=NAME}."""

    def __init__(self, folder, names):
        self.folder = folder
        os.makedirs(os.path.join(folder, "broken"))
        self.set_restart_time(0)
        services = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                lines = ['service_healthy{service="%s"} %d\n' % (name, services.is_healthy(name)) for name in names]
                body = "".join(["# TYPE service_healthy gauge\n"] + lines).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def path(self, name):
        return os.path.join(self.folder, "broken", name)

    def is_healthy(self, name):
        return not os.path.exists(self.path(name))

    def break_(self, *names):
        for name in names:
            with open(self.path(name), "w", encoding="utf-8"):
                pass

    def set_restart_time(self, seconds):
        with open(os.path.join(self.folder, "delay"), "w", encoding="utf-8") as file:
            file.write("%g" % seconds)

    def restarts(self):
        """The names of restarted services, in the order of the restarts."""
        try:
            with open(os.path.join(self.folder, "restarts"), encoding="utf-8") as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Part:
    """A program with its own address that can be killed and started again on the same data."""

    def __init__(self, chain, name, arguments, ready="/-/ready"):
        self.port, self.process, self.chain, self.name = real_parts.free_ports(1)[0], None, chain, name
        self.url = "http://127.0.0.1:%d" % self.port
        self.arguments, self.ready = arguments, ready

    def start(self):
        self.process = real_parts.Process(
            [argument.replace("@PORT", str(self.port)) for argument in self.arguments],
            os.path.join(self.chain.folder, self.name + ".log"))
        try:
            wait_until(lambda: self.ended() or answers(self.url + self.ready), 30, self.name + " is ready")
            if self.ended():
                raise AssertionError(self.name + " has ended")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, self.process.log())) from error
        return self

    def ended(self):
        return self.process.child.poll() is not None

    def kill(self):
        """kill -9."""
        self.process.child.kill()
        self.process.child.wait()

    def stop(self):
        if self.process:
            self.process.stop()


class Alertmanager(Part):
    """`cluster` holds the flags of a cluster member; without it the Alertmanager is alone."""

    def __init__(self, chain, name="alertmanager", group_by="service", group_wait="200ms", group_interval="2s",
                 repeat_interval="3s", max_alerts=0, cluster=None):
        config = os.path.join(chain.folder, name + ".yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(ALERTMANAGER % (group_by, group_wait, group_interval, repeat_interval, chain.healer.port, max_alerts,
                                       chain.token_file))
        super().__init__(chain, name, [
            real_parts.find_tool("alertmanager"), "--config.file=" + config,
            "--storage.path=" + os.path.join(chain.folder, name), "--web.listen-address=127.0.0.1:@PORT",
        ] + (cluster or ["--cluster.listen-address="]))
        if not cluster:
            self.port = chain.alertmanager_port
            self.url = "http://127.0.0.1:%d" % self.port

    def post(self, path, body):
        status, answer, _ = fetch(self.url + path, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
        if status != 200:
            raise AssertionError("Alertmanager says %d: %s" % (status, answer))
        return json.loads(answer) if answer else None

    def say(self, *services, resolved=False, started_ago=1.0, name="Crash"):
        """One alert for each service, as Prometheus sends them: again and again while it fires."""
        self.post("/api/v2/alerts", [
            {"labels": {"alertname": name, "service": service, "scenario": "crash", "healing": "promheal"},
             "startsAt": time_text(started_ago), "endsAt": time_text(0 if resolved else -300)}
            for service in services])

    def silence(self, service):
        """Silences all alerts of the service; returns the silence's id."""
        return self.post("/api/v2/silences", {
            "matchers": [{"name": "service", "value": service, "isRegex": False, "isEqual": True}],
            "startsAt": time_text(), "endsAt": time_text(-600), "createdBy": "test", "comment": "works on it"})["silenceID"]

    def end_silence(self, silence):
        request = urllib.request.Request(self.url + "/api/v2/silence/" + silence, method="DELETE")
        urllib.request.urlopen(request, timeout=10).close()


class AlertChain:
    """All parts except Alertmanagers, which tests start as they need them. close() leaves nothing behind."""

    def __init__(self, names, healing=HEALING, reads_alertmanager=False):
        """Raises MissingTool before anything is started."""
        prometheus = real_parts.find_tool("prometheus")
        real_parts.find_tool("alertmanager")
        self.folder = tempfile.mkdtemp(prefix="promheal-chain-")
        self.parts = []
        self.services = Services(self.folder, names)
        prometheus_config = self.write("prometheus.yml", PROMETHEUS % self.services.port)
        self.prometheus = self.add(Part(self, "prometheus", [
            prometheus, "--config.file=" + prometheus_config,
            "--storage.tsdb.path=" + os.path.join(self.folder, "prometheus"), "--web.listen-address=127.0.0.1:@PORT",
            "--log.level=warn"]))
        self.alertmanager_port = real_parts.free_ports(1)[0]
        self.token_file = self.write("token", TOKEN + "\n")
        web_config = self.write("web.yml", "bearer_token_files: {alertmanager: %s}\n" % self.token_file)
        healing = healing.replace("@", self.folder)
        if reads_alertmanager:
            healing += READING % self.alertmanager_port
        healing_config = self.write("healing.yml", healing)
        self.healer = self.add(Part(self, "healing_webhook", [
            os.path.join(os.environ["PROMHEAL_BINARIES"], "healing_webhook"), "--config.file=" + healing_config,
            "--storage.path=" + os.path.join(self.folder, "ledger"), "--web.listen-address=127.0.0.1:@PORT",
            "--web.config.file=" + web_config, "--prometheus.url=" + self.prometheus.url]))

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def add(self, part):
        self.parts.append(part)
        return part

    def start(self):
        for part in (self.prometheus, self.healer):
            part.start()
        return self

    def incidents(self, service=None):
        """The incidents of one service or of all, the latest first."""
        found = json.loads(fetch(self.healer.url + "/api/v1/incidents")[1])["incidents"]
        return [incident for incident in found if service in (None, incident["target"].get("service"))]

    def verdicts(self, service):
        """The verdicts of all actions on the service, the latest incident first."""
        return [event["verdict"] for incident in self.incidents(service) for event in incident["events"]
                if event["kind"] == "verdict"]

    def wait_until_healed(self, *services, times=1, seconds=30):
        """Waits until an action has healed each service. Incidents stay open until their alerts are resolved."""
        wait_until(lambda: all(self.verdicts(service) == ["healed"] * times for service in services), seconds,
                   "%s healed" % " and ".join(services), every=0.1)

    def wait_until_closed(self, *services, outcome="healed", times=1, seconds=30):
        wait_until(lambda: all([incident.get("outcome") for incident in self.incidents(service)] == [outcome] * times
                               for service in services), seconds,
                   "the incidents of %s end as %s" % (" and ".join(services), outcome), every=0.1)

    def metric(self, name):
        """The sum over all series of one of the healer's metrics."""
        lines = fetch(self.healer.url + "/metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith((name + " ", name + "{")))

    def close(self, keep=False):
        for part in reversed(self.parts):
            part.stop()
        self.services.close()
        if not keep:
            shutil.rmtree(self.folder)
