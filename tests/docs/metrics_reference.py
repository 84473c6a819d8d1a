#!/usr/bin/env python3
"""Writes docs/metrics.md from the metrics of the running programs.

    PROMHEAL_BINARIES=build/dev/bin tests/docs/metrics_reference.py            writes it
    PROMHEAL_BINARIES=build/dev/bin tests/docs/metrics_reference.py --check    prints differences

Each program is scraped twice. The first scrape, right after the start and without Prometheus, shows the metrics
that are always exposed. The second comes later, with a stand-in for Prometheus, a model, and an incident that no
action helped. Metrics that only the sources name are listed as "not yet".
"""

import difflib
import glob
import json
import os
import re
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_prometheus import FakePrometheus  # noqa: E402
from fake_gateway import FakeGateway  # noqa: E402
from programs import EXPORTER, PROGRAMS, WEBHOOK, Running  # noqa: E402
from real_parts import REPOSITORY, wait_until  # noqa: E402

REFERENCE = os.path.join(REPOSITORY, "docs", "metrics.md")

EXPORTER_CONFIGURATION = """
interval: 500ms
evaluation_delay: 0s
replica: a
presets: [red, resources, logs, availability]
training: {window: 1m, warm_up: 15s, baseline: 15s, accept_after: 15s}
series: {features_above_score: 0}
"""

WEBHOOK_CONFIGURATION = """
incidents: {collection_window: 0s}
actions:
  try: {command: {argv: ["true"]}}
  throttle: {haproxy: {sockets: [@GATEWAY@], operation: throttle, percent: 40}}
maintenance:
  - name: deploys
    match: {service: nobody}
    time_intervals: [{years: ["2026:2030"]}]
policies:
  - name: holds
    mode: auto
    match: {service: held}
    ladder: [{action: throttle}]
    verify:
      {settle: 0s, interval: 100ms, times: 1, timeout: 5m, conditions: [{query: broken, expect: == 1}]}
  - name: breaks
    mode: auto
    ladder: [{action: try}]
    verify:
      {settle: 0s, interval: 100ms, times: 1, timeout: 200ms, conditions: [{query: broken, expect: == 1}]}
"""

ALERTS = {"version": "4", "alerts": [{
    "status": "firing", "startsAt": "2026-01-01T00:00:00Z", "fingerprint": service,
    "labels": {"alertname": "Broken", "service": service, "scenario": "errors"}} for service in ("checkout", "held")]}

GROUPS = [
    ("## anomaly_exporter", ""),
    ("### Scores", r"anomaly_(?!exporter_|feature_(?!coverage))\w+"),
    ("### Features", r"anomaly_feature_\w+"),
    ("### The exporter itself", r"anomaly_exporter_\w+"),
    ("## healing_webhook", ""),
    ("### Incidents and actions", r"healing_(?!webhook_)\w+"),
    ("### The webhook itself", r"healing_webhook_\w+"),
    ("## Both programs", r"process_\w+"),
]

HEAD = """# Metrics

This page lists every metric of both programs. `tests/docs/metrics_reference.py` writes it from the running
programs; a test holds the two together. "target" stands for the labels that name a target, by default `service`:
`target_labels` of `exporter.yml`, `targets.labels` of `healing.yml`. Scrape both programs with
`honor_labels: true`, or Prometheus renames these labels.

The column "Exposed": *always* means from the start, even without data. *With data* means only while the metric
has a value. *Not yet* means that rules may rely on the name, but no program sets it today. After a label stand
the values that exist from the start, at 0.
"""


class Family:
    """One metric as it was scraped."""

    def __init__(self, name, kind="untyped", meaning=""):
        self.name, self.kind, self.meaning = name, kind, meaning
        self.labels = {}  # Name -> values, in order.
        self.exposed = "always"


def parse(text):
    """{name: Family} of a scrape."""
    families = {}
    for line in text.splitlines():
        if line.startswith("# "):
            word, name, rest = line[2:].split(" ", 2)
            family = families.setdefault(name, Family(name))
            if word == "HELP":
                family.meaning = rest
            else:
                family.kind = rest
            continue
        name, labels = re.match(r"(\w+)(?:{(.*)})? ", line).groups()
        family = families.get(name) or families[re.sub(r"_(bucket|sum|count)$", "", name)]
        for label, value in re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""):
            values = family.labels.setdefault(label, [])
            if value not in values:
                values.append(value)
    return families


def scrape(running):
    status, text, _ = running.get("/metrics")
    assert status == 200, text
    return parse(text)


def fresh(program, folder):
    running = Running(program, folder, "{}\n")
    try:
        if program == WEBHOOK:  # It answers before its healer has taken the first step.
            wait_until(lambda: "healing_budget_left" in scrape(running), 30, "the healer has begun")
        return scrape(running)
    finally:
        running.stop()


def watching_exporter(folder, prometheus):
    running = Running(EXPORTER, folder, EXPORTER_CONFIGURATION, prometheus=prometheus)
    try:
        wait_until(lambda: "anomaly_feature_contribution_ratio" in scrape(running), 75, "features are shown")
        return scrape(running)
    finally:
        running.stop()


def busy_webhook(folder, prometheus):
    gateway = FakeGateway(folder)
    running = Running(WEBHOOK, folder, WEBHOOK_CONFIGURATION.replace("@GATEWAY@", gateway.path),
                      "--web.allow-unauthenticated", prometheus=prometheus)
    try:
        status, body, _ = running.get("/api/v1/alerts", data=json.dumps(ALERTS).encode())
        assert status == 200, body
        for name, what in (("healing_target_frozen", "the action did not help"), ("healing_override_active", "it holds"),
                           ("healing_override_orphaned", "it finds an orphan")):
            wait_until(lambda name=name: name in scrape(running), 30, what)
        status, body, _ = running.get("/api/v1/incidents?state=open")
        assert status == 200, body
        status, body, _ = running.get("/api/v1/incidents/%s/false-alarm" % json.loads(body)["incidents"][0]["id"],
                                      data=b"{}")
        assert status == 200, body
        return scrape(running)
    finally:
        running.stop()
        gateway.shutdown()


def named_in_sources():
    """Families that sources name together with their HELP."""
    text = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
    found = {}
    for folder in ("exporter", "webhook"):
        for path in glob.glob(os.path.join(REPOSITORY, folder, "**", "*.cc"), recursive=True):
            with open(path, encoding="utf-8") as file:
                source = file.read()
            for name, meaning in re.findall(r'"((?:anomaly|healing)_\w+)",\s*' + text, source):
                found[name] = Family(name, "", "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', meaning)))
    return found


def collect():
    """Every family, and whether it is exposed always, with data, or not yet."""
    folder = tempfile.mkdtemp(prefix="promheal-metrics-")
    prometheus = FakePrometheus()
    try:
        families, with_data = {}, {}
        for program in PROGRAMS:
            families.update(fresh(program, folder))
        with_data.update(watching_exporter(folder, prometheus.url))
        with_data.update(busy_webhook(folder, prometheus.url))
    finally:
        prometheus.stop()
        shutil.rmtree(folder)
    for exposed, more in (("with data", with_data), ("not yet", named_in_sources())):
        for name, family in more.items():
            if name not in families:
                family.exposed = exposed
                if exposed == "with data":
                    family.labels = {label: [] for label in family.labels}  # The values seen are only examples.
                families[name] = family
    return families


def labels_cell(family):
    cells = []
    for label, values in sorted(family.labels.items(), key=lambda item: item[0] != "service"):
        if label == "service":
            cells.append("target")
        elif label == "le":
            continue
        elif len(values) > 1:
            cells.append("`%s`: %s" % (label, ", ".join(sorted(values))))
        else:
            cells.append("`%s`" % label)
    return "; ".join(cells)


def meaning_cell(family):
    meaning = family.meaning.replace("\\\\", "\\").replace("|", "\\|").replace("<", "&lt;")
    bounds = [bound for bound in family.labels.get("le", []) if bound != "+Inf"]
    return meaning + (" Buckets: %s." % ", ".join(bounds) if bounds else "")


def render(families):
    lines, left = [HEAD], dict(families)
    for heading, pattern in GROUPS:
        lines.append(heading + "\n")
        names = sorted(name for name in left if pattern and re.fullmatch(pattern, name))
        if not names:
            continue
        lines += ["| Metric | Type | Labels | Exposed | |", "|---|---|---|---|---|"]
        for name in names:
            family = left.pop(name)
            lines.append("| `%s` | %s | %s | %s | %s |" % (name, family.kind, labels_cell(family), family.exposed,
                                                          meaning_cell(family)))
        lines.append("")
    assert not left, "in no group: %s" % sorted(left)
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments):
    text = render(collect())
    if arguments == ["--check"]:
        with open(REFERENCE, encoding="utf-8") as file:
            difference = list(difflib.unified_diff(file.read().splitlines(), text.splitlines(), "docs/metrics.md",
                                                   "the programs", lineterm="", n=0))
        print("\n".join(difference) or "docs/metrics.md is up to date")
        if difference:
            print("run tests/docs/metrics_reference.py")
        return 1 if difference else 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    with open(REFERENCE, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
