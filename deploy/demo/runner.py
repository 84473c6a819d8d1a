"""One scenario against the running stack: inject, watch, judge.

It watches the same sources as a user would: Prometheus (scores, alerts), the webhook's
/api/v1/incidents, the client's metrics, the gateway's own state.
"""
import calendar
import time
import urllib.error
import urllib.request
from datetime import datetime

import gateway_state
from scenario import Outcome, judge
from stack import ACTIVE_SLOTS

POLL_SECONDS = 0.5
WARM_UP_LIMIT_SECONDS = 120
# How long to watch after the end: a relapse within this time is part of the run.
AFTERMATH_SECONDS = 8
SILENT_EVENTS = ("alert",)


class Runner:
    """Runs one scenario on a started stack and reports to a timeline."""

    def __init__(self, stack, scenario, timeline):
        self._stack = stack
        self._scenario = scenario
        self._timeline = timeline
        self._outcome = Outcome()
        self._known = set()                              # incidents that were there before the fault
        self._seen_events = set()
        self._scored = set()
        self._last_data = {}                             # incident -> data of its last verification
        self._zero = 0.0

    def run(self):
        self._known = {incident["id"] for incident in self._incidents()}
        before, slots_before, lost_before = self._pids(), self._slots(), self._lost_requests()
        self._zero = time.time()
        self._timeline.start(self._zero)
        self._inject()
        self._watch()
        outcome = self._outcome
        outcome.lost = self._lost_requests() - lost_before
        after, slots_after = self._pids(), self._slots()
        outcome.restarted = sorted(name for name, pid in after.items() if before.get(name) != pid)
        outcome.stopped = sorted(before.keys() - after.keys())
        outcome.overrides_left = gateway_state.overrides(self._stack.gateway_socket()) + [
            f"{slot} is {state}" for slot, state in slots_after.items() if slots_before.get(slot) != state]
        outcome.frozen = [target_name(labels) for labels, value in self._stack.query("healing_target_frozen")
                          if value > 0]
        judge(self._scenario, outcome, ACTIVE_SLOTS)
        return outcome

    # ---- steps -------------------------------------------------------------------------------

    def _inject(self):
        fault = self._scenario.fault
        if not fault:
            self._timeline.event("users", "traffic goes on; nothing is broken")
        elif "load" in fault:
            self._post("users", self._stack.url("load", f"/pattern?{fault['load']}"))
        else:
            slots = fault.get("slots") or ([fault["slot"]] if "slot" in fault else [])
            if fault.get("survives_restart"):
                for slot in slots or self._stack.slots_of(fault["service"]):
                    self._stack.fault_file(slot).write_text(fault["query"] + "\n")
            for url in [self._stack.url(slot, f"/fault?{fault['query']}") for slot in slots] or [
                    self._stack.url("gateway", f"/{fault['service']}/fault?{fault['query']}")]:
                self._post("fault", url)

    def _post(self, kind, url):
        try:
            # A hung process does not answer: do not wait for it.
            with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=0.5) as response:
                answer = f"{response.status}"
        except urllib.error.HTTPError as error:
            answer = f"{error.code}"
        except OSError as error:
            answer = str(error)
        self._timeline.event(kind, f"POST {url} -> {answer}")

    def _watch(self):
        limit = self._scenario.watch_seconds or self._scenario.expect.get("end_within_seconds", 120)
        ended_at = None
        while (elapsed := time.time() - self._zero) < limit:
            self._watch_scores()
            self._watch_alerts()
            ended = self._watch_incidents() and not self._scenario.watch_seconds
            ended_at = (ended_at or elapsed) if ended else None
            if ended_at is not None:
                self._outcome.ended_after = ended_at
                if elapsed - ended_at >= AFTERMATH_SECONDS:
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
            key = (labels["alertname"], target_name(labels))
            if alert["state"] != "firing" or labels.get("healing") != "promheal" or key in self._outcome.alerts:
                continue
            seconds = time.time() - self._zero
            self._outcome.alerts[key] = seconds
            summary = alert["annotations"].get("summary", "")
            self._timeline.event("alert", f"{key[0]} fires for {key[1]}: {summary}")

    def _watch_incidents(self):
        """Reports new events; returns whether every expected incident has ended and none is open."""
        wanted = self._scenario.expect.get("outcome", "")
        still_open = False
        for incident in sorted(self._incidents(), key=lambda incident: incident["opened_at"]):
            if incident["id"] in self._known:
                continue
            target = target_name(incident["target"])
            for event in incident["events"]:
                self._tell(incident, target, event)
            if incident.get("outcome"):
                self._outcome.outcomes[target] = incident["outcome"]
            elif incident["state"] == wanted == "escalated":
                self._outcome.outcomes[target] = "escalated"
            else:
                still_open = True
        ended = all(target in self._outcome.outcomes for target in self._scenario.targets())
        return ended and not still_open

    def _tell(self, incident, target, event):
        key = (incident["id"], event["time"], event["kind"], event["text"])
        if key in self._seen_events:
            return
        self._seen_events.add(key)
        at = unix_seconds(event["time"])
        if event["kind"] == "intent":
            self._outcome.actions.append((event.get("action", "?"), target))
            if self._outcome.first_action is None:
                self._outcome.first_action = at - self._zero
        if self._is_recovery(event):
            self._outcome.recovered.setdefault(target, at - self._zero)
        if event["kind"] not in SILENT_EVENTS and not self._is_repeated_verification(incident, event):
            # The line starts with the target already.
            text = event["text"].replace(labels_text(incident["target"]), "")
            self._timeline.event(event["kind"], f"{target}: {text}", at)

    def _is_recovery(self, event):
        """Whether data show the recovery: while an override is in force, or only after its release."""
        if self._scenario.expect.get("recovery") == "release":
            return event["kind"] == "override" and event.get("change") == "released"
        return event["kind"] == "verdict" and event.get("verdict") == "healed"

    def _is_repeated_verification(self, incident, event):
        """Whether the data are the same as in the last verification."""
        if event["kind"] != "verification":
            return False
        repeated = self._last_data.get(incident["id"]) == event["data"]
        self._last_data[incident["id"]] = event["data"]
        return repeated

    # ---- sources -----------------------------------------------------------------------------

    def _incidents(self):
        return (self._stack.get_json("webhook", "/api/v1/incidents") or {}).get("incidents", [])

    def _slots(self):
        return gateway_state.slots(self._stack.gateway_socket())

    def _pids(self):
        return {name: description.split(",")[0]
                for name, (state, description) in self._stack.processes().items() if state == "RUNNING"}

    def _lost_requests(self):
        """Requests that have not succeeded so far, by the client's own counters."""
        total = 0.0
        try:
            with urllib.request.urlopen(self._stack.url("load", "/metrics"), timeout=3) as response:
                for line in response.read().decode().splitlines():
                    if line.startswith("load_requests_total{") and 'outcome="success"' not in line:
                        total += float(line.rpartition(" ")[2])
        except OSError:
            pass
        return int(total)


def target_name(labels):
    """"orders", or "payments/payments-1" for a single slot."""
    service, instance = labels.get("service", ""), labels.get("instance", "")
    return f"{service}/{instance}" if instance.startswith(f"{service}-") else service


def labels_text(labels):
    return "{" + ", ".join(f'{name}="{value}"' for name, value in sorted(labels.items())) + "}"


def unix_seconds(rfc3339):
    moment = datetime.fromisoformat(rfc3339.replace("Z", "+00:00"))
    return calendar.timegm(moment.utctimetuple()) + moment.microsecond / 1e6


def warm_up(stack, services, progress):
    """Waits until every service is scored and no alert fires. Raises if it takes too long."""
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
