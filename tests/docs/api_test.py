#!/usr/bin/env python3
"""docs/api.md against the running programs: endpoints, credentials, parameters, status codes, every field of answers.

    PROMHEAL_BINARIES=build/dev/bin tests/docs/api_test.py            compares
    PROMHEAL_BINARIES=build/dev/bin tests/docs/api_test.py --write    first refreshes what the examples print
"""

import contextlib
import http.client
import json
import os
import re
import resource
import shutil
import socket
import sys
import tempfile
import threading
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import api_document as document  # noqa: E402
import endpoints_test  # noqa: E402
import fake_prometheus  # noqa: E402
from fake_gateway import FakeGateway  # noqa: E402
from fake_prometheus import FakePrometheus  # noqa: E402
from programs import EXPORTER, PROGRAMS, WEBHOOK, Running, write  # noqa: E402
import real_parts  # noqa: E402

PORTS = {10180: EXPORTER, 10181: WEBHOOK}
# A reload that takes a minute, and a fault of ours.
NOT_PROVOKED = {("POST /-/reload", 504), ("", 500)}

CONFIGURATION = """
prometheus: {url: http://localhost:9090}
incidents: {collection_window: 0s}
budgets: {actions_in_flight: 5}
actions:
  restart: {command: {argv: ["true"]}}
  enlarge: {command: {argv: ["false"]}}
  throttle: {haproxy: {sockets: [@GATEWAY@], operation: throttle, percent: 40}}
policies:
  - name: anomalies
    match: {service: search}
    ladder: [{action: restart}]
    verify: &verify
      {settle: 0s, interval: 100ms, times: 1, timeout: 5m, conditions: [
        {name: share of slots up, query: 'service:up:ratio{service="{service}"}', expect: == 1}]}
  - name: latency
    mode: auto
    match: {service: orders}
    ladder: [{action: throttle, hold: {release: [20]}}]
    verify: *verify
  - name: crash
    mode: auto
    match: {service: payments}
    ladder:
      - {action: enlarge, requires: [{name: spare slots, query: 'spare{service="{service}"}', expect: "> 0"}]}
      - {action: restart}
    verify: *verify
  - name: errors
    mode: auto
    match: {service: auth}
    ladder: [{action: enlarge}]
    verify: *verify
  - name: elsewhere
    mode: auto
    match: {service: checkout}
    wait_for_platform: 1h
    ladder: [{action: restart}]
    verify: *verify
"""
EXPORTER_CONFIGURATION = """
interval: 500ms
evaluation_delay: 0s
features: [{name: load, expr: load}]
training: {window: 1m, warm_up: 15s, baseline: 15s, accept_after: 15s}
"""
SERVICES = {"orders": "latency", "payments": "crash", "auth": "errors", "checkout": "crash"}
SUMMARIES = {"latency": "A service is much slower than usual.", "crash": "Most slots of a service are down.",
             "errors": "Many requests to a service fail."}


class Shop(fake_prometheus.Api):
    """A Prometheus that knows one value of each service, whatever it is asked about it."""

    values = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(urllib.parse.parse_qsl(body))
        service = re.search(r'service="(\w+)"', fields["query"])
        result = []
        if service and service.group(1) in self.values and "time" in fields:
            result = [{"metric": {}, "value": [float(fields["time"]), self.values[service.group(1)]]}]
        kind = "vector" if "time" in fields else "matrix"
        self.answer(json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode())


def delivery(services, status="firing"):
    return json.dumps({"version": "4", "groupKey": "{}", "receiver": "healer", "truncatedAlerts": 0, "alerts": [{
        "status": status, "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z", "fingerprint": service,
        "generatorURL": "http://prometheus/", "annotations": {"summary": SUMMARIES[scenario]},
        "labels": {"alertname": "Service" + scenario.capitalize(), "service": service, "scenario": scenario,
                   "severity": "critical"}} for service, scenario in services.items()]}).encode()


class Fields:
    """Holds answers to the tables of the document, and notes which fields were there."""

    def __init__(self):
        self.objects, self.events = document.objects(), document.events()
        self.seen, self.kinds = set(), set()

    def check(self, value, kind, where):
        """`value` is of a type as the tables name it."""
        if kind.endswith(" or null"):
            if value is None:
                return
            kind = kind[:-len(" or null")]
        link = re.fullmatch(r"(list of )?\[[^\]]+\]\(#([\w-]+)\)", kind)
        if not link:
            assert document.SCALARS[kind](value), "%s: not of type %s: %r" % (where, kind, value)
        elif link.group(1):
            assert isinstance(value, list), "%s: not a list: %r" % (where, value)
            for item in value:
                self.check_object(item, link.group(2), where + "[]")
        else:
            self.check_object(value, link.group(2), where)

    def check_object(self, value, name, where):
        assert isinstance(value, dict), "%s: not an object: %r" % (where, value)
        fields = dict(self.objects[name])
        if name == "event":
            always, sometimes = self.events[value["kind"]]
            self.kinds.update((value["kind"], field) for field in value)
            fields.update({field: ("string", field in always, None) for field in always + sometimes})
        unknown = set(value) - set(fields)
        assert not unknown, "%s: not in docs/api.md: %s" % (where, unknown)
        for field, (kind, always, values) in fields.items():
            if field not in value:
                assert not always, "%s: '%s' is missing, but docs/api.md says always" % (where, field)
                continue
            self.seen.add((name, field))
            self.check(value[field], kind, "%s.%s" % (where, field))
            assert not values or value[field] in values, "%s.%s: %s" % (where, field, value[field])

    def missed(self):
        """Documented fields that no answer had."""
        fields = {(name, field) for name, object_fields in self.objects.items() for field in object_fields}
        kinds = {(kind, field) for kind, names in self.events.items() for field in names[0] + names[1]}
        return (fields - self.seen) | (kinds - self.kinds)


class Story:
    """Both programs, through everything that the document describes."""

    def __init__(self, folder):
        self.folder, self.fields = folder, Fields()
        self.endpoints = document.endpoints()
        self.statuses = set()  # (endpoint, status); "" for what any endpoint may answer.
        self.printed = {}  # What an example prints, by its block.
        self.ids = {}  # Of incidents, by service.
        self.running = {}

    def tell(self):
        with contextlib.ExitStack() as parts:
            prometheus, shop = FakePrometheus(), FakePrometheus(Shop)
            gateway = FakeGateway(self.folder)
            for stop in (prometheus.stop, shop.stop, gateway.server_close, gateway.shutdown):
                parts.callback(stop)
            self.running[WEBHOOK] = self.start(
                parts, WEBHOOK, CONFIGURATION.replace("@GATEWAY@", gateway.path), shop.url)
            slow = threading.Thread(target=self.send_half_a_body)
            slow.start()
            self.running[EXPORTER] = self.start(parts, EXPORTER, EXPORTER_CONFIGURATION, prometheus.url)
            self.incidents()
            self.orders()
            self.endings()
            self.pages()
            slow.join()
            self.closing()

    def start(self, parts, program, configuration, prometheus):
        running = Running(program, self.folder, configuration, "--web.enable-lifecycle", *(
            ["--web.allow-unauthenticated"] if program == WEBHOOK else []), prometheus=prometheus)
        parts.callback(running.stop)
        return running

    def ask(self, endpoint, query="", body=None, expected=200, program=WEBHOOK, headers=None, method=None):
        """The answer of the endpoint; its status is noted, and its fields are checked."""
        path = endpoint.split()[1] + query
        data = body if body is not None else b"" if endpoint.startswith("POST") else None
        status, text, _ = self.running[program].get(path.replace("/ID", "/" + self.ids.get("search", "none")),
                                                    data=data, headers=headers or {})
        assert status == expected, "%s%s: %d: %s" % (endpoint, query, status, text)
        self.note(endpoint, status, text)
        return text

    def note(self, endpoint, status, text):
        self.statuses.add((endpoint, status))
        if status != 200 or not text.startswith("{"):
            return
        kind = document.anchor("Answer to an order") if "reason" in document.names(
            self.endpoints[endpoint], "Parameter") else document.anchor("`%s`" % endpoint)
        if endpoint == "GET /api/v1/incidents/ID":
            kind = "incident"
        self.fields.check_object(json.loads(text), kind, endpoint)

    def example(self, endpoint, service="search", program=WEBHOOK):
        """Carries out the example of the endpoint for the program, about the incident of the service."""
        for example in document.examples(self.endpoints[endpoint]):
            port, path, body = example.request()
            if PORTS[port] != program:
                continue
            path = re.sub(r"(/api/v1/incidents/)[^/?]+", lambda m: m.group(1) + self.ids[service], path)
            status, text, _ = self.running[program].get(path, data=body)
            assert status == 200, "%s: %d: %s" % (example.command, status, text)
            self.note(endpoint, status, text)
            command = re.sub(r"(/api/v1/incidents/)[^/?\s\"]+",
                             lambda m: m.group(1) + self.ids[service], example.command)
            shown = example.shown(text).replace(self.folder, "/run/haproxy")
            self.printed[example.block] = (endpoint, example, "%s\n%s\n" % (command, shown))

    def incidents_now(self):
        """{service: its newest incident}; open ones come first."""
        found = {}
        for incident in json.loads(self.ask("GET /api/v1/incidents"))["incidents"]:
            found.setdefault(incident["target"]["service"], incident)
        return found

    def wait_for(self, service, what, condition):
        def holds():
            incident = self.incidents_now().get(service)
            return incident is not None and condition(incident)
        real_parts.wait_until(holds, 15, "%s %s" % (service, what), every=0.02)

    def incidents(self):
        Shop.values.update({service: "0" for service in (*SERVICES, "search")})
        self.example("POST /api/v1/alerts")
        self.wait_for("search", "is only watched", lambda incident: incident["state"] == "watching")
        self.example("GET /api/v1/incidents")
        self.ask("POST /api/v1/alerts", body=delivery(SERVICES))
        self.wait_for("checkout", "has an incident", lambda incident: True)
        self.ids = {service: incident["id"] for service, incident in self.incidents_now().items()}
        self.wait_for("auth", "has tried in vain", lambda incident: incident["state"] == "escalated")
        self.wait_for("checkout", "waits", lambda incident: "until" in incident["last_decision"])
        self.wait_for("payments", "was restarted", lambda incident: incident["state"] == "verifying")
        self.wait_for("orders", "is throttled", lambda incident: any(
            held["state"] == "in_force" for held in incident["overrides"]))
        self.example("GET /api/v1/incidents/ID", "orders")
        self.ask("GET /api/v1/incidents", "?state=closed")
        self.ask("GET /api/v1/incidents", "?state=shut", expected=400)
        self.ids, known = {}, self.ids
        self.ask("GET /api/v1/incidents/ID", expected=404)
        self.ids = known

    def orders(self):
        self.example("POST /-/pause")
        assert not json.loads(self.ask("POST /-/pause"))["changed"]
        self.example("POST /api/v1/targets/freeze")
        self.example("GET /api/v1/control")
        self.example("POST /api/v1/targets/unfreeze")
        self.example("POST /-/resume")
        for endpoint, text in self.endpoints.items():
            if "reason" not in document.names(text, "Parameter"):
                continue
            told = self.ask(endpoint, "?nonsense=1", expected=400)
            known = set(re.fullmatch(r"unknown parameter 'nonsense': expected (.*)\n", told).group(1).split(", "))
            assert known == set(document.names(text, "Parameter")), "%s takes %s" % (endpoint, known)
            self.ask(endpoint, expected=403, headers={"Origin": "http://elsewhere.example.com"})
        self.ask("POST /api/v1/overrides/release", "?incident=none", expected=404)
        self.ids, known = {}, self.ids
        self.ask("POST /api/v1/incidents/ID/false-alarm", expected=404)
        self.ids = known

    def endings(self):
        self.example("POST /api/v1/overrides/release")
        self.wait_for("orders", "is not throttled any more", lambda incident: not incident["overrides"])
        Shop.values["payments"] = "1"
        self.ask("POST /api/v1/alerts", body=delivery({"payments": "crash"}, "resolved"))
        self.wait_for("payments", "was healed", lambda incident: incident.get("outcome") == "healed")
        self.example("POST /api/v1/incidents/ID/false-alarm")
        assert not json.loads(self.ask("POST /api/v1/incidents/ID/false-alarm"))["changed"]
        self.ask("GET /api/v1/incidents/ID")

    def pages(self):
        real_parts.wait_until(lambda: self.running[EXPORTER].get("/-/ready")[0] == 200, 30, "Prometheus answers")
        for endpoint in self.endpoints:
            if not endpoint.startswith("POST"):
                for program in PROGRAMS:
                    if not endpoint.startswith("GET /api"):
                        self.example(endpoint, program=program)
        for program in PROGRAMS:
            self.example("POST /-/reload", program=program)
            write(self.folder, program + ".yml", "nonsense: 1\n")
            self.ask("POST /-/reload", expected=500, program=program)
        self.refusals()

    def refusals(self):
        """Payloads that lack something, and status codes that any endpoint may answer with."""
        fields = document.names(self.endpoints["POST /api/v1/alerts"], "Field of the payload")
        for field, (_, needed, _) in fields.items():
            payload = json.loads(delivery({"spare": "crash"}))
            outer, _, inner = field.partition("[].")
            del (payload[outer][0] if inner else payload)[inner or outer]
            self.ask("POST /api/v1/alerts", body=json.dumps(payload).encode(),
                     expected=400 if needed == "yes" else 200)
        webhook = self.running[WEBHOOK]
        for path, options, status in (("/%zz", {}, 400), ("/none", {}, 404), ("/config", {"data": b""}, 405),
                                      ("/-/pause", {"data": b" " * (4 << 20 | 1)}, 413)):
            assert webhook.get(path, **options)[0] == status, path
            self.statuses.add(("", status))

    def send_half_a_body(self):
        """A body that never ends is given up after five seconds."""
        host, port = self.running[WEBHOOK].url[len("http://"):].split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b"POST /-/resume HTTP/1.1\r\nHost: healer\r\nContent-Length: 9\r\n\r\n{")
            self.statuses.add(("", int(connection.recv(99).split()[1])))

    def closing(self):
        endpoint = "POST /-/quit"
        try:
            self.example(endpoint)
        except (http.client.HTTPException, OSError):  # The program was quicker than its answer.
            self.statuses.add((endpoint, 200))
            (example,) = document.examples(self.endpoints[endpoint])
            self.printed[example.block] = (endpoint, example, example.block)
        assert self.running[WEBHOOK].process.child.wait(20) == 0


class ApiTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-api-")
        self.addCleanup(shutil.rmtree, self.folder)

    def test_what_programs_answer_is_documented_and_what_is_documented_is_answered(self):
        story = Story(self.folder)
        story.tell()
        story.statuses |= self.without_leave() | self.without_prometheus() | self.without_disk()
        self.assertEqual(set(), story.fields.missed(), "documented, but in no answer")
        documented = {(endpoint, int(status)) for endpoint, text in story.endpoints.items()
                      for status, _ in document.rows(text, "Status")}
        common = {("", int(status)) for status, _ in document.rows(
            document.sections()["Rules for every endpoint"], "Status")}
        self.assertEqual(documented | common, story.statuses | NOT_PROVOKED)
        self.examples_are_up_to_date(story)

    def start(self, program, *flags):
        # Beyond a limit of a file's size a write fails, where a signal is ignored that would end the program.
        running = Running(program, tempfile.mkdtemp(dir=self.folder), "{}\n", *flags, restore_signals=False)
        self.addCleanup(running.stop)
        return running

    def without_leave(self):
        """What is refused without flags and without credentials."""
        statuses = set()
        for program in PROGRAMS:
            running = self.start(program)
            for path in ("/-/reload", "/-/quit"):
                statuses.add(("POST " + path, running.get(path, data=b"")[0]))
            if program == WEBHOOK:
                statuses.add(("", running.get("/-/pause", data=b"")[0]))
        return statuses

    def without_prometheus(self):
        return {("GET /-/ready", self.start(EXPORTER).get("/-/ready")[0])}

    def without_disk(self):
        """A healer that may not write into files any longer."""
        webhook = self.start(WEBHOOK, "--web.allow-unauthenticated")
        pid = webhook.process.child.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        statuses = {("POST /api/v1/alerts", webhook.get("/api/v1/alerts", data=delivery(SERVICES))[0])}
        statuses |= {(endpoint, webhook.get(endpoint.split()[1] + query, data=b"")[0]) for endpoint, query in (
            ("POST /-/pause", ""), ("POST /-/resume", ""), ("POST /api/v1/targets/freeze", "?target=service=a"),
            ("POST /api/v1/targets/unfreeze", "?target=service=a"), ("POST /api/v1/overrides/release", "?all=true"),
            ("POST /api/v1/incidents/ID/false-alarm", ""))}
        return statuses | {("GET /-/ready", webhook.get("/-/ready")[0])}

    def examples_are_up_to_date(self, story):
        every = [example for text in story.endpoints.values() for example in document.examples(text)]
        self.assertEqual({example.block for example in every}, set(story.printed), "examples that were not tried")
        text = document.read()
        if "--write" in ARGUMENTS:
            for block, (_, _, printed) in story.printed.items():
                text = text.replace(block, printed)
            with open(document.PATH, "w", encoding="utf-8") as file:
                file.write(text)
            return
        for endpoint, example, printed in story.printed.values():
            with self.subTest(endpoint, command=example.command):
                if example.printed.startswith("{"):
                    story.note(endpoint, 200, json.dumps(json.loads(example.printed)))
                else:
                    self.assertEqual(without_numbers(printed), without_numbers(example.block),
                                     "tests/docs/api_test.py --write")

    def test_the_overview_is_the_table_of_endpoints(self):
        overview = {(re.search(r"`(.*?)`", endpoint).group(1), who, credentials)
                    for endpoint, who, credentials, _ in document.rows(document.sections()["Overview"], "Endpoint")}
        said = {("%s %s" % (method, path.replace("none", "ID")), program, credentials) for program in PROGRAMS
                for method, path, credentials in endpoints_test.endpoints(program)}
        both = {(endpoint, "both", credentials) for endpoint, who, credentials in said
                if who == EXPORTER and (endpoint, WEBHOOK, credentials) in said}
        self.assertEqual(both | {row for row in said if (row[0], "both", row[2]) not in both}, overview)
        self.assertEqual({row[0] for row in overview}, set(document.endpoints()))

    def test_values_that_are_listed_stand_in_the_sources(self):
        sources = ""
        for folder, _, files in os.walk(os.path.join(real_parts.REPOSITORY, "webhook")):
            for name in files:
                if name.endswith(".cc"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        sources += file.read()
        for name, fields in document.objects().items():
            for field, (_, _, values) in fields.items():
                for value in values or []:
                    with self.subTest("%s.%s" % (name, field), value=value):
                        self.assertTrue('"%s"' % value in sources)


def without_numbers(text):
    return re.sub(r"\d+", "0", text).rstrip("\n")


ARGUMENTS = [word for word in sys.argv[1:] if word == "--write"]

if __name__ == "__main__":
    sys.argv = [word for word in sys.argv if word != "--write"]
    real_parts.main()
