"""One scenario against the running stack: inject, watch, judge.

A scenario is a TOML file under tests/scenarios. What is watched comes from the same places where a
user would look: Prometheus (scores, alerts), the webhook's /api/v1/incidents, the client's metrics.
"""
import calendar
import time
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

POLL_SECONDS = 0.5
WARM_UP_LIMIT_SECONDS = 120
SHOWN_EVENTS = ("decision", "intent", "action", "verification", "verdict", "closed")


@dataclass
class Scenario:
    name: str
    title: str
    story: str
    fault: dict
    expect: dict
    load: str = ""
    watch_seconds: int = 0
    long: bool = False


@dataclass
class Outcome:
    """What was seen. Times are seconds since the fault; None where it never came."""
    alerts: dict = field(default_factory=dict)          # (alertname, service) -> seconds to firing
    actions: list = field(default_factory=list)         # (action, service) in order
    first_action: float | None = None
    recovered: float | None = None                      # verified by data
    incident_outcome: str = ""
    restarted: list = field(default_factory=list)       # programs whose pid changed
    lost: int = 0                                       # requests that failed, as the client saw it
    misses: list = field(default_factory=list)          # what did not hold, a sentence each

    def seconds_to_alert(self):
        return min(self.alerts.values(), default=None)


def load_scenarios(directory):
    scenarios = {}
    for path in sorted(Path(directory).glob("*.toml")):
        with path.open("rb") as file:
            data = tomllib.load(file)
        scenarios[path.stem] = Scenario(
            name=path.stem, title=data["title"], story=data["story"], fault=data.get("fault", {}),
            expect=data["expect"], load=data.get("load", ""),
            watch_seconds=data.get("watch_seconds", 0), long=data.get("long", False))
    return scenarios


class Runner:
    """Runs one scenario on a started stack and tells it to a timeline."""

    def __init__(self, stack, scenario, timeline):
        self._stack = stack
        self._scenario = scenario
        self._timeline = timeline
        self._outcome = Outcome()
        self._seen_events = set()
        self._scored = set()
        self._last_data = {}                             # incident -> what its data said last
        self._zero = 0.0

    def run(self):
        known = {incident["id"] for incident in self._incidents()}
        before = self._pids()
        lost_before = self._lost_requests()
        self._zero = time.time()
        self._timeline.start(self._zero)
        self._inject()
        self._watch(known)
        self._outcome.lost = self._lost_requests() - lost_before
        after = self._pids()
        self._outcome.restarted = sorted(n for n, pid in after.items() if before.get(n) != pid)
        self._judge()
        return self._outcome

    # ---- steps -------------------------------------------------------------------------------

    def _inject(self):
        fault = self._scenario.fault
        if not fault:
            self._timeline.event("users", "traffic goes on; nothing is broken")
            return
        path = f"/{fault['service']}/fault?{fault['query']}"
        try:
            with urllib.request.urlopen(urllib.request.Request(
                    self._stack.url("gateway", path), method="POST"), timeout=5) as response:
                answer = f"{response.status}"
        except urllib.error.HTTPError as error:
            answer = f"{error.code}"
        except OSError as error:
            answer = str(error)
        self._timeline.event("fault", f"POST {self._stack.url('gateway', path)} -> {answer}")

    def _watch(self, known):
        expect = self._scenario.expect
        limit = self._scenario.watch_seconds or expect.get("recover_within_seconds", 60) + 30
        while time.time() - self._zero < limit:
            self._watch_scores()
            self._watch_alerts()
            closed = self._watch_incidents(known)
            if closed and not self._scenario.watch_seconds:
                return
            time.sleep(POLL_SECONDS)

    def _watch_scores(self):
        for labels, value in self._stack.query("max without (job, instance, replica) (anomaly_score) > 1"):
            service = labels.get("service", "?")
            if service in self._scored:
                continue
            self._scored.add(service)
            top = self._stack.query(
                f'topk(1, max by (feature) (anomaly_feature_contribution_ratio{{service="{service}"}}))')
            cause = f", mostly because of {top[0][0]['feature']} ({top[0][1]:.0%})" if top else ""
            self._timeline.event("score", f"{service}: anomaly score {value:.1f} (1 is the threshold){cause}")

    def _watch_alerts(self):
        answer = self._stack.get_json("prometheus", "/api/v1/alerts")
        for alert in (answer or {}).get("data", {}).get("alerts", []):
            labels = alert["labels"]
            key = (labels["alertname"], labels.get("service", ""))
            if alert["state"] != "firing" or labels.get("healing") != "promheal" or key in self._outcome.alerts:
                continue
            seconds = time.time() - self._zero
            self._outcome.alerts[key] = seconds
            summary = alert["annotations"].get("summary", "")
            self._timeline.event("alert", f"{key[0]} fires for {key[1]}: {summary}")

    def _watch_incidents(self, known):
        """Tells what is new; returns whether an incident of this run is closed and none is open."""
        closed = opened = 0
        for incident in self._incidents():
            if incident["id"] in known:
                continue
            for event in incident["events"]:
                self._tell(incident, event)
            if incident.get("outcome"):
                closed += 1
                self._outcome.incident_outcome = incident["outcome"]
            else:
                opened += 1
        return closed > 0 and opened == 0

    def _tell(self, incident, event):
        key = (incident["id"], event["time"], event["kind"], event["text"])
        if key in self._seen_events:
            return
        self._seen_events.add(key)
        at = unix_seconds(event["time"])
        service = incident["target"].get("service", "?")
        if event["kind"] == "intent":
            self._outcome.actions.append((event.get("action", "?"), service))
            if self._outcome.first_action is None:
                self._outcome.first_action = at - self._zero
        if event["kind"] == "verdict":
            self._outcome.recovered = at - self._zero
        if event["kind"] in SHOWN_EVENTS and not self._is_repeated_verification(incident, event):
            # The target stands in front already.
            text = event["text"].replace(f'{{service="{service}"}}', "")
            self._timeline.event(event["kind"], f"{service}: {text}", at)

    def _is_repeated_verification(self, incident, event):
        """Whether data say just what they said the last time."""
        if event["kind"] != "verification":
            return False
        repeated = self._last_data.get(incident["id"]) == event["data"]
        self._last_data[incident["id"]] = event["data"]
        return repeated

    # ---- judging -----------------------------------------------------------------------------

    def _judge(self):
        expect, outcome = self._scenario.expect, self._outcome
        service = expect.get("service", "")
        miss = outcome.misses.append
        for name in expect["alerts"]:
            if (name, service) not in outcome.alerts:
                miss(f"the alert {name} did not fire for {service}")
        if not expect["alerts"] and outcome.alerts:
            miss("alerts fired: " + ", ".join(f"{n} for {s}" for n, s in outcome.alerts))
        wanted = [(action, service) for action in expect["actions"]]
        if outcome.actions != wanted:
            miss(f"actions were {outcome.actions}, expected {wanted}")
        if expect.get("outcome", "") != outcome.incident_outcome:
            miss(f"the incident ended as '{outcome.incident_outcome}', expected '{expect.get('outcome', '')}'")
        self._judge_time("the first action", outcome.first_action, expect.get("act_within_seconds"))
        self._judge_time("the recovery", outcome.recovered, expect.get("recover_within_seconds"))
        restarts = sum(action == "restart" for action in expect["actions"])
        strangers = [name for name in outcome.restarted if not name.startswith(f"{service}-")]
        if strangers or (restarts == 0 and outcome.restarted) or (restarts and not outcome.restarted):
            miss(f"processes restarted: {outcome.restarted or 'none'}")

    def _judge_time(self, what, seconds, limit):
        if limit is not None and (seconds is None or seconds > limit):
            shown = "never came" if seconds is None else f"came after {seconds:.1f}s"
            self._outcome.misses.append(f"{what} {shown}, expected within {limit}s")

    # ---- sources -----------------------------------------------------------------------------

    def _incidents(self):
        return (self._stack.get_json("webhook", "/api/v1/incidents") or {}).get("incidents", [])

    def _pids(self):
        return {name: description.split(",")[0]
                for name, (state, description) in self._stack.processes().items() if state == "RUNNING"}

    def _lost_requests(self):
        """Requests that did not succeed so far, from the client's own counters."""
        total = 0.0
        try:
            with urllib.request.urlopen(self._stack.url("load", "/metrics"), timeout=3) as response:
                for line in response.read().decode().splitlines():
                    if line.startswith("load_requests_total{") and 'outcome="success"' not in line:
                        total += float(line.rpartition(" ")[2])
        except OSError:
            pass
        return int(total)


def unix_seconds(rfc3339):
    moment = datetime.fromisoformat(rfc3339.replace("Z", "+00:00"))
    return calendar.timegm(moment.utctimetuple()) + moment.microsecond / 1e6


def warm_up(stack, services, progress):
    """Waits until every service is scored and no alert is up. Raises where it takes too long."""
    began = time.monotonic()
    while True:
        elapsed = time.monotonic() - began
        failed = stack.failed_processes()
        if failed:
            raise RuntimeError(f"did not start: {', '.join(failed)}; logs are in {stack.run_dir}/logs")
        ready = [l["service"] for l, v in stack.query("max by (service) (anomaly_model_ready)") if v == 1]
        firing = [l["alertname"] for l, _ in stack.query('ALERTS{alertstate="firing",healing="promheal"}')]
        if set(services) <= set(ready) and not firing:
            progress.done(f"models of {', '.join(services)} are ready")
            return
        if elapsed > WARM_UP_LIMIT_SECONDS:
            raise RuntimeError(f"not warm after {elapsed:.0f}s: ready {ready}, alerts {firing}; "
                               f"logs are in {stack.run_dir}/logs")
        note = f"{len(ready)} of {len(services)} models ready" + (f", firing: {', '.join(firing)}" if firing else "")
        progress.show(elapsed / 90, note)
        time.sleep(1)
